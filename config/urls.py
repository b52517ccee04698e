"""Every address of the product."""

from django.urls import include, path
from django.views.i18n import set_language

from config.health import healthz, readyz
from core.access import open_to_anyone

choose_language = open_to_anyone("the sign-in page offers both languages")(set_language)

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("language", choose_language, name="set_language"),
    path("", include("desk.urls")),
    path("", include("organisation.urls")),
    path("files/", include("messaging.urls")),
    path("campaigns/", include("campaign.urls")),
    path("campaigns/<int:campaign_pk>/issues/", include("issues.urls")),
    path("campaigns/<int:campaign_pk>/ledger/", include("rectification.urls")),
]
