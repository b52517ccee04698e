from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("files/", views.job_list, name="jobs"),
    path("files/<uuid:key>/", views.job_detail, name="job"),
    path("files/<uuid:key>/download/", views.job_file, name="job_file"),
    path("files/<uuid:key>/again/", views.job_again, name="job_again"),
    path("me/reminders/", views.choice, name="choice"),
    path("me/reminders/test/", views.send_test, name="send_test"),
    path("me/reminders/calendar/", views.make_calendar_link, name="make_calendar_link"),
    path("me/reminders/calendar/end/", views.end_calendar_link, name="end_calendar_link"),
    path("calendar/<str:secret>.ics", views.calendar_feed, name="calendar_feed"),
    path("webhooks/", views.webhook_list, name="webhooks"),
    path("webhooks/new/", views.make_webhook, name="make_webhook"),
    path("webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("webhooks/<int:pk>/ping/", views.ping, name="ping"),
    path("webhooks/<int:pk>/switch/", views.switch, name="switch_webhook"),
    path("webhooks/<int:pk>/secret/", views.renew_secret, name="renew_secret"),
    path("webhooks/<int:pk>/<int:delivery_pk>/again/", views.tell_again, name="tell_again"),
    path("deliveries/", views.delivery_list, name="deliveries"),
    path("deliveries/again/", views.send_again, name="send_again"),
]
