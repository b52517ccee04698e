"""What the database lets somebody do who can do nothing but take ballots in.

Whoever breaks into the road that a ballot takes finds a database in which there are no people, no roll
and no keys. The columns stand here once: what is granted is what the road asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ELECTION_READ = ("id", "opens_at", "closes_at", "is_counted", "digest")
BOX_READ = (
    "id",
    "election_id",
    "kind",
    "door",
    "shard_count",
    "placed_over",
    "capacity",
    "public_key",
)

GRANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "ballots_election": {"SELECT": ELECTION_READ},
    # A box with an open link grows by parts; everything else about it stays.
    "ballots_box": {"SELECT": BOX_READ, "UPDATE": ("shard_count",)},
    "ballots_boxshard": {
        "SELECT": ("box_id", "number", "blob"),
        "INSERT": ("box_id", "number", "blob"),
        "UPDATE": ("blob",),
    },
    "ballots_slipcode": {"SELECT": ("code_hash", "box_id")},
}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def statements(role: str, database: str, tables: list[str]) -> Iterator[str]:
    """Make what exists of the role's rights exactly these; ``tables`` are all that there are."""
    who = quoted(role)
    yield f"GRANT CONNECT ON DATABASE {quoted(database)} TO {who}"
    yield f"GRANT USAGE ON SCHEMA public TO {who}"
    for table in sorted(tables):
        yield f"REVOKE ALL ON TABLE {quoted(table)} FROM {who}"
    for table, rights in GRANTS.items():
        for right, columns in rights.items():
            listed = ", ".join(quoted(column) for column in columns)
            yield f"GRANT {right} ({listed}) ON TABLE {quoted(table)} TO {who}"
