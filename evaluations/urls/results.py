"""Results, comments, the ladder, statements and appeals. Mounted at /campaigns/<campaign>/results/."""

from django.urls import URLPattern

app_name = "results"
urlpatterns: list[URLPattern] = []
