"""A nurse votes on her phone; what happens when the network, the storage or the address is not as it should be."""

import hashlib
import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ballots.actions import print_slips
from ballots.models import BoardEntry, Comment, Election
from evaluations.actions import give_slip
from evaluations.models import Electorate, RollEntry
from evaluations.queries import manifest
from tests.browser import CHROMIUM, QUIET
from tests.evaluations import factories
from tests.evaluations.factories import GOOD, POOR, a_frozen_round, count
from tests.journeys.test_accessibility import RULES
from tests.journeys.visitor import DESK, PHONE
from tests.people import again

TAPS = 12
SECONDS = 60
SMALL = """() => [...document.querySelectorAll(".button, .choice span, .chip span, summary")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map((one) => one.outerHTML)"""


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch):
    """Between two ballots a device waits up to three seconds."""
    monkeypatch.setattr(manifest, "LONGEST_PAUSE", 50)


@pytest.fixture
def round_(hospital):
    return a_frozen_round(hospital)


def slow(visitor):
    tab = visitor.tab
    tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": 6})


def booth(round_):
    return f"/box/{round_.election_id}/"


def chooses_all(visitor, grade):
    row = visitor.tab.get_by_role("group", name="四项相同")
    visitor.taps_on(row.get_by_role("radio", name=grade, exact=True))


def chooses(visitor, dimension, grade):
    row = visitor.tab.get_by_role("group", name=dimension)
    visitor.taps_on(row.get_by_role("radio", name=grade, exact=True))


def votes(visitor, *grades):
    """Everybody the same four grades, in the booth that is open."""
    visitor.taps_button("开始")
    for grade in grades:
        chooses_all(visitor, grade)
        visitor.tab.locator("[data-do=next]").click()
        visitor.taps += 1
    visitor.taps_button("提交", exact=True)


def is_received(visitor, ballots):
    expect(visitor.tab.get_by_role("heading", name="已收到")).to_be_visible()
    expect(visitor.tab.locator("[data-state=accepted]")).to_have_count(ballots)


def kept(visitor, store):
    """What this device keeps in one of its places, as text."""
    return visitor.tab.evaluate(
        """(store) => new Promise((done) => {
          const opening = indexedDB.open("ballots", 1);
          opening.onsuccess = () => {
            const all = opening.result.transaction(store).objectStore(store).getAll();
            all.onsuccess = () => done(all.result.map((one) => Object.keys(one).sort().join(" ")));
          };
        })""",
        store,
    )


def test_a_nurse_fetches_her_tickets_unasked_and_votes_on_two_heads_within_twelve_taps(
    visit, hospital, round_
):
    nurse = visit(hospital.staff, width=PHONE)
    slow(nurse)
    nurse.goes_to("/")
    nurse.sees("您的评议票已领取")
    began = time.monotonic()

    nurse.goes_to(booth(round_))
    nurse.sees("请您评议 2 人")
    nurse.taps = 0
    nurse.taps_button("开始")
    for dimension, grade in zip(round_.dimensions, ["好", "较好", "一般", "不了解"], strict=True):
        chooses(nurse, dimension, grade)
    nurse.taps_button("下一位")
    chooses_all(nurse, "好")
    nurse.taps_button("检查")
    nurse.sees("履职尽责 好，服务质量 较好，工作作风 一般，廉洁自律 不了解")
    nurse.taps_button("提交", exact=True)
    is_received(nurse, 2)

    assert nurse.taps <= TAPS
    assert time.monotonic() - began < SECONDS
    assert set(kept(nurse, "kept")) == {"comment election key receipt signature"}
    assert kept(nurse, "unsent") == []
    assert set(kept(nurse, "tickets")) == {"election key message signature"}
    assert RollEntry.objects.filter(person=hospital.staff, has_ticket=True).count() == 4


