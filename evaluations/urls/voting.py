"""What a voter does while signed in: see what he may vote on, fetch tickets. Mounted at /voting/."""

from django.urls import URLPattern, path

from evaluations.views import voting as views
from evaluations.views.anonymity import anonymity

app_name = "voting"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("anonymity/", anonymity, name="anonymity"),
    path("tickets/", views.tickets, name="tickets"),
    path("<uuid:election_id>/tickets/", views.fetch, name="fetch"),
]
