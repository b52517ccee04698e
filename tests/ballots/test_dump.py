"""Sixty voters vote; then somebody takes the whole machine apart, before the count and after it."""

import random
import re
import subprocess
import uuid
from pathlib import Path

import psycopg
import pytest

from core import embedded
from tests.ballots import linkers
from tests.ballots.installation import PASSWORD, Site, Voter

VOTERS = 60
SEEDS = range(5)
EARLY = {0, 1, 2}
SURE = 0.9


@pytest.fixture(scope="module")
def vote(server):
    """Five votes with known truth. In three, tickets are fetched earlier and in another order."""
    site = Site(server, "dump")
    vote = Vote(site)
    vote.hold()
    yield vote
    site.close()


class Vote:
    """Dumps and search results taken on the way, and what the voters alone know."""

    def __init__(self, site):
        self.site, self.server = site, site.server
        self.dumps, self.found, self.rounds = {}, {}, []

    def hold(self):
        made = self.site.office.build(heads=len(SEEDS), voters=VOTERS, password=PASSWORD)
        self.rounds = [
            OneRound(self.site, about, seed) for seed, about in zip(SEEDS, made, strict=True)
        ]
        for one in self.rounds:
            if one.seed in EARLY:
                one.fetch(one.fetching)
        self.dump("open")
        for one in self.rounds:
            one.cast(one.casting[: VOTERS // 2])
        self.dump("half")
        for one in self.rounds:
            one.cast(one.casting[VOTERS // 2 :])
        self.dump("voted")
        self.found["before the count"] = self.search(self.secrets() | self.known_after())
        for one in self.rounds:
            one.note_people()
        self.keys = {
            ("key of the boxes", path.name): path.read_bytes()
            for path in Path(self.site.environment["BOX_KEY_DIR"]).iterdir()
        }
        self.counted = [one.count() for one in self.rounds]
        self.dump("counted")
        self.found["after the count"] = self.search(self.secrets() | self.keys)

    def dump(self, name):
        """By the program that makes the nightly backup."""
        path = self.server.home / f"{self.site.database}-{name}.sql"
        subprocess.run(
            [
                embedded.find_binaries() / "pg_dump",
                f"--file={path}",
                self.server.address(self.site.database),
            ],
            check=True,
        )
        self.dumps[name] = path

    def secrets(self):
        """What must never be found, not even after the count."""
        names = (
            "message",
            "signature",
            "blinded",
            "blind_signature",
            "sealed",
            "unblinder",
            "address",
            "browser",
        )
        return {
            (name, number, kind): getattr(ballot, name)
            for one in self.rounds
            for number, voter in one.voters.items()
            for kind, ballot in voter.ballots.items()
            for name in names
        }

    def known_after(self):
        """What is public, or before the reviewers, after the count, and not before."""
        receipts = {
            ("receipt", number, kind): ballot.receipt
            for one in self.rounds
            for number, voter in one.voters.items()
            for kind, ballot in voter.ballots.items()
        }
        texts = {
            ("text", number): voter.text
            for one in self.rounds
            for number, voter in one.voters.items()
        }
        return receipts | texts

    def search(self, secrets):
        self.site.sql("CHECKPOINT")
        return linkers.found_in(self.places(), secrets, self.server.home)

    def places(self):
        cluster = self.server.cluster
        folders = [Path(self.site.environment[name]) for name in ("FILES_ROOT", "VAR_ROOT")]
        return [
            *self.dumps.values(),
            cluster.data,
            cluster.log,
            self.site.log,
            *(folder for folder in folders if folder.exists()),
        ]


class OneRound:
    def __init__(self, site, about, seed):
        chance = random.Random(seed)
        self.site, self.about, self.seed = site, about, seed
        self.voters = {number: Voter(site, about, number) for number in about["voters"]}
        self.fetching, self.casting = list(self.voters), list(self.voters)
        chance.shuffle(self.fetching)
        chance.shuffle(self.casting)

    def fetch(self, numbers):
        for number in numbers:
            self.voters[number].sign_in()
            self.voters[number].fetch_tickets()

    def cast(self, numbers):
        """Who has no ticket yet gets it on the spot, so that tickets tell the order of casting."""
        for number in numbers:
            if self.seed not in EARLY:
                self.fetch([number])
            voter = self.voters[number]
            voter.text = f"意见 {uuid.uuid4().hex}"
            grades = tuple(random.Random(number).choices(range(1, 5), k=4))
            assert [status for status, _said in voter.vote(grades, voter.text)] == [200, 200]

    def count(self):
        return self.site.office.count(
            election=self.about["election"], shares=self.about["shares"][:2]
        )

    def truth(self, of):
        """Person → his receipt, or his comment."""
        numbers = self.about["voters"]
        if of == "receipt":
            return {numbers[n]: voter.ballots["grade"].receipt for n, voter in self.voters.items()}
        return {numbers[n]: uuid.UUID(voter.comment) for n, voter in self.voters.items()}

    def note_people(self):
        """The orders that traces put the voters in, before the count touches them."""
        people = list(self.about["voters"].values())
        [box, _key] = self.about["boxes"]["grade"]

        def asked(query, *values):
            return [row[0] for row in self.site.sql(query, *values)]

        roll = (
            "SELECT person_id FROM evaluations_rollentry WHERE electorate_id ="
            " (SELECT id FROM evaluations_electorate WHERE box_id = %s) ORDER BY "
        )
        session = (
            "SELECT person_id FROM organisation_signin JOIN django_session USING (session_key)"
            " WHERE person_id = ANY(%s) ORDER BY "
        )
        self.people = {
            "roll by transaction": asked(f"{roll} xmin::text::bigint, ctid", box),
            "roll by place": asked(f"{roll} ctid", box),
            "roll by person": asked(f"{roll} person_id", box),
            "session by end": asked(f"{session} expire_date", people),
            "session by transaction": asked(f"{session} django_session.xmin::text::bigint", people),
            "session by place": asked(f"{session} django_session.ctid", people),
            "last sign-in": asked(
                "SELECT id FROM organisation_person WHERE id = ANY(%s) ORDER BY last_login", people
            ),
            "person by transaction": asked(
                "SELECT id FROM organisation_person WHERE id = ANY(%s) ORDER BY xmin::text::bigint",
                people,
            ),
            "trail": asked(
                "SELECT actor_id FROM audit_event WHERE actor_id = ANY(%s) GROUP BY actor_id"
                " ORDER BY max(id)",
                people,
            ),
        }

    def orders_of_ballots(self):
        """The orders in which the count left receipts, or comments."""
        orders = {}
        for of, table, column, kind in (
            ("receipt", "ballots_boardentry", "receipt", "grade"),
            ("comment", "ballots_comment", "id", "comment"),
        ):
            [box, _key] = self.about["boxes"][kind]
            for name, order in (
                ("transaction", "xmin::text::bigint, ctid"),
                ("place", "ctid"),
                ("number", column),
            ):
                rows = self.site.sql(
                    f"SELECT {column} FROM {table} WHERE box_id = %s ORDER BY {order}", box
                )
                orders.setdefault(of, {})[f"{of} by {name}"] = [row[0] for row in rows]
        return orders

    def attempts(self):
        found = {}
        for of, orders in self.orders_of_ballots().items():
            found |= linkers.attempts(self.people, orders, self.truth(of))
        return found


def test_full_dump_links_nobody(vote):
    """Nothing of a ballot is found anywhere, and no order of any trace leads from people to ballots."""
    found = linkers.mean([one.attempts() for one in vote.rounds])

    assert vote.counted == [{"grade": VOTERS, "comment": VOTERS}] * len(SEEDS)
    assert vote.found == {"before the count": set(), "after the count": set()}
    assert len(found) == 9 * 2 * 6
    assert {name: part for name, part in found.items() if part > linkers.CHANCE / VOTERS} == {}


def test_two_dumps_do_not_separate_ballots(vote):
    """Between two backups half the ballots came: all that changed are the unreadable parts of each box."""
    half, voted = (rows(vote.dumps[name]) for name in ("half", "voted"))
    gone, come = half - voted, voted - half
    changed = {BOX.search(row)[0] for table, row in come if table in BOXES}

    assert {table for table, _row in gone | come if table.startswith("ballots_")} == BOXES
    assert changed == {box for one in vote.rounds for box, _key in one.about["boxes"].values()}
    old, new = (pieces(changed) for changed in (gone, come))
    assert old & new == set()


def test_blob_size_constant(vote):
    """Empty, half full and full, a box is as large; so is every box of the same plan."""
    sizes = {
        name: sorted(len(row) for table, row in rows(path) if table in BOXES)
        for name, path in vote.dumps.items()
        if name != "counted"
    }

    assert sizes["open"] == sizes["half"] == sizes["voted"]
    assert len(set(sizes["open"])) == 2  # grades and comments


def test_after_the_count_neither_boxes_nor_keys_nor_requests_are_left(vote):
    site = vote.site

    assert site.sql("SELECT count(*) FROM ballots_boxshard") == [(0,)]
    assert site.sql("SELECT count(*) FROM ballots_box WHERE signing_key IS NOT NULL") == [(0,)]
    assert site.sql("SELECT count(*) FROM evaluations_rollentry WHERE digest IS NOT NULL") == [(0,)]
    assert list(Path(site.environment["BOX_KEY_DIR"]).iterdir()) == []
    assert vote.keys.keys() == {
        ("key of the boxes", f"{one.about['election']}.key") for one in vote.rounds
    }


BOXES = {"ballots_boxshard"}
BOX = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def rows(dump):
    """Every row of a dump with its table."""
    found, table = set(), None
    for line in dump.read_text().splitlines():
        if line.startswith("COPY public."):
            table = line.split()[1].removeprefix("public.")
        elif line == "\\.":
            table = None
        elif table:
            found.add((table, line))
    return found


def pieces(changed):
    """Sixteen bytes each of what stands in boxes, wherever they begin: a ballot is not at the same place."""
    return {
        row[at : at + 32]
        for table, row in changed
        if table in BOXES
        for at in range(row.index("\\x") + 2, len(row) - 31, 32)
    }


# The same attacks on two designs that others use. They must succeed, or what is above proves nothing.


@pytest.fixture(scope="module")
def naive(server):
    """A list of voters and a table of ballots beside each other, under random numbers."""
    server.database("naive", template="template0")
    with psycopg.connect(server.address("naive"), autocommit=True) as link:
        yield Naive(server, link)


class Naive:
    def __init__(self, server, link):
        self.server, self.link, self.kept = server, link, {}

    def hold(self, seed, *, ticket_first):
        """Each voter is ticked off and his ballot stored: at once, or one after the other."""
        people = list(range(VOTERS))
        random.Random(seed).shuffle(people)
        tables = ("voter", "ballot")
        for table in tables:
            self.link.execute(f"DROP TABLE IF EXISTS {table}")
        self.link.execute("CREATE TABLE voter (person int PRIMARY KEY, voted bool)")
        self.link.execute("CREATE TABLE ballot (id uuid PRIMARY KEY, sealed bytea)")
        self.link.execute("INSERT INTO voter SELECT generate_series(0, %s - 1), false", [VOTERS])
        truth = {}
        for person in people:
            truth[person] = uuid.uuid4()
            self.kept[("sealed", seed, person)] = sealed = random.Random(
                f"{seed} {person}"
            ).randbytes(96)
            tick = ("UPDATE voter SET voted = true WHERE person = %s", [person])
            store = ("INSERT INTO ballot VALUES (%s, %s)", [truth[person], sealed])
            if ticket_first:
                self.link.execute(*tick)
                self.link.execute(*store)
            else:
                with self.link.transaction():
                    self.link.execute(*tick)
                    self.link.execute(*store)
        orders = {
            table: {
                f"{table} by {name}": [
                    row[0]
                    for row in self.link.execute(f"SELECT {column} FROM {table} ORDER BY {order}")
                ]
                for name, order in (("transaction", "xmin::text::bigint"), ("place", "ctid"))
            }
            for table, column in (("voter", "person"), ("ballot", "id"))
        }
        return linkers.attempts(orders["voter"], orders["ballot"], truth)


@pytest.mark.parametrize("ticket_first", [False, True])
def test_the_same_linkers_find_the_voters_of_a_naive_table(naive, ticket_first):
    found = linkers.mean([naive.hold(seed, ticket_first=ticket_first) for seed in SEEDS])

    forwards = {name for name in found if "backwards" not in name}
    assert len(forwards) == 4
    assert {name for name in forwards if found[name] < SURE} == set()


def test_the_same_search_finds_the_ballots_of_a_naive_table(naive, server, tmp_path):
    naive.hold(99, ticket_first=False)
    naive.link.execute("CHECKPOINT")
    kept = {name: secret for name, secret in naive.kept.items() if name[1] == 99}
    dump = tmp_path / "naive.sql"
    subprocess.run(
        [embedded.find_binaries() / "pg_dump", f"--file={dump}", server.address("naive")],
        check=True,
    )
    places = {
        "dump": dump,
        "files": server.cluster.data / "base",
        "log": server.cluster.data / "pg_wal",
    }

    found = {name: linkers.found_in([place], kept, tmp_path) for name, place in places.items()}

    assert {name: len(secrets) for name, secrets in found.items()} == dict.fromkeys(places, VOTERS)
