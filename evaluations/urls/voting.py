"""What a voter does while signed in: see what he may vote on, fetch tickets. Mounted at /voting/."""

from django.urls import URLPattern

app_name = "voting"
urlpatterns: list[URLPattern] = []
