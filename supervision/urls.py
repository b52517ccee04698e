"""Mounted under one campaign: /campaigns/<campaign>/exposure/."""

from django.urls import URLPattern, path

from supervision import views

app_name = "supervision"
urlpatterns: list[URLPattern] = [
    path("", views.meeting_list, name="list"),
    path("plan/", views.plan, name="plan"),
    path("waiting/<slug:duty>/", views.waiting, name="waiting"),
    path("letterhead/", views.letterhead, name="letterhead"),
    path("handlings/", views.handlings, name="handlings"),
    path("handlings/add/", views.add_handling, name="add_handling"),
    path("handlings/<int:pk>/<slug:step>/", views.handling_step, name="handling_step"),
    path("<int:number>/", views.meeting, name="meeting"),
    path("<int:number>/edit/", views.edit, name="edit"),
    path("<int:number>/steps/<slug:step>/", views.take_step, name="take_step"),
    path("<int:number>/candidates/", views.candidates, name="candidates"),
    path("<int:number>/candidates/propose/", views.propose, name="propose"),
    path("<int:number>/candidates/by-number/", views.take_in_item, name="take_in_item"),
    path("<int:number>/cases/<int:pk>/", views.case, name="case"),
    path("<int:number>/cases/<int:pk>/leave-out/", views.leave_out, name="leave_out"),
    path("<int:number>/good/", views.add_good_example, name="add_good_example"),
    path(
        "<int:number>/good/<int:pk>/remove/", views.remove_good_example, name="remove_good_example"
    ),
    path("<int:number>/report/", views.report, name="report"),
    path("<int:number>/report/texts/", views.texts, name="texts"),
    path("<int:number>/approve/", views.approve, name="approve"),
    path("<int:number>/return/", views.return_report, name="return_report"),
    path("<int:number>/draft/", views.draft, name="draft"),
    path("<int:number>/papers/<slug:kind>/", views.paper, name="paper"),
    path("<int:number>/distribution/", views.distribution, name="distribution"),
    path("<int:number>/acknowledge/<int:pk>/", views.acknowledge, name="acknowledge"),
    path("<int:number>/statistics/", views.statistics, name="statistics"),
    path("<int:number>/cases/<int:pk>/criticism/", views.criticism, name="criticism"),
    path(
        "<int:number>/cases/<int:pk>/criticism/accept/",
        views.accept_criticism,
        name="accept_criticism",
    ),
    path(
        "<int:number>/cases/<int:pk>/criticism/return/",
        views.return_criticism,
        name="return_criticism",
    ),
    path(
        "<int:number>/cases/<int:pk>/criticism/pledges/<int:pledge_pk>/",
        views.link_pledge,
        name="link_pledge",
    ),
]
