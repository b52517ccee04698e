"""Pages about rounds, from the plan to the publication."""

from evaluations.views.rounds.anonymity import anonymity, simulator
from evaluations.views.rounds.commission import begin_key, commission, key
from evaluations.views.rounds.counting import (
    bundle,
    count,
    count_record,
    publish,
    results_file,
    unlock,
)
from evaluations.views.rounds.freezing import cancel, freeze, notice
from evaluations.views.rounds.groups import add_group, group, groups, remove_group, take_preset
from evaluations.views.rounds.planning import edit, grading, plan, subjects
from evaluations.views.rounds.reading import detail, round_list
from evaluations.views.rounds.slips import add_voter, give_slip, roll, slips

__all__ = [
    "add_group",
    "add_voter",
    "anonymity",
    "begin_key",
    "bundle",
    "cancel",
    "commission",
    "count",
    "count_record",
    "detail",
    "edit",
    "freeze",
    "give_slip",
    "grading",
    "group",
    "groups",
    "key",
    "notice",
    "plan",
    "publish",
    "remove_group",
    "results_file",
    "roll",
    "round_list",
    "simulator",
    "slips",
    "subjects",
    "take_preset",
    "unlock",
]
