"""Nothing in the tables of the boxes leads to a person or says when, and nothing that is added can unseen."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from ballots.roles import GRANTS
from evaluations.models import RollEntry

ROOT = Path(__file__).resolve().parents[2]
EACH_BALLOT = {"BoxShard", "BoardEntry", "BoxTally", "Comment", "SlipCode"}
COLUMNS = {
    "Election": {
        "id",
        "title",
        "opens_at",
        "closes_at",
        "is_counted",
        "manifest",
        "digest",
        "seal_key",
        "wrapped_seal",
        "recovery",
        "board",
    },
    "Box": {
        "id",
        "election",
        "kind",
        "door",
        "dimensions",
        "eligible",
        "slips",
        "shard_count",
        "placed_over",
        "capacity",
        "public_key",
        "signing_key",
    },
    "BoxShard": {"box", "number", "blob"},
    "SlipCode": {"code_hash", "box"},
    "BoxTally": {
        "box",
        "issued",
        "slips_given",
        "accepted",
        "valid",
        "abstained",
        "invalid",
        "counts",
    },
    "BoardEntry": {"box", "receipt"},
    "Comment": {"id", "box", "chips", "text"},
}
"""Read a new column against the anonymity of ballots before it is written here."""
ROLL = {"electorate", "person", "has_ticket", "has_slip", "digest"}
TELLING = (
    models.DateField,
    models.TimeField,
    models.DurationField,
    models.GenericIPAddressField,
    models.AutoField,
    models.BigAutoField,
    models.SmallAutoField,
    models.FileField,
)
FIGURES = {("BoxTally", "counts"), ("Comment", "chips")}
"""What is JSON there: counts by dimension and grade, numbers of ready phrases."""


def ballots():
    return {model.__name__: model for model in apps.get_app_config("ballots").get_models()}


def columns(model):
    return {field.name for field in model._meta.concrete_fields}


def reached_from(model):
    """Every table that a foreign key, or several in a row, lead to."""
    found, ahead = set(), [model]
    while ahead:
        own = ahead.pop()._meta
        to = {field.related_model for field in (*own.concrete_fields, *own.many_to_many)}
        ahead += to - found - {None}
        found |= to - {None}
    return found


def test_schema_has_no_bridge():
    """From the tables of the boxes no key leads out of them, in however many steps."""
    found = {
        name: {one._meta.label for one in reached_from(model) if one._meta.app_label != "ballots"}
        for name, model in ballots().items()
    }

    assert {name for name, outside in found.items() if outside} == set()
    assert found.keys() == COLUMNS.keys()


def test_nothing_outside_points_at_a_ballot():
    """Others may point at an election and a box, and reviews at a comment; at nothing else."""
    pointing = {
        (relation.related_model._meta.label, relation.model.__name__)
        for model in ballots().values()
        for relation in model._meta.related_objects
        if relation.related_model._meta.app_label != "ballots"
    }

    assert {what for _who, what in pointing} <= {"Election", "Box", "Comment"}
    assert {who for who, what in pointing if what == "Comment"} == {"evaluations.CommentReview"}


def test_every_column_of_the_boxes_was_looked_at():
    assert {name: columns(model) for name, model in ballots().items()} == COLUMNS


def test_the_database_has_no_column_that_the_models_do_not_name(db):
    there = {}
    with connection.cursor() as cursor:
        for name, model in ballots().items():
            described = connection.introspection.get_table_description(cursor, model._meta.db_table)
            there[name] = {column.name for column in described}

    assert there == {
        name: {field.column for field in model._meta.concrete_fields}
        for name, model in ballots().items()
    }


def test_no_table_of_ballots_knows_a_time_an_order_or_an_address():
    fields = [
        (name, field) for name, model in ballots().items() for field in model._meta.concrete_fields
    ]
    telling = {
        (name, field.name)
        for name, field in fields
        if name in EACH_BALLOT and isinstance(field, TELLING)
    }
    free = {
        (name, field.name)
        for name, field in fields
        if name in EACH_BALLOT and isinstance(field, models.JSONField)
    }

    assert telling == set()
    assert free == FIGURES
    assert {name for name in EACH_BALLOT if ballots()[name]._meta.ordering} == set()


def test_the_roll_knows_that_and_not_when():
    """Of a voter: that he has a ticket or a slip. His row is not numbered, and no trail follows it."""
    fields = {field.name: field for field in RollEntry._meta.concrete_fields}

    assert fields.keys() - {"pk"} == ROLL
    assert [name for name, field in fields.items() if isinstance(field, TELLING)] == []
    assert [one.name for one in RollEntry._meta.pk_fields] == ["electorate", "person"]
    assert RollEntry._meta.related_objects == ()


def test_the_boxes_write_no_trail():
    """No module of theirs names the trail, and none of their views is given a session or a person."""
    words = {
        (path.name, node.attr if isinstance(node, ast.Attribute) else node.id)
        for path in (ROOT / "ballots").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute | ast.Name)
    }
    said = {word for _path, word in words}

    assert "request" in said  # the walk sees names
    assert (
        said & {"trail", "session", "user", "COOKIES", "set_cookie", "logger", "logging"} == set()
    )


def test_what_is_granted_to_the_road_of_a_ballot_leaves_people_and_keys_out():
    granted = {
        (table, column)
        for table, rights in GRANTS.items()
        for listed in rights.values()
        for column in listed
    }
    tables = {model._meta.db_table: model for model in ballots().values()}

    assert {table for table, _column in granted} <= tables.keys()
    assert (
        granted
        & {
            ("ballots_box", "signing_key"),
            ("ballots_election", "recovery"),
            ("ballots_election", "wrapped_seal"),
        }
        == set()
    )
    assert all(
        column in {field.column for field in tables[table]._meta.concrete_fields}
        for table, column in granted
    )


@pytest.mark.parametrize("field", [models.DateTimeField(), models.BigAutoField(primary_key=True)])
def test_a_column_that_tells_a_time_or_an_order_would_be_seen(field):
    """The net is not so wide that a ballot slips through."""
    assert isinstance(field, TELLING)
