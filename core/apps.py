import sys

from django.apps import AppConfig, apps
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("core")

    def ready(self) -> None:
        """Tell the trail what each app's transitions are called, so that pages can say it."""
        from audit import trail  # noqa: PLC0415 -- models are not there before ready
        from core.workflow import Transition  # noqa: PLC0415

        autodiscover_modules("states")
        for app in apps.get_app_configs():
            states = sys.modules.get(f"{app.name}.states")
            for step in vars(states).values() if states else ():
                if isinstance(step, Transition) and not trail.is_labelled(
                    f"{app.label}.{step.name}"
                ):
                    trail.label(f"{app.label}.{step.name}", step.label)
