"""Rounds: their preparation, freeze and count. Mounted at /campaigns/<campaign>/evaluations/."""

from django.urls import URLPattern, path

from evaluations.views import rounds as views

app_name = "evaluations"
urlpatterns: list[URLPattern] = [
    path("", views.round_list, name="list"),
    path("plan/", views.plan, name="plan"),
    path("<int:number>/", views.detail, name="round"),
    path("<int:number>/edit/", views.edit, name="edit"),
    path("<int:number>/subjects/", views.subjects, name="subjects"),
    path("<int:number>/grading/", views.grading, name="grading"),
    path("<int:number>/groups/", views.groups, name="groups"),
    path("<int:number>/groups/add/", views.add_group, name="add_group"),
    path("<int:number>/groups/preset/", views.take_preset, name="take_preset"),
    path("<int:number>/groups/<int:pk>/", views.group, name="group"),
    path("<int:number>/groups/<int:pk>/remove/", views.remove_group, name="remove_group"),
    path("<int:number>/commission/", views.commission, name="commission"),
    path("<int:number>/key/", views.key, name="key"),
    path("<int:number>/key/begin/", views.begin_key, name="begin_key"),
    path("<int:number>/anonymity/", views.anonymity, name="anonymity"),
    path("<int:number>/simulator/", views.simulator, name="simulator"),
    path("<int:number>/freeze/", views.freeze, name="freeze"),
    path("<int:number>/cancel/", views.cancel, name="cancel"),
    path("<int:number>/notice/", views.notice, name="notice"),
    path("<int:number>/slips/", views.slips, name="slips"),
    path("<int:number>/slips/give/", views.give_slip, name="give_slip"),
    path("<int:number>/roll/", views.roll, name="roll"),
    path("<int:number>/roll/add/", views.add_voter, name="add_voter"),
    path("<int:number>/unlock/", views.unlock, name="unlock"),
    path("<int:number>/count/", views.count, name="count"),
    path("<int:number>/count/record/", views.count_record, name="count_record"),
    path("<int:number>/count/bundle/", views.bundle, name="bundle"),
    path("<int:number>/publish/", views.publish, name="publish"),
    path("<int:number>/results.json", views.results_file, name="results_file"),
]
