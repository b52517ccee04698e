"""The pages of a round: what they ask, refuse and say; and that they tell nothing before the count."""

import io
import json
import re

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from ballots.models import SlipCode
from evaluations.models import Electorate, RollEntry, Round
from evaluations.states import RoundState
from tests.evaluations.factories import SHARES, a_round, a_sealed_round, closed, electors, vote
from tests.evaluations.test_counting_round import count, voted
from tests.evaluations.test_freezing import frozen
from tests.people import again

pytestmark = pytest.mark.django_db


def at(name, round_, *more):
    return reverse(f"evaluations:{name}", args=[round_.campaign_id, round_.number, *more])


def as_(client, person):
    client.force_login(again(person))
    return client


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def text_of(response):
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def test_an_empty_list_says_what_to_do(client, hospital):
    url = reverse("evaluations:list", args=[hospital.campaign.pk])

    assert "Plan the first one" in words(as_(client, hospital.office).get(url))
    seen = words(as_(client, hospital.staff).get(url))
    assert "Plan the first one" not in seen
    assert "appears here when it is announced" in seen


def test_the_office_plans_with_what_is_proposed(client, hospital):
    url = reverse("evaluations:plan", args=[hospital.campaign.pk])
    form = as_(client, hospital.office).get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value()}
    sent = {k: v.strftime("%Y-%m-%dT%H:%M") if hasattr(v, "hour") else v for k, v in sent.items()}

    answer = client.post(url, sent)

    round_ = Round.objects.get()
    assert answer.url == at("subjects", round_)
    assert round_.state == RoundState.PREPARING
    assert (round_.opens_at - round_.tickets_from).days >= 2


def test_a_short_ticket_window_is_warned_of(client, hospital):
    round_ = a_round(hospital)
    sent = {
        "name": "改",
        "period_from": "2026-01-01",
        "period_to": "2026-06-30",
        "tickets_from": "2026-12-01T08:00",
        "opens_at": "2026-12-01T18:00",
        "closes_at": "2026-12-05T18:00",
        "small_boxes": "merge",
        "months_in_post": "6",
    }

    answer = as_(client, hospital.office).post(at("edit", round_), sent, follow=True)

    assert "less than a day before voting" in words(answer)
    assert Round.objects.get().name == "改"


def test_times_in_the_wrong_order_are_refused_and_kept(client, hospital):
    round_ = a_round(hospital)
    form = as_(client, hospital.office).get(at("edit", round_)).context["form"]
    sent = {"name": "新名", "small_boxes": "merge", "months_in_post": "6"}
    sent |= {"period_from": "2026-01-01", "period_to": "2026-06-30"}
    sent |= {"tickets_from": "2026-12-03T08:00", "opens_at": "2026-12-02T08:00"}

    answer = client.post(at("edit", round_), sent | {"closes_at": "2026-12-05T18:00"})

    assert answer.status_code == 422
    assert "before voting opens" in words(answer)
    assert 'value="新名"' in answer.content.decode()
    assert Round.objects.get().name == form.instance.name


def test_ticks_choose_the_heads(client, hospital):
    round_ = a_round(hospital, heads=[])
    page = as_(client, hospital.office).get(at("subjects", round_))
    posts = {one.post.person_id: one.post.pk for one in page.context["form"].candidates}

    client.post(
        at("subjects", round_), {"posts": [posts[hospital.head3.pk], posts[hospital.head.pk]]}
    )

    assert list(round_.subjects.order_by("position").values_list("person", flat=True)) == [
        hospital.head.pk,
        hospital.head3.pk,
    ]


def test_rules_that_protect_nobody_are_refused_in_their_own_words(client, hospital):
    round_ = a_round(hospital)
    form = as_(client, hospital.office).get(at("grading", round_)).context["form"]
    sent = dict(form.initial) | {"k_grade": 2, "from_good": 30, "poor_share": "1/0"}

    answer = client.post(at("grading", round_), sent)
    assert answer.status_code == 422
    assert "Write a fraction" in words(answer)
    answer = client.post(at("grading", round_), sent | {"poor_share": "30%"})
    assert answer.status_code == 422
    assert "can be raised but not lowered" in words(answer)
    assert "must fall from good to average" in words(answer)

    assert Round.objects.get().rules == round_.rules
    client.post(at("grading", round_), dict(form.initial) | {"poor_share": "30%", "k_grade": 6})
    rules = Round.objects.get().rules
    assert (str(rules.poor_share), rules.k_grade) == ("3/10", 6)


