"""Pages of the ledger: the list, one item with its steps, evidence, public notice, what leaves it."""

from rectification.views.item import detail, plan, take_step
from rectification.views.ledger import export, ledger_list
from rectification.views.notices import decide_objection, notices, object_to_notice
from rectification.views.plans import plans
from rectification.views.work import (
    add_evidence,
    evidence,
    evidence_file,
    evidence_thumb,
    measure_done,
    progress,
    withdraw_evidence,
)

__all__ = [
    "add_evidence",
    "decide_objection",
    "detail",
    "evidence",
    "evidence_file",
    "evidence_thumb",
    "export",
    "ledger_list",
    "measure_done",
    "notices",
    "object_to_notice",
    "plan",
    "plans",
    "progress",
    "take_step",
    "withdraw_evidence",
]
