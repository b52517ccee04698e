"""Results, comments, the ladder, statements and appeals. Mounted at /campaigns/<campaign>/results/."""

from django.urls import URLPattern, path

from evaluations.views import comments, results

app_name = "results"
HEAD = "<int:number>/heads/<int:pk>/"
OWN = "<int:number>/mine/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("", results.round_list, name="list"),
    path("mine/", results.mine, name="mine"),
    path("waiting/<slug:duty>/", results.waiting, name="waiting"),
    path("<int:number>/", results.rounds, name="round"),
    path("<int:number>/circular/", results.circular, name="circular"),
    path("<int:number>/export/", results.workbook, name="export"),
    path("<int:number>/comments/", comments.comments, name="comments"),
    path("<int:number>/comments/release/", comments.release, name="release"),
    path("<int:number>/comments/<uuid:pk>/", comments.review, name="review"),
    path(HEAD, results.head, name="head"),
    path(f"{HEAD}confirm/", results.confirm, name="confirm"),
    path(f"{HEAD}decide/", results.decide, name="decide"),
    path(f"{HEAD}carry-out/", results.carry_out, name="carry_out"),
    path(f"{HEAD}draft/", results.draft, name="draft"),
    path(f"{HEAD}paper/", results.paper, name="paper"),
    path(f"{HEAD}sheet/", results.sheet, name="sheet"),
    path(f"{HEAD}follow-up/", results.follow_up, name="follow_up"),
    path(f"{HEAD}withdraw/", results.withdraw, name="withdraw"),
    path(f"{HEAD}appeal/", results.judge, name="judge"),
    path(OWN, results.own, name="own"),
    path(f"{OWN}statement/", results.statement, name="statement"),
    path(f"{OWN}appeal/", results.appeal, name="appeal"),
    path(f"{OWN}answer/", results.answer, name="answer"),
]
