"""Every address of the product."""

from django.urls import include, path

from config.health import healthz, readyz
from organisation.views.account import choose_language

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("language", choose_language, name="set_language"),
    path("box/", include("ballots.urls")),
    path("", include("desk.urls")),
    path("", include("organisation.urls")),
    path("", include("messaging.urls")),
    path("api/", include("config.api")),
    path("campaigns/", include("campaign.urls")),
    path("campaigns/<int:campaign_pk>/issues/", include("issues.urls")),
    path("campaigns/<int:campaign_pk>/ledger/", include("rectification.urls")),
    path("campaigns/<int:campaign_pk>/exposure/", include("supervision.urls")),
    path("campaigns/<int:campaign_pk>/evaluations/", include("evaluations.urls.rounds")),
    path("campaigns/<int:campaign_pk>/results/", include("evaluations.urls.results")),
    path("campaigns/<int:campaign_pk>/satisfaction/", include("evaluations.urls.surveys")),
    path("voting/", include("evaluations.urls.voting")),
]
