"""The reminders of a campaign: asked for, looked at with all they reach, then confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign import actions
from campaign.forms import RemindersForm
from campaign.models import ReminderRules
from campaign.views.campaigns import campaign_to_change
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request


@require_http_methods(["GET", "POST"])
@needs("campaign.change_campaign")
def reminders(request: Request, campaign_pk: int) -> HttpResponse:
    """Nothing is saved before the button under the preview is pressed."""
    campaign = campaign_to_change(request, campaign_pk)
    form = RemindersForm(request.POST or None, instance=ReminderRules.of(campaign))
    context: dict[str, object] = {"form": form, "campaign": campaign}
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        try:
            if "confirmed" in request.POST:
                actions.change_reminders(campaign, by=request.user, **form.cleaned_data)
                messages.success(
                    request,
                    _("The rules are saved. They hold from the next digest on."),
                )
                return go_to(request, campaign.get_absolute_url())
            context["radius"] = actions.blast_radius(campaign, by=request.user, **form.cleaned_data)
            return render(request, "campaign/reminders_preview.html", context)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
    status = 422 if form.errors else 200
    return render(request, "campaign/reminders_edit.html", context, status=status)
