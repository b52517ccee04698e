"""Every write about evaluations, as verbs of the trade."""

from evaluations.actions.answering import (
    answer_consequence,
    file_appeal,
    judge_appeal,
    state_views,
)
from evaluations.actions.commenting import release_comments, review_comment
from evaluations.actions.count import (
    cancel_round,
    count_round,
    forget_bundles,
    publish_round,
    unlock_boxes,
)
from evaluations.actions.deciding import (
    Execution,
    Talk,
    carry_out,
    confirm_grade,
    decide_consequence,
    follow_up,
    withdraw_consequence,
)
from evaluations.actions.freezing import freeze_round
from evaluations.actions.issuing import (
    TicketTakenError,
    add_voter,
    give_slip,
    issue_tickets,
    print_slips,
)
from evaluations.actions.preparing import (
    add_group,
    begin_seal,
    next_number,
    plan_round,
    remove_group,
    revise_group,
    revise_round,
    seal,
    set_commission,
    set_subjects,
    take_ready_set,
)

__all__ = [
    "Execution",
    "Talk",
    "TicketTakenError",
    "add_group",
    "add_voter",
    "answer_consequence",
    "begin_seal",
    "cancel_round",
    "carry_out",
    "confirm_grade",
    "count_round",
    "decide_consequence",
    "file_appeal",
    "follow_up",
    "forget_bundles",
    "freeze_round",
    "give_slip",
    "issue_tickets",
    "judge_appeal",
    "next_number",
    "plan_round",
    "print_slips",
    "publish_round",
    "release_comments",
    "remove_group",
    "review_comment",
    "revise_group",
    "revise_round",
    "seal",
    "set_commission",
    "set_subjects",
    "state_views",
    "take_ready_set",
    "unlock_boxes",
    "withdraw_consequence",
]
