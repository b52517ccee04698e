"""What a voter was told is in the box is in the box, whatever is killed."""

import re
import shutil
import threading
from pathlib import Path

import pytest

from tests.ballots.installation import PASSWORD, Site, Voter

VOTERS = 60
CLIENTS = 6


@pytest.fixture
def site(server, request):
    site = Site(server, re.sub(r"\W", "_", request.node.name)[:50])
    yield site
    site.close()


@pytest.fixture
def ballots(site):
    """A round, and a sealed grade ballot with its ticket for everybody."""
    [round_] = site.office.build(heads=1, voters=VOTERS, password=PASSWORD)
    voters = [Voter(site, round_, number) for number in round_["voters"]]
    for voter in voters:
        voter.sign_in()
        voter.fetch_tickets()
    return round_, voters


class Crowd:
    """Voters who cast all at once, several ballots a second, until they are through or cut off."""

    def __init__(self, site, ballots):
        self.site, self.left, self.lock = site, list(ballots), threading.Lock()
        self.acknowledged, self.refused = {}, []
        self.enough = threading.Event()

    def __enter__(self):
        self.threads = [threading.Thread(target=self._cast) for _each in range(CLIENTS)]
        for thread in self.threads:
            thread.start()
        assert self.enough.wait(30)
        return self

    def __exit__(self, *_fault):
        for thread in self.threads:
            thread.join()

    def _cast(self):
        while True:
            with self.lock:
                if not self.left:
                    return
                ballot = self.left.pop()
            status, said = self.site.cast(ballot)
            with self.lock:
                if status == 200:
                    self.acknowledged[ballot.receipt] = said["receipt"]
                else:
                    self.refused.append(ballot)
                if len(self.acknowledged) >= VOTERS // 4:
                    self.enough.set()


def sealed(voters, round_):
    """Ballots as the devices hold them, ready to be sent and sent again."""
    from base64 import b64decode

    from ballots import sealing

    for number, voter in enumerate(voters):
        plain = sealing.GradeBallot((number % 4 + 1,) * 4).encode()
        voter.ballots["grade"].fill(b64decode(round_["seal"]), plain)
    return [voter.ballots["grade"] for voter in voters]


def board(site):
    return {receipt for (receipt,) in site.sql("SELECT receipt FROM ballots_boardentry")}


def everything_counts(site, round_, crowd, all_ballots):
    """What was acknowledged is there; what was not is taken when it is sent again; each once."""
    assert set(crowd.acknowledged) <= set(site.office.inside(election=round_["election"]))
    again = {ballot.receipt: site.cast(ballot) for ballot in crowd.refused}
    assert {status for status, _said in again.values()} <= {200}
    counted = site.office.count(election=round_["election"], shares=round_["shares"][:2])
    assert counted == {"grade": len(all_ballots), "comment": 0}
    assert board(site) == {ballot.receipt for ballot in all_ballots}


def test_crash_loses_nothing_acknowledged(site, ballots):
    """kill -9 of the web server, its workers in the middle of casts."""
    round_, voters = ballots
    all_ballots = sealed(voters, round_)

    with Crowd(site, all_ballots) as crowd:
        site.kill()
    cut_off = len(crowd.refused)
    site.start()

    assert cut_off > 0
    assert all(shown == kept for kept, shown in crowd.acknowledged.items())
    everything_counts(site, round_, crowd, all_ballots)


def test_a_crash_of_the_database_loses_nothing_acknowledged(site, ballots, server):
    """kill -9 of the postmaster and everything it started, with fsync on as in production."""
    round_, voters = ballots
    all_ballots = sealed(voters, round_)
    assert site.sql("SHOW fsync") == [("on",)]

    with Crowd(site, all_ballots) as crowd:
        server.kill()
    cut_off = len(crowd.refused)
    server.start()

    assert cut_off > 0
    everything_counts(site, round_, crowd, all_ballots)


def test_after_a_reboot_the_boxes_are_locked_until_two_shares_unlock_them(site, ballots):
    """The file system in memory, where the key of the boxes lies, is empty after a reboot."""
    round_, voters = ballots
    all_ballots = sealed(voters, round_)
    before, after = all_ballots[: VOTERS // 2], all_ballots[VOTERS // 2 :]
    assert {site.cast(ballot)[0] for ballot in before} == {200}

    shutil.rmtree(Path(site.environment["BOX_KEY_DIR"]))
    locked = [site.cast(ballot) for ballot in after[:3]]
    site.office.recover(election=round_["election"], shares=round_["shares"][1:])
    taken = {site.cast(ballot)[0] for ballot in after}

    assert {(status, said["error"]) for status, said in locked} == {(503, "locked")}
    assert taken == {200}
    counted = site.office.count(election=round_["election"], shares=round_["shares"][:2])
    assert counted["grade"] == VOTERS
    assert board(site) == {ballot.receipt for ballot in all_ballots}