def test_a_ready_set_is_one_press_and_shows_its_head_counts(client, hospital):
    round_ = a_round(hospital)

    answer = as_(client, hospital.office).post(
        at("take_preset", round_), {"key": "four"}, follow=True
    )

    assert sum(round_.groups.values_list("weight", flat=True)) == 100
    assert dict(answer.context["rows"])[round_.subjects.order_by("position").first()] == [
        5,
        2,
        3,
        5,
    ]


def test_the_anonymity_report_names_the_box_that_betrays(client, hospital):
    round_ = a_round(hospital, voters=electors(hospital)[:3])

    answer = as_(client, hospital.office).get(at("anonymity", round_))

    assert "Some boxes would betray their voters" in words(answer)
    assert "at least 5 are needed" in words(answer)
    assert not answer.context["report"].is_safe


def test_the_simulator_saves_nothing_and_says_that_it_invents(client, hospital):
    round_ = a_round(hospital)
    as_(client, hospital.office)
    before = Event.objects.count()

    page = client.get(at("simulator", round_))
    assert "Nobody voted these, and nothing is saved" in words(page)
    sent = {
        k: v for k, v in page.context["form"].initial.items() if k in page.context["form"].fields
    }
    answer = client.get(
        at("simulator", round_),
        sent | {"votes": "split", "weight_A": 100},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 200
    assert [one.simulation.result.grade for one in answer.context["outcomes"]] == ["poor", "poor"]
    assert "<html" not in answer.content.decode()
    assert Event.objects.count() == before


def test_only_who_reads_grades_simulates_with_the_last_round(client, hospital):
    round_, _receipts = voted(hospital, people=11)
    count(hospital, closed(round_))
    from evaluations import actions

    actions.publish_round(Round.objects.get(pk=round_.pk), by=again(hospital.secretary))
    following = a_round(hospital, name="下一轮")

    choices = {}
    for who in ("office", "discipline"):
        page = as_(client, getattr(hospital, who)).get(at("simulator", following))
        choices[who] = {key for key, _label in page.context["form"].fields["votes"].choices}
    sent = {
        k: v for k, v in page.context["form"].initial.items() if k in page.context["form"].fields
    }
    answer = as_(client, hospital.office).get(
        at("simulator", following), sent | {"votes": "last", "weight_A": 100}
    )

    assert choices["discipline"] - choices["office"] == {"last"}
    assert answer.status_code == 422


def test_no_share_stands_in_a_page_an_address_or_what_is_kept(client, hospital):
    round_ = a_round(hospital)
    page = as_(client, hospital.liaison).get(at("key", round_))
    assert page["Cache-Control"].startswith("max-age=0")

    begun = client.post(at("begin_key", round_), "{}", content_type="application/json")
    refused = client.post(
        at("key", round_),
        json.dumps({"public": "YQ==", "wrapped": {}, "shares": SHARES}),
        content_type="application/json",
    )

    assert begun.status_code == 200
    assert refused.status_code == 422
    assert Round.objects.get().election.seal_key is None
    assert not re.search(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", page.content.decode())


def test_shares_that_were_typed_do_not_come_back(client, hospital):
    round_ = closed(frozen(hospital))

    answer = as_(client, hospital.liaison).post(
        at("count", round_), {"one": SHARES[0], "other": "WRONG-SHARE"}
    )

    assert answer.status_code == 422
    assert "A share has 28 characters" in words(answer)
    assert SHARES[0] not in answer.content.decode()
    assert "WRONG-SHARE" not in answer.content.decode()
    assert Round.objects.get().state == RoundState.FROZEN


def test_the_commission_counts_and_the_record_and_the_board_are_there(client, hospital):
    round_, _receipts = voted(hospital)
    round_ = closed(round_)

    answer = as_(client, hospital.liaison).post(
        at("count", round_), {"one": SHARES[2], "other": SHARES[0].lower()}, follow=True
    )

    assert "Counted" in words(answer)
    paper = text_of(client.get(at("count_record", round_)))
    assert "应到22人次，发出手机票15张、扫码票0张，收回15张" in paper
    bundle = client.get(at("bundle", round_))
    assert json.loads(b"".join(bundle.streaming_content))["election"] == str(round_.election_id)
    for who in (hospital.staff, hospital.head):
        assert as_(client, who).get(at("count_record", round_)).status_code == 404
        assert "Came back" not in words(client.get(round_.get_absolute_url()))


def test_nothing_tells_how_many_voted_before_the_count(client, hospital):
    """The same pages before anybody voted and afterwards, for everybody who runs the round."""
    round_ = frozen(hospital)
    names = ("round", "roll", "slips", "give_slip", "add_voter")
    urls = [at(name, round_) for name in names]
    urls.append(reverse("evaluations:list", args=[round_.campaign_id]))

    def seen():
        found = {}
        for who in ("office", "discipline", "secretary", "liaison", "staff"):
            as_(client, getattr(hospital, who))
            for url in urls:
                page = client.get(url)
                bare = re.sub(r"\b\w{64}\b", "", page.content.decode())  # tokens
                found[who, url] = page.status_code, bare
        return found

    before = seen()
    for person in electors(hospital)[:6]:
        about = [s for s in round_.subjects.all() if s.person_id != person.pk]
        vote(round_, again(person), dict.fromkeys(about, (1, 2, 3, 4)))
    assert RollEntry.objects.filter(has_ticket=True).exists()

    assert seen() == before


def test_the_notice_has_digest_commission_and_head_counts(client, hospital):
    round_ = frozen(hospital)

    answer = as_(client, hospital.staff).get(at("notice", round_))

    text = text_of(answer)
    assert round_.election.digest in text
    for name in ("纪检乙", "门诊联络员", "普外医生", "测试环境", "全体评议人（100%，11人）"):
        assert name in text


def test_slips_are_printed_once_and_no_code_is_kept(client, hospital):
    round_ = frozen(hospital)
    electorate = Electorate.objects.filter(is_for_comments=False).order_by("pk").first()

    answer = as_(client, hospital.office).post(at("slips", round_), {f"box_{electorate.pk}": "9"})

    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == (
        "application/pdf",
        True,
    )
    codes = set(re.findall(r"[2-9A-HJ-NP-Z]{18}", text_of(answer)))
    assert len(codes) == 9
    assert SlipCode.objects.count() == 9
    kept = json.dumps(list(Event.objects.values_list("detail", flat=True)))
    assert not any(code in kept for code in codes)
    sizes = {tuple(page.mediabox) for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages}
    assert len(sizes) == 1
    assert (
        client.get(at("slips", round_)).context["form"].fields[f"box_{electorate.pk}"].max_value
        == 2
    )


def test_who_has_a_ticket_gets_a_slip_for_a_reason_only(client, hospital):
    round_ = frozen(hospital)
    subject = round_.subjects.order_by("position").first()
    vote(round_, again(hospital.staff), {subject: (1, 1, 1, 1)})
    electorate = subject.electorates.get(is_for_comments=False)
    sent = {"electorate": electorate.pk, "person": "门诊护士", "reason": ""}

    refused = as_(client, hospital.office).post(at("give_slip", round_), sent)
    assert refused.status_code == 422
    assert "has a ticket" in words(refused)
    assert not RollEntry.objects.filter(has_slip=True).exists()
    client.post(at("give_slip", round_), sent | {"reason": "手机丢失"})

    assert RollEntry.objects.get(has_slip=True).person == hospital.staff


def test_a_voter_is_added_with_a_reason_that_the_roll_shows(client, hospital):
    round_ = frozen(hospital, voters=electors(hospital)[:-1])
    electorate = Electorate.objects.filter(is_for_comments=False).order_by("pk").first()
    sent = {"electorate": electorate.pk, "person": "检验主任", "reason": "漏列"}

    assert (
        as_(client, hospital.office)
        .post(at("add_voter", round_), sent | {"reason": ""})
        .status_code
        == 422
    )
    answer = client.post(at("add_voter", round_), sent, follow=True)

    assert "漏列" in words(answer)
    electorate.refresh_from_db()
    assert electorate.added == 1


def test_a_principal_publishes_and_reads_what_follows(client, hospital):
    round_, _receipts = voted(hospital)
    count(hospital, closed(round_))

    assert as_(client, hospital.office).get(at("publish", round_)).status_code == 403
    page = as_(client, hospital.secretary).get(at("publish", round_))
    assert "no second edition" in words(page)
    client.post(at("publish", round_))

    assert Round.objects.get().state == RoundState.PUBLISHED
    answers = {
        who: as_(client, getattr(hospital, who)).get(at("results_file", round_)).status_code
        for who in ("secretary", "discipline", "office", "head", "staff")
    }
    assert answers == {
        "secretary": 200,
        "discipline": 200,
        "office": 403,
        "head": 403,
        "staff": 403,
    }


@pytest.mark.parametrize("state", ["preparing", "frozen", "counted"])
def test_a_round_costs_the_same_with_more_heads(client, hospital, state):
    def cost(heads):
        make = {"preparing": a_sealed_round, "frozen": frozen, "counted": frozen}[state]
        round_ = make(hospital, heads=heads)
        if state == "counted":
            count(hospital, closed(round_))
        as_(client, hospital.office)
        url = round_.get_absolute_url()
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    one = [(hospital.head, hospital.outpatient, "主任")]
    three = [
        *one,
        (hospital.head2, hospital.surgery, "主任"),
        (hospital.head3, hospital.laboratory, "主任"),
    ]
    assert cost(three) == cost(one)