def test_her_receipts_are_found_after_the_count(visit, hospital, round_):
    nurse = visit(hospital.staff, width=PHONE)
    nurse.goes_to(booth(round_))
    votes(nurse, "好", "差")
    is_received(nurse, 2)

    count(round_)

    nurse.goes_to(f"/box/{round_.election_id}/board/")
    nurse.sees("您的 2 张票已计入")
    receipt = BoardEntry.objects.values_list("receipt", flat=True).first()
    nurse.field("查找凭证").fill("-".join(re.findall("....", receipt)).lower())
    nurse.taps_button("查找", exact=True)
    nurse.sees(re.compile("在公示板上"))


def test_a_missing_ballot_becomes_a_complaint_that_proves_itself(visit, hospital, round_):
    nurse = visit(hospital.staff, width=PHONE)
    nurse.goes_to(booth(round_))
    votes(nurse, "好", "差")
    is_received(nurse, 2)
    count(round_)
    election = Election.objects.get(pk=round_.election_id)
    receipt = BoardEntry.objects.values_list("receipt", flat=True).first()
    election.board = election.board.replace(receipt, "0" * 32)
    election.save(update_fields=["board"])

    nurse.goes_to(f"/box/{round_.election_id}/board/")

    nurse.sees(re.compile("有 1 张票不在公示板上"))
    assert receipt in nurse.tab.locator("#complaint").input_value()


def test_the_network_fails_in_the_middle_and_the_ballots_go_off_later(visit, hospital, round_):
    nurse = visit(hospital.staff, width=PHONE)
    nurse.goes_to(booth(round_))
    nurse.sees("请您评议 2 人")
    answered = []

    def once(route):
        answered.append(route.request.url)
        route.continue_() if len(answered) == 1 else route.abort()

    nurse.tab.route("**/box/cast", once)
    votes(nurse, "较好", "一般")
    nurse.sees(re.compile("没有应答"))
    nurse.complaints.clear()  # the browser says that the network failed
    assert kept(nurse, "unsent") == ["credential election key name sealed signature"]

    nurse.tab.unroute("**/box/cast")
    nurse.goes_to(booth(round_))

    is_received(nurse, 1)
    assert len(kept(nurse, "kept")) == 2
    nurse.complaints.clear()
    count(round_)
    assert BoardEntry.objects.count() == 2


def test_a_lost_answer_to_the_request_for_tickets_is_asked_for_again(visit, hospital, round_):
    nurse = visit(hospital.staff, width=PHONE)
    lost = []

    def lose(route):
        lost.append(route.fetch().status)
        route.abort()

    nurse.tab.route(f"**/voting/{round_.election_id}/tickets/", lose)
    nurse.goes_to(booth(round_))
    nurse.sees("服务器没有应答")
    nurse.complaints.clear()
    assert lost == [200]
    assert set(kept(nurse, "tickets")) == {"blinded election key message secret"}

    nurse.tab.unroute(f"**/voting/{round_.election_id}/tickets/")
    nurse.taps_link("再试一次")

    nurse.sees("请您评议 2 人")
    assert set(kept(nurse, "tickets")) == {"election key message signature"}


def test_whose_storage_was_cleared_is_led_to_a_slip(visit, hospital, round_):
    factories.fetch_tickets(round_, hospital.staff)
    nurse = visit(hospital.staff, width=PHONE)

    nurse.goes_to(booth(round_))

    nurse.sees("您的票已在别处领取")
    nurse.taps_link("我有扫码票")
    nurse.sees("用扫码票投票")


def test_at_a_shared_computer_nothing_is_kept(visit, hospital, round_):
    doctor = visit(hospital.staff2)
    doctor.goes_to("/")
    doctor.goes_to(booth(round_))
    doctor.sees(re.compile("公用的电脑"))
    votes(doctor, "好", "较好")
    is_received(doctor, 2)

    doctor.sees(re.compile("请抄下或拍下凭证"))
    databases = doctor.tab.evaluate(
        "indexedDB.databases().then((all) => all.map((one) => one.name))"
    )
    assert databases == []
    assert (
        doctor.tab.evaluate("Object.keys(sessionStorage).filter((one) => one.startsWith('booth'))")
        == []
    )


