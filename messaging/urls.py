from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("", views.job_list, name="jobs"),
    path("<uuid:key>/", views.job_detail, name="job"),
    path("<uuid:key>/download/", views.job_file, name="job_file"),
    path("<uuid:key>/again/", views.job_again, name="job_again"),
]
