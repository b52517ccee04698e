"""What its description says, the API does: whatever is sent to any operation, by whomever.

Each operation is asked what its description allows and what it does not, at an address that leads
to something and at any other. No answer may be a fault (5xx), and none may be of a status, a type
or a shape that the description does not name. The examples are the same in every run.
"""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.asking import actor
from tests.guards.addresses import address, cases
from tests.world import world  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 3


@pytest.fixture
def description(world, settings):  # noqa: F811
    """Asked of the product as a server has it, in the transaction of the test."""
    settings.API_RATE = settings.API_ACT_RATE = 0
    headers = actor(world.hospital.administrator).headers
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application(), headers=headers)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def places(world):  # noqa: F811
    """Where each operation leads to something: by the template of its address."""
    return {
        address(name, dict.fromkeys(arguments, 0)): [*known.values()]
        for name, known in cases(world).items()
        if name.startswith("api:")
        for arguments in [next(iter(known.values()))]
    }


def template(operation):
    """The address with noughts in it, by which ``places`` knows it."""
    return (
        operation.full_path.replace("{campaign}", "0").replace("{number}", "0").replace("{id}", "0")
    )


@pytest.mark.parametrize("who", ["office", "head", "vp"])
def test_no_operation_answers_with_a_fault_or_outside_its_description(world, description, who):  # noqa: F811
    program = actor(world.hospital.people()[who])
    known, asked, seen = places(world), 0, set()

    for found in description.get_all_operations():
        operation = found.ok()
        there = known[template(operation)][0]
        parameters = {"id" if name == "pk" else name: value for name, value in there.items()}
        for mode, where in (
            (GenerationMode.POSITIVE, parameters),
            (GenerationMode.NEGATIVE, parameters),
            (GenerationMode.NEGATIVE, None),
        ):
            statuses = fuzz(operation, mode, where, program)
            seen |= set(statuses)
            asked += len(statuses)

    assert {200, 400, 404} <= seen
    assert asked > EXAMPLES * len(known)


def fuzz(operation, mode, where, program):
    statuses = []

    @bounds(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=where))
    def ask(case):
        with transaction.atomic():
            response = case.call(headers=program.headers)
            transaction.set_rollback(True)
        statuses.append(response.status_code)
        case.validate_response(response, checks=CHECKS, headers=program.headers)

    ask()
    return statuses
