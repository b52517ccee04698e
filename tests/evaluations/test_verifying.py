"""Whoever has bundle, board and results counts again without us, and finds what was altered."""

import copy
import json
import os
import subprocess
import sys
from base64 import b64encode

import pytest
from django.core.files.storage import default_storage

from ballots import sealing
from evaluations import actions
from evaluations.counting import bundle
from evaluations.counting.bundle import Ballot
from evaluations.counting.verifying import verify
from evaluations.models import Publication, Round
from evaluations.queries.results import results_file_of
from tests.evaluations.factories import POOR, SHARES, closed, seal_pair
from tests.evaluations.test_counting_round import count, voted
from tests.guards.source import ROOT
from tests.people import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(hospital):
    """A counted and published round as its three files: bundle (bytes), board and results."""
    round_, receipts = voted(hospital)
    count(hospital, closed(round_))
    round_ = actions.publish_round(Round.objects.get(pk=round_.pk), by=again(hospital.secretary))
    round_ = Round.objects.get(pk=round_.pk)
    with default_storage.open(round_.bundle_path, "rb") as file:
        content = file.read()
    results = results_file_of(round_, Publication.objects.all())
    return content, json.loads(round_.election.board), json.loads(json.dumps(results)), receipts


def opened(content):
    return bundle.opened(content, SHARES[1], SHARES[2])


def test_receipts_on_board(files):
    content, board, results, receipts = files

    found = verify(opened(content), board, results)

    assert found.faults == []
    assert (found.boxes, found.ballots, found.heads) == (4, len(receipts), 2)
    shown = {receipt for box in board["boxes"] for receipt in box["receipts"]}
    assert shown == {one.receipt for one in receipts}


def test_tampered_board_detected(files):
    content, board, results, _receipts = files

    def faults(change):
        altered = copy.deepcopy(board)
        change(altered, next(box for box in altered["boxes"] if box["kind"] == "grade"))
        return " ".join(verify(opened(content), altered, results).faults)

    assert "no receipt on the board" in faults(lambda _b, box: box["receipts"].pop())
    assert "that no ballot has" in faults(lambda _b, box: box["receipts"].append("0" * 32))
    assert "not that of its receipts" in faults(lambda _b, box: box.update(root="00"))
    assert "root over all boxes" in faults(lambda b, _box: b.update(root="00"))
    assert "have the digest" in faults(lambda b, _box: b.update(digest="00"))
    assert "valid ballots" in faults(lambda _b, box: box.update(valid=box["valid"] - 1))
    assert "the board says" in faults(lambda _b, box: box.update(accepted=box["accepted"] + 1))
    assert "ballots by ticket" in faults(lambda _b, box: box.update(issued=1))
    assert "frozen with" in faults(lambda _b, box: box.update(eligible=box["eligible"] + 5))
    assert "than people stand on its roll" in faults(lambda _b, box: box.update(issued=99))
    assert "missing in the board" in faults(lambda b, box: b["boxes"].remove(box))
    assert "another head" in faults(lambda _b, box: box.update(subject=-1))


def test_stuffed_box_detected(files):
    content, board, results, _receipts = files
    held = opened(content)
    box = next(one["id"] for one in board["boxes"] if one["kind"] == "grade")
    poor = sealing.seal(seal_pair()[1], sealing.GradeBallot(POOR).encode())

    def faults(ballots):
        stuffed = bundle.Bundle(held.manifest, {**held.boxes, box: ballots}, held.unsealer)
        return " ".join(verify(stuffed, board, results).faults)

    own = held.boxes[box]
    assert "did not sign" in faults([*own, Ballot(bytes(32), bytes(256), poor)])
    assert "slips were given out" in faults([*own, Ballot(bytes(32), b"", poor)])
    again_ = Ballot(own[0].credential, own[0].signature, poor)
    assert "used before" in faults([*own, again_])
    exchanged = Ballot(own[0].credential, own[0].signature, poor)
    assert "no ballot has" in faults([exchanged, *own[1:]])
    assert "no receipt" in faults([exchanged, *own[1:]])


def test_altered_results_are_found(files):
    content, board, results, _receipts = files

    def faults(change):
        altered = copy.deepcopy(results)
        change(altered["results"][0])
        return " ".join(verify(opened(content), board, altered).faults)

    def regraded(one):
        one["grade"] = one["cells"]["grade"] = "poor"

    assert "the ballots give" in faults(regraded)
    assert "contradict each other" in faults(lambda one: one.update(grade="fair"))
    assert "do not name the same heads" in faults(lambda one: one.update(subject=-1))


def test_a_void_box_counts_for_nobody_in_a_recount_too(hospital):
    round_, _receipts = voted(hospital)
    box = round_.subjects.first().electorates.get(is_for_comments=False).box_id
    count(hospital, closed(round_), void=[box], reason="箱体破损")
    round_ = Round.objects.get(pk=round_.pk)
    with default_storage.open(round_.bundle_path, "rb") as file:
        held = opened(file.read())

    board = json.loads(round_.election.board)
    results = json.loads(json.dumps(results_file_of(round_, Publication.objects.all())))

    assert verify(held, board, results).faults == []


@pytest.fixture
def run(tmp_path, files):
    content, board, results, _receipts = files
    (tmp_path / "round.bundle").write_bytes(content)
    (tmp_path / "results.json").write_text(json.dumps(results))

    def start(board=board, shares=(SHARES[0], SHARES[1]), by_file=False):
        (tmp_path / "board.json").write_text(json.dumps(board))
        (tmp_path / "shares").write_text("\n".join(shares))
        nowhere = {
            "PATH": os.environ["PATH"],
            "SECRET_KEY": "offline-offline-offline-offline-offline-offline-0",
            "DEBUG": "1",
            "DATABASE_URL": "postgres://nobody@/nothing?host=/nowhere",
            "VAR_ROOT": str(tmp_path / "var"),
        }
        if not by_file:
            nowhere |= {"ROUND_SHARE_1": shares[0], "ROUND_SHARE_2": shares[1]}
        return subprocess.run(
            [
                *(sys.executable, "manage.py", "verify_round", str(tmp_path / "round.bundle")),
                *("--board", str(tmp_path / "board.json")),
                *("--results", str(tmp_path / "results.json")),
                *(("--shares", str(tmp_path / "shares")) if by_file else ()),
            ],
            cwd=ROOT,
            env=nowhere,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return start, board


def test_verify_round_cli(run):
    start, board = run

    right = start()
    by_file = start(by_file=True)
    tampered = copy.deepcopy(board)
    tampered["boxes"][0]["receipts"].pop()
    wrong = start(board=tampered)
    mistyped = start(shares=(SHARES[0], sealing.new_share()))

    assert (right.returncode, right.stderr) == (0, "")
    assert "Everything agrees." in right.stdout
    assert "2 heads graded again" in right.stdout
    assert by_file.returncode == 0
    assert wrong.returncode == 1
    assert "no receipt on the board" in wrong.stderr
    assert mistyped.returncode == 1
    assert "份额" in mistyped.stderr


def test_a_damaged_bundle_says_so(files):
    content, *_rest = files
    whole = json.loads(content)
    whole["sealed"] = b64encode(bytes(600)).decode()

    with pytest.raises(bundle.BadBundleError):
        opened(json.dumps(whole).encode())
