"""What people type to make and change a campaign."""

from campaign.forms.appointments import AppointForm, EndAppointmentForm, PersonField
from campaign.forms.campaigns import CampaignForm, CopyForm, DraftForm, FinishForm
from campaign.forms.reminders import RemindersForm
from campaign.forms.rows import CategoryRows, MilestoneRows, PhaseRows

__all__ = [
    "AppointForm",
    "CampaignForm",
    "CategoryRows",
    "CopyForm",
    "DraftForm",
    "EndAppointmentForm",
    "FinishForm",
    "MilestoneRows",
    "PersonField",
    "PhaseRows",
    "RemindersForm",
]
