"""A state is written by the door alone, and nothing starts before the commit."""

import ast

from tests.guards.source import modules

THE_DOOR = "core/workflow.py"
KEEPERS_OF_ANOTHER_STATE = {
    "messaging/": "a job is a row that a worker takes; its state is a lease, not a decision of people",
    "organisation/workbooks/staged.py": "a staged workbook is taken in or discarded once, under a lock",
}


def writes_of_state(tree):
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "state":
                yield node.lineno
        updates = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update"
        if updates and any(keyword.arg == "state" for keyword in node.keywords):
            yield node.lineno


def started_tasks(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {
            "delay",
            "apply_async",
            "send_task",
        }:
            yield node


def inside_on_commit(tree):
    """Calls that stand in the arguments of ``transaction.on_commit``."""
    return {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "on_commit"
        for inner in ast.walk(node)
    }


def test_only_the_door_writes_a_state():
    written = [
        f"{path}:{line}"
        for path, tree in modules().items()
        if path != THE_DOOR and not path.startswith(tuple(KEEPERS_OF_ANOTHER_STATE))
        for line in writes_of_state(tree)
    ]

    assert written == []


def test_the_exceptions_are_still_needed():
    for prefix in KEEPERS_OF_ANOTHER_STATE:
        lines = [
            line
            for path, tree in modules().items()
            if path.startswith(prefix)
            for line in writes_of_state(tree)
        ]
        assert lines, f"{prefix} writes no state any more: take it off the list"


def test_no_task_is_started_before_the_commit():
    early = [
        f"{path}:{call.lineno}"
        for path, tree in modules().items()
        if "/tasks" not in path and not path.startswith(("config/", "core/management"))
        for call in started_tasks(tree)
        if id(call) not in inside_on_commit(tree)
    ]

    assert early == []


def test_the_guard_sees_a_state_set_by_hand():
    tree = ast.parse("item.state = 'closed'\nrows.update(state='closed')\nitem.state == 'closed'")

    assert list(writes_of_state(tree)) == [1, 2]


def test_nothing_hides_in_save_or_in_model_signals():
    hidden = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if (
            isinstance(node, ast.FunctionDef)
            and node.name in {"save", "delete"}
            and "models" in path
        )
        or (isinstance(node, ast.Name) and node.id in {"post_save", "pre_save", "post_delete"})
    ]

    assert hidden == []
