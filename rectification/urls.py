"""Mounted under one campaign: /campaigns/<campaign>/ledger/."""

from django.urls import URLPattern, path

from rectification import views

app_name = "rectification"
urlpatterns: list[URLPattern] = [
    path("", views.ledger_list, name="list"),
    path("export/", views.export, name="export"),
    path("plans/", views.plans, name="plans"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:number>/object/", views.object_to_notice, name="object_to_notice"),
    path("<int:number>/", views.detail, name="detail"),
    path("<int:number>/plan/", views.plan, name="plan"),
    path("<int:number>/steps/<slug:step>/", views.take_step, name="take_step"),
    path("<int:number>/progress/", views.progress, name="progress"),
    path("<int:number>/measures/<int:pk>/", views.measure_done, name="measure_done"),
    path("<int:number>/evidence/", views.add_evidence, name="add_evidence"),
    path("<int:number>/evidence/<uuid:key>/", views.evidence, name="evidence"),
    path("<int:number>/evidence/<uuid:key>/file/", views.evidence_file, name="evidence_file"),
    path("<int:number>/evidence/<uuid:key>/thumb/", views.evidence_thumb, name="evidence_thumb"),
    path(
        "<int:number>/evidence/<uuid:key>/withdraw/",
        views.withdraw_evidence,
        name="withdraw_evidence",
    ),
    path("<int:number>/objections/<int:pk>/", views.decide_objection, name="decide_objection"),
]
