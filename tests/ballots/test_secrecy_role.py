"""The role of the database that takes ballots in, by which a whole vote is held."""

from base64 import b64decode

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from psycopg.errors import InsufficientPrivilege

from ballots import sealing
from tests.ballots.installation import PASSWORD, Site, Voter

ROLE = "takes_ballots"
EACH_ROW = "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"


@pytest.fixture(scope="module")
def site(server):
    address = server.address("role", user=f"{ROLE}:{PASSWORD}")
    site = Site(server, "role", BOX_DATABASE_URL=address)
    said = server.manage("role", "box_role", BOX_DATABASE_URL=address)
    assert "postgres://" not in said
    yield site
    site.close()


@pytest.fixture
def link(site):
    with psycopg.connect(site.server.address("role", user=ROLE), autocommit=True) as link:
        yield link


def test_box_role_cannot_read_roll(site, link):
    """A ballot goes in by it, and is counted; people, roll, keys and results are closed to it."""
    [round_] = site.office.build(heads=1, voters=6, password=PASSWORD)
    voters = [Voter(site, round_, number) for number in round_["voters"]]
    for voter in voters:
        voter.sign_in()
        voter.fetch_tickets()
        plain = sealing.GradeBallot((1, 2, 3, 4)).encode()
        voter.ballots["grade"].fill(b64decode(round_["seal"]), plain)
    taken = [site.cast(voter.ballots["grade"])[0] for voter in voters]

    for closed in (
        "SELECT 1 FROM evaluations_rollentry",
        "SELECT 1 FROM organisation_person",
        "SELECT 1 FROM django_session",
        "SELECT 1 FROM audit_event",
        "SELECT signing_key FROM ballots_box",
        "SELECT recovery FROM ballots_election",
        "SELECT 1 FROM ballots_boardentry",
        "DELETE FROM ballots_boxshard",
        "DELETE FROM ballots_slipcode",
        "INSERT INTO ballots_slipcode SELECT '', id FROM ballots_box",
        "UPDATE ballots_box SET public_key = ''",
        "UPDATE ballots_boxshard SET number = 9",
        "TRUNCATE ballots_boxshard",
        "CREATE TABLE mine (at timestamptz)",
        f"CREATE TRIGGER watcher BEFORE UPDATE ON ballots_boxshard {EACH_ROW}",
    ):
        with pytest.raises(InsufficientPrivilege):
            link.execute(closed)

    assert taken == [200] * len(voters)
    counted = site.office.count(election=round_["election"], shares=round_["shares"][:2])
    assert counted == {"grade": len(voters), "comment": 0}


def test_ballots_are_really_written_by_this_role(site):
    """While nobody lets it in, nothing is taken; the rest of the site runs on."""
    [round_] = site.office.build(heads=1, voters=1, password=PASSWORD, group="x")
    [number] = round_["voters"]
    voter = Voter(site, round_, number)
    voter.sign_in()
    voter.fetch_tickets()
    plain = sealing.GradeBallot((1, 1, 1, 1)).encode()
    voter.ballots["grade"].fill(b64decode(round_["seal"]), plain)

    site.sql(f'REVOKE UPDATE (blob) ON ballots_boxshard FROM "{ROLE}"')
    refused, _said = site.cast(voter.ballots["grade"])
    healthy = site.ask("GET", "/healthz")[0]
    site.server.manage("role", "box_role", BOX_DATABASE_URL=site.environment["BOX_DATABASE_URL"])

    assert (refused, healthy) == (500, 200)
    assert site.cast(voter.ballots["grade"])[0] == 200


def test_rights_that_somebody_added_are_taken_back(site, link):
    site.sql(f'GRANT SELECT ON evaluations_rollentry TO "{ROLE}"')
    assert link.execute("SELECT count(*) >= 0 FROM evaluations_rollentry").fetchone() == (True,)

    site.server.manage("role", "box_role", ROLE, "--sql")
    still = link.execute("SELECT count(*) >= 0 FROM evaluations_rollentry").fetchone()
    site.server.manage("role", "box_role", BOX_DATABASE_URL=site.environment["BOX_DATABASE_URL"])

    assert still == (True,)
    with pytest.raises(InsufficientPrivilege):
        link.execute("SELECT 1 FROM evaluations_rollentry")


def test_a_new_role_is_made_with_a_password_of_its_own(site):
    said = site.server.manage("role", "box_role", "another")

    [address, sentence] = said.splitlines()
    assert address.startswith("BOX_DATABASE_URL=postgres://another:")
    assert sentence.startswith("another ")
    with psycopg.connect(address.removeprefix("BOX_DATABASE_URL="), autocommit=True) as link:
        assert link.execute("SELECT current_user").fetchone() == ("another",)
        with pytest.raises(InsufficientPrivilege):
            link.execute("SELECT 1 FROM organisation_person")


@pytest.mark.django_db
@pytest.mark.parametrize("words", [[], ["postgres"]])
def test_without_a_name_and_for_a_role_that_may_do_more_nothing_is_done(words):
    with pytest.raises(CommandError):
        call_command("box_role", *words)
