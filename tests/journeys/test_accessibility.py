"""Every kind of page, for somebody whom it is for: WCAG 2.2 AA by an automatic checker, on desk and phone.

Which pages there are, and who may open them, is read from the addresses and the table of roles:
a new page is looked at by itself.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from tests.guards.addresses import address, every_case
from tests.guards.roles import ANYBODY, expected, table
from tests.journeys.visitor import DESK, HEIGHTS, PHONE
from tests.world import world  # noqa: F401 -- a fixture

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
FIRST_ASKED = (
    "head",
    "office",
    "vp",
    "discipline",
    "supervisor",
    "administrator",
    "staff2",
    "secretary",
)
HOMES = ("secretary", "vp", "office", "discipline", "head", "staff", "supervisor", "administrator")
ALIKE = {"campaign:detail", "issues:detail", "organisation:unit", "organisation:person"}
STATES_LOOKED_AT = {"drafting", "rectifying", "checked", "on_notice", "closed"}
ON_PHONES = {
    "desk:home",
    "issues:list",
    "issues:register",
    "issues:registered",
    "organisation:me",
    "organisation:sign_in",
    "rectification:add_evidence",
    "rectification:detail",
    "rectification:list",
    "rectification:notices",
    "rectification:progress",
    "rectification:take_step",
    "ballots:survey",
    "satisfaction:list",
    "satisfaction:plan",
    "satisfaction:survey",
    "supervision:approve",
    "supervision:criticism",
    "supervision:meeting",
}
FOCUS = """async () => {
  const rings = (part) => {
    const style = getComputedStyle(part);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  const bare = [];
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (!one.checkVisibility({visibilityProperty: true}) || one.disabled) continue;
    one.focus();
    if (document.activeElement !== one) continue;
    const picker = one.closest(".ts-wrapper");
    if (picker) await new Promise((go) => setTimeout(go, 50));
    if (![one, picker].some((part) => part && rings(part))) bare.push(one.outerHTML.slice(0, 120));
  }
  return bare;
}"""
SHAPE = """() => ({
  width: document.documentElement.scrollWidth, of: innerWidth, h1: document.querySelectorAll("h1").length,
  wide: [...document.querySelectorAll("#main *, .top *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1
    && !one.closest(".table-responsive, .ribbon-track, .visually-hidden")).slice(0, 3).map((one) => one.outerHTML.slice(0, 120)),
})"""


def pages(world, space):  # noqa: F811
    """(person's name, page, address): one of each kind, and an item in the states that look different."""
    everybody = {*world.hospital.people(), ANYBODY}
    _, lines = table("GET")
    looked_at = set()
    for name, which, arguments in every_case(world):
        if name.partition(":")[0] != space or (name, which) not in lines:
            continue
        kind = (
            f"{name} {which}" if which in STATES_LOOKED_AT or name.endswith("take_step") else name
        )
        given = expected(lines[name, which], everybody)
        who = next((who for who in (*FIRST_ASKED, ANYBODY) if given[who] == "200"), None)
        if who is not None and kind not in looked_at:
            looked_at.add(kind)
            yield who, name, address(name, arguments)
    if space == "desk":
        for who in HOMES:
            yield who, "desk:home", "/"


def faults(visitor, at):
    found = [
        f"{at}: {fault['id']} {node['target']} {node.get('failureSummary', '')}"
        for fault in Axe().run(visitor.tab, options=RULES).response["violations"]
        for node in fault["nodes"]
    ]
    return found + shape(visitor, at)


def shape(visitor, at):
    seen = visitor.tab.evaluate(SHAPE)
    found = []
    if seen["width"] > seen["of"]:
        found.append(f"{at}: scrolls sideways, {seen['width']} > {seen['of']}: {seen['wide']}")
    if seen["h1"] != 1:
        found.append(f"{at}: {seen['h1']} h1")
    return found


def is_a_page(client, where):
    """Not a file, and not on the way to somewhere else."""
    response = client.get(where)
    for close_file in response._resource_closers if response.streaming else ():
        close_file()
    kind = response.headers.get("Content-Type", "")
    return response.status_code == 200 and kind.startswith("text/html")


def client_of(person):
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


@pytest.mark.parametrize(
    "space",
    [
        "ballots",
        "campaign",
        "desk",
        "evaluations",
        "issues",
        "messaging",
        "organisation",
        "rectification",
        "results",
        "satisfaction",
        "supervision",
        "voting",
    ],
)
def test_every_kind_of_page_is_accessible_at_a_desk_and_fits_a_phone(visit, world, space):  # noqa: F811
    people = world.hospital.people()
    browsers, found = {}, []
    for who, name, where in pages(world, space):
        if who not in browsers:
            browsers[who] = client_of(people.get(who)), visit(people.get(who))
        client, visitor = browsers[who]
        if not is_a_page(client, where):
            continue
        visitor.tab.set_viewport_size({"width": DESK, "height": HEIGHTS[DESK]})
        visitor.goes_to(where)
        visitor.tab.wait_for_load_state("load")
        assert who == ANYBODY or "/sign-in/" not in visitor.tab.url
        found += faults(visitor, f"{name} {where} ({who}, {DESK})")
        visitor.tab.keyboard.press("Tab")
        found += [
            f"{name} {where} ({who}): no focus ring on {one}" for one in visitor.tab.evaluate(FOCUS)
        ]
        visitor.tab.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})
        visitor.tab.evaluate("scrollTo(0, 0)")
        check = faults if name in ON_PHONES else shape
        found += check(visitor, f"{name} {where} ({who}, {PHONE})")

    if found:
        pytest.fail("\n".join(["", *found]), pytrace=False)


def test_pages_that_say_no_are_accessible_too(visit, world):  # noqa: F811
    head, anybody = visit(world.hospital.head), visit()
    campaign = world.hospital.campaign.pk
    head.tab.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})

    assert head.goes_to("/nothing/") == 404
    found = faults(head, "404")
    assert head.goes_to("/campaigns/new/") == 403
    found += faults(head, "403")
    head.goes_to(f"/campaigns/{campaign}/issues/new/?about=work")
    head.taps_button("提交", head.main)
    head.sees("尚未保存，请先改正下列内容：")
    found += faults(head, "a form with faults")
    head.goes_to("/search/?q=窗口")
    found += faults(head, "found")
    head.goes_to(f"/campaigns/{campaign}/ledger/?q=没有这样的")
    found += faults(head, "nothing found")
    anybody.goes_to("/sign-in/")
    anybody.taps_button("登录")
    anybody.sees(re.compile("未能登录"), within=anybody.tab)
    found += faults(anybody, "sign-in with faults")

    if found:
        pytest.fail("\n".join(["", *found]), pytrace=False)
