"""Figures and lists about a campaign, for its pages."""

from campaign.queries.people import LineUp, Seat, former_appointments, line_up
from campaign.queries.plan import category_tree, history, plan, scope_in_words
from campaign.queries.ribbon import Ribbon, Segment, ribbon
from campaign.queries.scopes import everybodys_scopes

__all__ = [
    "LineUp",
    "Ribbon",
    "Seat",
    "Segment",
    "category_tree",
    "everybodys_scopes",
    "former_appointments",
    "history",
    "line_up",
    "plan",
    "ribbon",
    "scope_in_words",
]
