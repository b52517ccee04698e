"""For everybody at once: how many items wait for his hand, in each campaign.

Who is what is worked out from a handful of small tables and handed to the database as arrays; one
statement joins the ledger with them. The conditions are those of ``waiting``, verb by verb, but for
``rectify``: whoever has time left is not reminded.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import connection

from campaign.models import rules_of_all
from campaign.queries import everybodys_scopes
from issues.models import campaigns_inside
from rectification.models import LedgerItem
from rectification.states import State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from campaign.models import Scope
    from messaging.sources import Counts

STATEMENT = """
WITH
  acts_for AS (SELECT * FROM unnest(%(acts_for)s::bigint[], %(acts_for_of)s::bigint[]) AS t(person, unit)),
  heads AS (SELECT * FROM unnest(%(heads)s::bigint[], %(heads_of)s::bigint[]) AS t(person, unit)),
  concerned AS (SELECT * FROM unnest(%(concerned)s::bigint[], %(concerned_of)s::bigint[]) AS t(person, unit)),
  inside AS (SELECT * FROM unnest(%(inside)s::bigint[], %(inside_of)s::bigint[]) AS t(person, campaign)),
  acting AS (SELECT * FROM unnest(%(acting)s::bigint[], %(acting_of)s::bigint[]) AS t(person, campaign)),
  office AS (SELECT * FROM unnest(%(office)s::bigint[], %(office_of)s::bigint[]) AS t(person, campaign)),
  judges AS (SELECT * FROM unnest(%(judges)s::bigint[], %(judges_of)s::bigint[]) AS t(person, campaign)),
  item AS NOT MATERIALIZED (
    SELECT * FROM rectification_ledgeritem WHERE campaign_id = ANY(%(campaigns)s)
  ),
  named AS NOT MATERIALIZED (
    SELECT ledgeritem_id AS item_id, unit_id AS unit FROM rectification_ledgeritem_responsible_departments
  ),
  -- APPLY: near its deadline, past it, or returned
  work AS MATERIALIZED (
    SELECT i.id, i.campaign_id, i.lead_department_id, i.assignee_id, i.for_all_departments
    FROM item i JOIN campaign_campaign c ON c.id = i.campaign_id
    WHERE i.state = 'rectifying' AND (
      i.due_on <= %(day)s::date + c.warn_days
      OR (i.id, i.attempts_count) IN (
        SELECT item_id, number FROM rectification_attempt WHERE outcome = 'returned'
      )
    )
  ),
  worker AS (
    SELECT w.assignee_id AS person, w.id, w.campaign_id, w.for_all_departments
    FROM work w JOIN inside s ON s.person = w.assignee_id AND s.campaign = w.campaign_id
    UNION
    SELECT a.person, w.id, w.campaign_id, w.for_all_departments
    FROM work w JOIN acts_for a ON a.unit = w.lead_department_id
    UNION
    SELECT a.person, w.id, w.campaign_id, w.for_all_departments
    FROM work w JOIN named n ON n.item_id = w.id JOIN acts_for a ON a.unit = n.unit
  ),
  -- VERIFY, APPROVE, the notice and the review: not by those concerned, nor by those who did it
  judged AS MATERIALIZED (
    SELECT j.person, i.id, i.campaign_id, i.lead_department_id, i.assignee_id
    FROM item i
    JOIN judges j ON j.campaign = i.campaign_id
    LEFT JOIN rectification_attempt a ON a.item_id = i.id AND a.outcome = 'pending'
    WHERE i.state = 'checked'
      AND a.applied_by_id IS DISTINCT FROM j.person AND a.checked_by_id IS DISTINCT FROM j.person
      OR i.state = 'on_notice'
      AND a.applied_by_id IS DISTINCT FROM j.person
      AND (
        a.notice_until < %(day)s
        OR a.id IN (SELECT attempt_id FROM rectification_noticeobjection WHERE decision = 'open')
      )
      OR i.state = 'continuing' AND i.review_on <= %(day)s
    UNION ALL
    SELECT i.responsible_leader_id, i.id, i.campaign_id, i.lead_department_id, i.assignee_id
    FROM item i
    JOIN inside s ON s.person = i.responsible_leader_id AND s.campaign = i.campaign_id
    LEFT JOIN rectification_attempt a ON a.item_id = i.id AND a.outcome = 'pending'
    WHERE i.state = 'verified'
      AND a.applied_by_id IS DISTINCT FROM s.person
      AND a.checked_by_id IS DISTINCT FROM s.person
      AND a.verified_by_id IS DISTINCT FROM s.person
  )
