"""The pages of campaigns."""

from campaign.views.campaigns import (
    campaign_list,
    copy,
    create,
    detail,
    edit,
    finish,
    history,
    start,
)
from campaign.views.parts import (
    appointments,
    categories,
    end_appointment,
    milestones,
    phases,
    tick,
)
from campaign.views.reminders import reminders

__all__ = [
    "appointments",
    "campaign_list",
    "categories",
    "copy",
    "create",
    "detail",
    "edit",
    "end_appointment",
    "finish",
    "history",
    "milestones",
    "phases",
    "reminders",
    "start",
    "tick",
]
