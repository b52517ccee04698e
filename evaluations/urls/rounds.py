"""Rounds: their preparation, freeze and count. Mounted at /campaigns/<campaign>/evaluations/."""

from django.urls import URLPattern

app_name = "evaluations"
urlpatterns: list[URLPattern] = []