def test_who_is_not_signed_in_is_led_there_and_back(visit, hospital, round_):
    somebody = visit(width=PHONE)

    somebody.goes_to(booth(round_))

    somebody.sees("此设备上没有票")
    somebody.taps_link("登录", exact=True)
    assert somebody.address.startswith("/sign-in/?next=/box/")


def test_without_scripts_the_page_leads_to_the_slip(visit, hospital, round_):
    somebody = visit(width=PHONE, scripts=False)

    somebody.goes_to(booth(round_))

    somebody.sees("请用扫码票投票")


def test_over_plain_http_nothing_is_done_by_halves(visit, hospital, round_, live_server, settings):
    """Not on this computer's own name, which browsers trust, but as a hospital might name it."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "vote.hospital"]
    port = live_server.url.rpartition(":")[2]
    tool = visit().tab.context.browser.browser_type
    rules = "--host-resolver-rules=MAP vote.hospital 127.0.0.1"
    other = tool.launch(executable_path=CHROMIUM, args=[*QUIET, rules])
    try:
        tab = other.new_page(viewport={"width": PHONE, "height": 780})
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(f"http://vote.hospital:{port}{booth(round_)}")
        expect(tab.get_by_role("heading", name="请用扫码票投票")).to_be_visible()
        assert not [
            url for url in asked if "/box/cast" in url or "/voting/" in url or url.endswith(".json")
        ]
    finally:
        other.close()


def test_a_comment_is_asked_for_by_phrases_and_made_vaguer_with_one_tap(visit, hospital, round_):
    nurse = visit(hospital.staff, width=PHONE)
    nurse.goes_to(booth(round_))
    nurse.taps_button("开始")
    chooses_all(nurse, "差")
    nurse.tab.locator("summary").click()
    nurse.tab.get_by_role("checkbox", name="推诿扯皮").click()
    nurse.tab.get_by_label("用自己的话说").fill("上次我跟您说过，9月3日夜班没人管")
    expect(nurse.tab.locator("[data-hints] li")).to_have_count(3)
    nurse.tab.locator("[data-hints] li").nth(1).get_by_role("button").click()
    assert nurse.tab.get_by_label("用自己的话说").input_value() == "上次我跟您说过，某天夜班没人管"
    nurse.taps_button("下一位")
    nurse.taps_button("不评此人")
    nurse.sees("未评议")
    nurse.taps_button("提交", exact=True)
    is_received(nurse, 2)

    nurse.complaints.clear()
    count(round_)
    [comment] = Comment.objects.all()
    assert comment.text == "上次我跟您说过，某天夜班没人管"
    assert [manifest.CHIPS[at - 1] for at in comment.chips] == ["推诿扯皮"]


def test_back_leads_to_the_head_before_with_what_was_chosen(visit, hospital, round_):
    nurse = visit(hospital.staff, width=PHONE)
    nurse.goes_to(booth(round_))
    nurse.taps_button("开始")
    chooses_all(nurse, "较好")
    nurse.taps_button("下一位")
    nurse.tab.go_back()
    expect(nurse.tab.locator("input[type=radio][value='2']:checked")).to_have_count(5)

    nurse.tab.reload()
    nurse.taps_button("开始")

    expect(nurse.tab.locator("input[type=radio][value='2']:checked")).to_have_count(5)


def test_an_answer_that_is_missing_is_named(visit, hospital, round_):
    nurse = visit(hospital.staff, width=PHONE)
    nurse.goes_to(booth(round_))
    nurse.taps_button("开始")
    chooses(nurse, "履职尽责", "好")

    nurse.taps_button("下一位")

    nurse.sees(re.compile("还有未评的：服务质量，工作作风，廉洁自律"))


def test_changed_rules_stop_everything(visit, hospital, round_):
    nurse = visit(hospital.staff, width=PHONE)
    nurse.goes_to(booth(round_))
    nurse.sees("请您评议 2 人")
    election = Election.objects.get(pk=round_.election_id)
    election.manifest = election.manifest.replace("门诊主任", "门诊主住")
    election.digest = hashlib.sha256(election.manifest.encode()).hexdigest()
    election.save(update_fields=["manifest", "digest"])

    nurse.goes_to(booth(round_))

    nurse.sees(re.compile("停"))


def test_a_slip_is_voted_with_twice_and_the_last_ballot_counts(visit, hospital, round_):
    subject = round_.subjects.get(person=hospital.head)
    electorate = Electorate.objects.get(subject=subject, is_for_comments=False)
    [code] = print_slips(electorate.box, 1)
    give_slip(electorate, hospital.vp, by=again(hospital.office))
    somebody = visit(width=PHONE, scripts=False)
    for grades in (POOR, GOOD):
        somebody.goes_to(f"/box/slip/?c={code.lower()}")
        for dimension, grade in zip(round_.dimensions, grades, strict=True):
            name = {1: "好", 4: "差"}[grade]
            chooses(somebody, dimension, name)
        somebody.taps_button("提交")
        somebody.sees("已收到")

    count(round_)

    assert electorate.box.tally.accepted == 1
    receipt = somebody.tab.locator("code").first.inner_text().replace("-", "")
    assert BoardEntry.objects.get().receipt == receipt


def look(visitor, picture):
    """What is wrong with a screen: for the checker, sideways, and under a thumb."""
    seen = Axe().run(visitor.tab, options=RULES).response["violations"]
    found = [f"{picture.stem}: {one['id']} {n['target']}" for one in seen for n in one["nodes"]]
    width, of = visitor.tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    small = visitor.tab.evaluate(SMALL)
    visitor.tab.screenshot(path=picture, full_page=True)
    wide = [f"{picture.stem}: {width} > {of}"] if width > of else []
    return found + wide + [f"{picture.stem}: small {one}" for one in small]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_screen_of_the_booth_fits_a_phone_and_a_desk(
    visit, hospital, round_, tmp_path, width
):
    voter = visit(hospital.staff, width=width)
    voter.goes_to("/voting/")
    found = look(voter, tmp_path / "home.png")
    voter.goes_to(booth(round_))
    voter.sees("请您评议 2 人")
    found += look(voter, tmp_path / "welcome.png")
    voter.taps_button("开始")
    chooses_all(voter, "较好")
    voter.tab.locator("summary").click()
    voter.tab.get_by_role("checkbox", name="推诿扯皮").click()
    voter.tab.get_by_label("用自己的话说").fill("夜班时找不到人")
    found += look(voter, tmp_path / "head.png")
    voter.taps_button("下一位")
    chooses_all(voter, "较好")
    voter.taps_button("检查")
    found += look(voter, tmp_path / "check.png")
    voter.taps_button("提交", exact=True)
    is_received(voter, 3)
    found += look(voter, tmp_path / "sent.png")

    assert found == []


def test_slips_and_the_board_fit_a_phone(visit, hospital, round_, tmp_path):
    electorate = Electorate.objects.filter(subject__round=round_, is_for_comments=False).first()
    [code] = print_slips(electorate.box, 1)
    somebody = visit(width=PHONE)
    found = []
    for name in ("slip", "board"):
        where = f"/box/slip/?c={code}" if name == "slip" else f"/box/{round_.election_id}/board/"
        somebody.goes_to(where)
        found += look(somebody, tmp_path / f"{name}-open.png")
    count(round_, void=[electorate.box_id], reason="一张扫码票去向不明")
    somebody.goes_to(f"/box/slip/?c={code}")
    found += look(somebody, tmp_path / "slip-unknown.png")
    somebody.goes_to(f"/box/{round_.election_id}/board/?receipt=abc")
    found += look(somebody, tmp_path / "board-counted.png")

    assert found == []
