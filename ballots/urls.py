"""Mounted at /box/, behind a door of its own (ballots.middleware)."""

from django.urls import URLPattern, path

from ballots import views

app_name = "ballots"
urlpatterns: list[URLPattern] = [
    path("cast", views.cast_ballot, name="cast"),
    path("slip/", views.slip, name="slip"),
    path("survey/<uuid:box_id>/", views.survey, name="survey"),
    path("<uuid:election_id>/", views.booth, name="booth"),
    path("<uuid:election_id>/election.json", views.election_json, name="election"),
    path("<uuid:election_id>/board/", views.board_page, name="board_page"),
    path("<uuid:election_id>/board.json", views.board, name="board"),
]
