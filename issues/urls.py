from django.urls import include, path

from issues import views
from organisation.views.imports import import_patterns

app_name = "issues"
urlpatterns = [
    path("", views.issue_list, name="list"),
    path("new/", views.register, name="register"),
    path("batch/", views.batch, name="batch"),
    path("export/", views.export, name="export"),
    path("review/", views.review_next, name="review_next"),
    path("import/", include(import_patterns("issues"))),
    path("<int:number>/", views.detail, name="detail"),
    path("<int:number>/registered/", views.registered, name="registered"),
    path("<int:number>/resubmit/", views.resubmit, name="resubmit"),
    path("<int:number>/review/", views.review, name="review"),
    path("<int:number>/review/<slug:step>/", views.take_step, name="take_step"),
]