SELECT person, campaign, sum(n)::bigint FROM (
  SELECT w.person, w.campaign_id AS campaign, count(*) AS n FROM worker w
  WHERE NOT w.for_all_departments OR NOT EXISTS (
    SELECT FROM acting a WHERE a.person = w.person AND a.campaign = w.campaign_id
  )
  GROUP BY 1, 2
  UNION ALL
  SELECT a.person, a.campaign, every.n FROM acting a JOIN (
    SELECT campaign_id, count(*) AS n FROM work WHERE for_all_departments GROUP BY 1
  ) every ON every.campaign_id = a.campaign
  UNION ALL
  SELECT j.person, j.campaign_id, count(*) FROM judged j
  WHERE j.assignee_id IS DISTINCT FROM j.person
    AND NOT EXISTS (
      SELECT FROM concerned c WHERE c.person = j.person AND c.unit = j.lead_department_id
    )
    AND NOT EXISTS (
      SELECT FROM named n JOIN concerned c ON c.unit = n.unit
      WHERE n.item_id = j.id AND c.person = j.person
    )
    AND NOT EXISTS (
      SELECT FROM rectification_progressupdate p WHERE p.item_id = j.id AND p.by_id = j.person
    )
    AND NOT EXISTS (
      SELECT FROM rectification_measure m WHERE m.item_id = j.id AND m.done_by_id = j.person
    )
    AND NOT EXISTS (
      SELECT FROM rectification_evidence e WHERE e.item_id = j.id AND e.uploaded_by_id = j.person
    )
  GROUP BY 1, 2
  UNION ALL
  SELECT s.person, s.campaign, plans.n FROM inside s JOIN (
    SELECT campaign_id, responsible_leader_id, count(*) AS n FROM item
    WHERE state = 'awaiting_plan_approval' GROUP BY 1, 2
  ) plans ON plans.responsible_leader_id = s.person AND plans.campaign_id = s.campaign
  UNION ALL
  SELECT h.person, checks.campaign_id, checks.n FROM heads h JOIN (
    SELECT i.campaign_id, i.lead_department_id, a.applied_by_id, count(*) AS n
    FROM item i LEFT JOIN rectification_attempt a ON a.item_id = i.id AND a.outcome = 'pending'
    WHERE i.state = 'applied' GROUP BY 1, 2, 3
  ) checks ON checks.lead_department_id = h.unit AND checks.applied_by_id IS DISTINCT FROM h.person
  UNION ALL
  SELECT a.person, claims.campaign_id, claims.n FROM acts_for a JOIN (
    SELECT campaign_id, lead_department_id, count(*) AS n FROM item
    WHERE state = 'awaiting_claim' GROUP BY 1, 2
  ) claims ON claims.lead_department_id = a.unit
  UNION ALL
  SELECT o.person, o.campaign, desk.n FROM office o JOIN (
    SELECT campaign_id, count(*) AS n FROM item
    WHERE state IN ('drafting', 'objected') GROUP BY 1
  ) desk ON desk.campaign_id = o.campaign
) waiting
GROUP BY 1, 2
"""


def people(day: dt.date) -> Counts:
    """Whose turn it is in the campaigns that send digests."""
    campaigns = [pk for pk, rules in rules_of_all().items() if rules.digest]
    if not campaigns:
        return {}
    found: Counts = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(*statement(day, campaigns))
        for person, campaign, count in cursor.fetchall():
            found[person][campaign] = count
    return dict(found)


def statement(day: dt.date, campaigns: list[int]) -> tuple[str, dict[str, Any]]:
    """The one statement with its arrays: what the sweep costs is what this costs."""
    scopes = everybodys_scopes(day)
    leaders = LedgerItem.objects.filter(state=State.VERIFIED, campaign__in=campaigns)
    judging = {person for person, scope in scopes.items() if scope.office or scope.discipline}
    judging.update(pk for (pk,) in leaders.order_by().values_list("responsible_leader").distinct())
    here = frozenset(campaigns)
    relations: dict[str, Callable[[Scope], Iterable[int]]] = {
        "acts_for": lambda scope: scope.acts_for,
        "heads": lambda scope: scope.heads,
        "inside": lambda scope: campaigns_inside(scope) & here,
        "acting": lambda scope: campaigns_inside(scope) & here if scope.acts_for else (),
        "office": lambda scope: scope.office & here,
        "judges": lambda scope: (scope.office | scope.discipline) & here,
    }
    arrays: dict[str, Any] = {"day": day, "campaigns": campaigns}
    for name, relation in relations.items():
        arrays |= _pairs(name, scopes, relation)
    judges = {person: scope for person, scope in scopes.items() if person in judging}
    arrays |= _pairs("concerned", judges, lambda scope: scope.works_in | scope.acts_for)
    return STATEMENT, arrays


def _pairs(
    name: str, scopes: dict[int, Scope], relation: Callable[[Scope], Iterable[int]]
) -> dict[str, list[int]]:
    people: list[int] = []
    of: list[int] = []
    for person, scope in scopes.items():
        theirs = relation(scope)
        of.extend(theirs)
        people.extend([person] * (len(of) - len(people)))
    return {name: people, f"{name}_of": of}
