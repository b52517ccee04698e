"""The addresses of campaigns."""

from django.urls import path

from campaign import views

app_name = "campaign"
urlpatterns = [
    path("", views.campaign_list, name="list"),
    path("new/", views.create, name="create"),
    path("<int:campaign_pk>/", views.detail, name="detail"),
    path("<int:campaign_pk>/edit/", views.edit, name="edit"),
    path("<int:campaign_pk>/copy/", views.copy, name="copy"),
    path("<int:campaign_pk>/start/", views.start, name="start"),
    path("<int:campaign_pk>/finish/", views.finish, name="finish"),
    path("<int:campaign_pk>/history/", views.history, name="history"),
    path("<int:campaign_pk>/reminders/", views.reminders, name="reminders"),
    path("<int:campaign_pk>/phases/", views.phases, name="phases"),
    path("<int:campaign_pk>/phases/<int:pk>/milestones/", views.milestones, name="milestones"),
    path("<int:campaign_pk>/milestones/<int:pk>/tick/", views.tick, name="tick"),
    path("<int:campaign_pk>/categories/", views.categories, name="categories"),
    path("<int:campaign_pk>/appointments/", views.appointments, name="appointments"),
    path(
        "<int:campaign_pk>/appointments/<int:pk>/end/",
        views.end_appointment,
        name="end_appointment",
    ),
]
