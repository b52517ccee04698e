"""Every address of the product with what stands in it: the table of roles is asked of each."""

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from rectification.forms import STEPS
from rectification.states import State


def patterns(resolver=None, space=()):
    """(name, arguments, methods) of every address that has a name, in the order of the files."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*space, pattern.namespace) if pattern.namespace else space
            for name, taken in patterns(pattern, inner):
                yield name, frozenset(pattern.pattern.converters) | taken
        elif isinstance(pattern, URLPattern):
            name = pattern.name or str(pattern.pattern)
            yield ":".join((*space, name)), frozenset(pattern.pattern.converters)


def address(name, arguments):
    return f"/{name}" if name in {"healthz", "readyz"} else reverse(name, kwargs=arguments)


def cases(world):
    """name → {which: arguments}. An address that is not here has one campaign and nothing else."""
    hospital = world.hospital
    running = {"campaign_pk": hospital.campaign.pk}
    issues = {which: running | {"number": one.number} for which, one in world.issues.items()}
    items = {which: running | {"number": one.number} for which, one in world.items.items()}
    of = Chosen(issues, items)
    known = {
        "campaign:list": {"": {}},
        "campaign:create": {"": {}},
        "campaign:detail": {
            "": running,
            "draft": {"campaign_pk": world.draft.pk},
            "finished": {"campaign_pk": world.finished.pk},
        },
        "campaign:edit": {
            "": running,
            "draft": {"campaign_pk": world.draft.pk},
        },
        "campaign:milestones": {"": running | {"pk": world.phase.pk}},
        "campaign:tick": {"": running | {"pk": world.milestone.pk}},
        "campaign:end_appointment": {"": running | {"pk": world.appointment.pk}},
        "issues:detail": issues,
        "issues:registered": of.issues("reported", "handed_over"),
        "issues:resubmit": of.issues("reported", "returned"),
        "issues:review": of.issues("reported", "handed_over", "confirmed"),
        "organisation:unit": {
            "": {"pk": hospital.outpatient.pk},
            "of another hospital": {"pk": world.foreign.host_id},
        },
        "organisation:person": {
            "": {"pk": hospital.staff.pk},
            "of another hospital": {"pk": hospital.stranger.pk},
        },
        "organisation:end_post": {"": {"pk": hospital.staff.pk, "post_pk": world.post.pk}},
    }
    for name in ("change_unit", "move_unit", "close_unit"):
        known[f"organisation:{name}"] = {"": {"pk": hospital.outpatient.pk}}
    for name in ("change_person", "add_post", "let_in", "reset_password", "end_sessions"):
        known[f"organisation:{name}"] = {"": {"pk": hospital.staff.pk}}
    for name in ("calendar", "correct_day"):
        known[f"organisation:{name}"] = {"": {"year": 2026}}
    known["messaging:calendar_feed"] = {"": {"secret": world.calendar_secret}}
    for name in ("job", "job_file", "job_again"):
        known[f"messaging:{name}"] = {"": {"key": world.job.key}}
    for purpose, workbook in world.workbooks.items():
        space, where = ("issues", running) if purpose == "issues" else ("organisation", {})
        for step in ("preview", "mend", "leave_out", "commit", "discard", "annotated", "original"):
            known[f"{space}:{purpose}_import_{step}"] = {"": where | {"key": workbook.key}}
    known["issues:take_step"] = {
        f"{step}": issues["reported"] | {"step": step}
        for step in ("confirm", "merge", "send_back", "hand_over", "reject")
    }
    known |= ledger(world, running, of) | exposure(world, running) | programs(world, of)
    return (
        known
        | surveys(world, running)
        | results(world, running)
        | voting(world)
        | rounds(world, running)
    )


def ledger(world, running, of):
    """Each step is asked of an item in the state that it leaves."""
    known = {
        "rectification:detail": of.items(),
        "rectification:plan": of.items("drafting"),
        "rectification:object_to_notice": of.items("on_notice", "rectifying"),
        "rectification:take_step": {
            name: of.item(min(step.sources, key=list(State).index)) | {"step": name}
            for name, step in STEPS.items()
        },
        "rectification:measure_done": {"": of.item("rectifying") | {"pk": world.measure.pk}},
        "rectification:decide_objection": {"": of.item("on_notice") | {"pk": world.objection.pk}},
    }
    for name in ("progress", "add_evidence"):
        known[f"rectification:{name}"] = of.items("rectifying", "of_surgery", "of_everybody")
    for name in ("evidence", "evidence_file", "evidence_thumb", "withdraw_evidence"):
        known[f"rectification:{name}"] = {
            which: of.item(which) | {"key": getattr(world, f"evidence_{which}").key}
            for which in ("rectifying", "checked", "of_surgery")
        }
    return known


def programs(world, of):
    """The doors for other systems: each verb is asked of what its page would be asked of."""
    running = {"campaign": world.hospital.campaign.pk}
    known = {
        "api:campaign-list": {"": {}},
        "api:campaign-detail": {"": running, "draft": {"campaign": world.draft.pk}},
        "api:unit-list": {"": {}},
        "api:nowhere": {"": {"path": "ledgers"}},
        "api:unit-detail": {
            "": {"pk": world.hospital.outpatient.pk},
            "of another hospital": {"pk": world.foreign.host_id},
        },
        "api:issue-detail": numbered(
            running, of.issues("reported", "for_surgery", "handed_over", "confirmed")
        ),
        "api:issue-resubmit": numbered(running, of.issues("returned")),
        "api:ledger-item-detail": numbered(
            running, of.items("drafting", "of_surgery", "of_everybody")
        ),
        "organisation:revoke_token": {"": {"pk": world.token.pk}},
    }
    for name in ("issue-list", "issue-report", "ledger-item-list"):
        known[f"api:{name}"] = {"": running}
    for name in ("confirm", "merge", "send-back", "hand-over", "reject"):
        known[f"api:issue-{name}"] = numbered(running, of.issues("reported"))
    for name in ("report-progress", "complete-measure"):
        known[f"api:ledger-item-{name}"] = numbered(running, of.items("rectifying"))
    for name, step in STEPS.items():
        asked = of.items(min(step.sources, key=list(State).index))
        known[f"api:ledger-item-{name.replace('_', '-')}"] = numbered(running, asked)
    webhook = {"pk": world.webhook.pk}
    for name in ("webhook", "ping", "switch_webhook", "renew_secret"):
        known[f"messaging:{name}"] = {"": webhook}
    known["messaging:tell_again"] = {"": webhook | {"delivery_pk": world.telling.pk}}
    return known | of_reports(world, running) | of_evaluations(world, running)


def of_reports(world, running):
    meetings = {
        which: running | {"number": getattr(world, which).number}
        for which in ("issued", "preparing", "awaiting")
    }
    asked_of = {
        "issued": ("hold-meeting", "distribute", "acknowledge"),
        "preparing": ("submit-report", "cancel-meeting"),
        "awaiting": ("withdraw-report", "approve-report", "return-report"),
    }
    verbs = {
        f"api:exposure-report-{verb}": {"": meetings[which]}
        for which, names in asked_of.items()
        for verb in names
    }
    lists = {"api:exposure-report-list": {"": running}, "api:exposure-report-detail": meetings}
    return verbs | lists


def of_evaluations(world, running):
    return {
        "api:evaluation-round-list": {"": running},
        "api:evaluation-round-detail": {"": running | {"number": world.result_open.round.number}},
        "api:satisfaction-survey-list": {"": running},
        "api:satisfaction-survey-detail": {
            which: running | {"pk": getattr(world, f"survey_{which}").pk}
            for which in ("open", "published")
        },
    }


def numbered(running, chosen):
    """With one of each there is nothing to tell apart, so it has no name."""
    given = {which: running | {"number": one["number"]} for which, one in chosen.items()}
    return given if len(given) > 1 else {"": next(iter(given.values()))}


def exposure(world, running):
    """The three meetings of the world: issued, in preparation, before the secretary."""
    meetings = {
        which: running | {"number": getattr(world, which).number}
        for which in ("issued", "preparing", "awaiting")
    }
    issued, preparing, awaiting = meetings.values()
    criticism = {"": issued | {"pk": world.case.pk}}
    steps = {
        "submit_report": preparing,
        "withdraw_report": awaiting,
        "hold_meeting": issued,
        "cancel_meeting": preparing,
    }
    known = {
        "supervision:waiting": {"": running | {"duty": "decide_candidates"}},
        "supervision:handling_step": {
            "conclude": running | {"pk": world.handling.pk, "step": "conclude"},
            "name": running | {"pk": world.final_handling.pk, "step": "name"},
            "mask": running | {"pk": world.final_handling.pk, "step": "mask"},
        },
        "supervision:meeting": meetings,
        "supervision:report": meetings,
        "supervision:take_step": {
            step: meeting | {"step": step} for step, meeting in steps.items()
        },
        "supervision:case": {
            "": preparing | {"pk": world.case_in_preparation.pk},
            "issued": issued | {"pk": world.case.pk},
        },
        "supervision:leave_out": {"": preparing | {"pk": world.case_in_preparation.pk}},
        "supervision:remove_good_example": {"": preparing | {"pk": world.good.pk}},
        "supervision:paper": {"": issued | {"kind": "report"}},
        "supervision:acknowledge": {"": issued | {"pk": world.sent.pk}},
        "supervision:criticism": criticism,
        "supervision:accept_criticism": criticism,
        "supervision:return_criticism": criticism,
        "supervision:link_pledge": {
            "": issued | {"pk": world.case.pk, "pledge_pk": world.pledge.pk}
        },
    }
    for name in ("edit", "candidates", "propose", "take_in_item", "add_good_example", "texts"):
        known[f"supervision:{name}"] = {"": preparing}
    for name in ("approve", "return_report"):
        known[f"supervision:{name}"] = {"": awaiting}
    known["supervision:draft"] = {"": preparing}
    for name in ("distribution", "statistics"):
        known[f"supervision:{name}"] = {"": issued}
    return known


def surveys(world, running):
    """Each page is asked of a survey for which it is there."""
    found = {
        which: running | {"pk": getattr(world, f"survey_{which}").pk}
        for which in ("planned", "open", "coded", "over", "closed", "published")
    }
    box = world.survey_open.targets.order_by("pk").first().box_id
    steps = {
        "open_survey": "planned",
        "close_survey": "over",
        "publish_survey": "closed",
        "cancel_survey": "open",
    }
    return {
        "ballots:survey": {"": {"box_id": box}},
        "satisfaction:survey": {
            which: found[which] for which in ("planned", "open", "closed", "published")
        },
        "satisfaction:edit": {"": found["planned"]},
        "satisfaction:windows": {"": found["planned"]},
        "satisfaction:issued": {"": found["open"]},
        "satisfaction:posters": {"": found["open"]},
        "satisfaction:codes": {"": found["coded"]},
        "satisfaction:result_pdf": {which: found[which] for which in ("open", "published")},
        "satisfaction:result_xlsx": {which: found[which] for which in ("open", "published")},
        "satisfaction:take_step": {
            step: found[which] | {"step": step} for step, which in steps.items()
        },
    }


def results(world, running):
    """Each page is asked of a round in which its step is open."""
    places = {
        which: running
        | {"number": (one := getattr(world, f"result_{which}")).round.number, "pk": one.pk}
        for which in ("done", "decided", "confirmed", "open")
    }
    asked = {
        "head": "open",
        "confirm": "open",
        "judge": "open",
        "decide": "confirmed",
        "carry_out": "decided",
        "draft": "decided",
        "withdraw": "decided",
        "follow_up": "done",
        "paper": "done",
        "sheet": "done",
        "own": "open",
        "statement": "open",
        "appeal": "confirmed",
        "answer": "done",
    }
    known = {f"results:{page}": {"": places[which]} for page, which in asked.items()}
    numbered_open = running | {"number": world.result_open.round.number}
    numbered_done = running | {"number": world.result_done.round.number}
    for page in ("round", "circular", "export", "comments"):
        known[f"results:{page}"] = {"": numbered_open}
    known["results:release"] = {"": numbered_done}
    known["results:review"] = {"": numbered_open | {"pk": world.comments[0].pk}}
    known["results:waiting"] = {"": running | {"duty": "confirm_grade"}}
    return known


def voting(world):
    """The round in which twelve people vote now; 书记 and 系统管理员 among others do not."""
    election = {"": {"election_id": world.vote.election_id}}
    pages = ("booth", "election", "board", "board_page")
    return {f"ballots:{page}": election for page in pages} | {"voting:fetch": election}


def rounds(world, running):
    """A round before its freeze, one that is voted on, one that was counted, one that was published."""
    places = {
        "planned": running | {"number": world.planned_round.number},
        "open": running | {"number": world.vote.number},
        "counted": running | {"number": world.counted_round.number},
        "published": running | {"number": world.result_open.round.number},
    }
    asked = {
        "planned": (
            *("edit", "subjects", "grading", "groups", "add_group", "take_preset", "commission"),
            *("key", "begin_key", "anonymity", "simulator", "freeze", "cancel"),
        ),
        "open": ("notice", "slips", "give_slip", "roll", "add_voter", "unlock", "count"),
        "counted": ("count_record", "bundle", "publish"),
        "published": ("results_file",),
    }
    known = {
        f"evaluations:{page}": {"": places[which]}
        for which, pages in asked.items()
        for page in pages
    }
    group = {"": places["planned"] | {"pk": world.group.pk}}
    return known | {
        "evaluations:round": {which: places[which] for which in ("planned", "open", "counted")},
        "evaluations:group": group,
        "evaluations:remove_group": group,
    }


class Chosen:
    def __init__(self, issues, items):
        self._issues, self._items = issues, items

    def issues(self, *which):
        return {name: self._issues[name] for name in which}

    def items(self, *which):
        return {name: self._items[name] for name in which} if which else dict(self._items)

    def item(self, which):
        return self._items[which]


def every_case(world, space=None):
    known = cases(world)
    for name, taken in patterns():
        if space is not None and name.rpartition(":")[0] != space:
            continue
        if name in known:
            for which, arguments in known[name].items():
                yield name, which, arguments
        elif taken <= {"campaign_pk"}:
            running = {"campaign_pk": world.hospital.campaign.pk}
            yield name, "", {key: running[key] for key in taken}
        else:
            raise AssertionError(
                f"{name} takes {sorted(taken)}: say in addresses.py what stands there"
            )
