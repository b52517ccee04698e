"""Every address of the product."""

from django.urls import include, path

from config.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("", include("desk.urls")),
    path("", include("organisation.urls")),
    path("files/", include("messaging.urls")),
    path("campaigns/", include("campaign.urls")),
    path("campaigns/<int:campaign_pk>/issues/", include("issues.urls")),
    path("campaigns/<int:campaign_pk>/ledger/", include("rectification.urls")),
]
