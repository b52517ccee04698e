"""Satisfaction surveys. Mounted at /campaigns/<campaign>/satisfaction/."""

from django.urls import URLPattern, path

from evaluations.views import survey_papers, surveys

app_name = "satisfaction"
urlpatterns: list[URLPattern] = [
    path("", surveys.survey_list, name="list"),
    path("plan/", surveys.plan, name="plan"),
    path("<int:pk>/", surveys.survey, name="survey"),
    path("<int:pk>/edit/", surveys.edit, name="edit"),
    path("<int:pk>/windows/", surveys.windows, name="windows"),
    path("<int:pk>/issued/", surveys.issued, name="issued"),
    path("<int:pk>/posters/", survey_papers.posters, name="posters"),
    path("<int:pk>/codes/", survey_papers.codes, name="codes"),
    path("<int:pk>/result.pdf", survey_papers.result_pdf, name="result_pdf"),
    path("<int:pk>/result.xlsx", survey_papers.result_xlsx, name="result_xlsx"),
    path("<int:pk>/steps/<slug:step>/", surveys.take_step, name="take_step"),
]
