"""Home, and the one search box."""

from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("campaigns/<int:campaign_pk>/home/", views.campaign_home, name="campaign_home"),
    path("search/", views.search, name="search"),
]
