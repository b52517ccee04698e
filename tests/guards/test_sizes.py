"""What nobody can read in one sitting is two things."""

import ast

from tests.guards.source import ROOT, modules, templates

MODULE, TEMPLATE, VIEW, TEST = 400, 150, 40, 60


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_module_is_over_400_lines():
    too_long = {path: n for path in modules() if (n := lines(ROOT / path)) > MODULE}

    assert too_long == {}


def test_no_template_is_over_150_lines():
    too_long = {
        str(path.relative_to(ROOT)): n
        for path in templates()
        if path.suffix in {".html", ".txt"} and (n := lines(path)) > TEMPLATE
    }

    assert too_long == {}


def test_no_view_is_over_40_lines():
    too_long = {
        f"{path}:{node.name}": node.end_lineno - node.lineno + 1
        for path, tree in modules().items()
        if "/views" in path
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > VIEW
    }

    assert too_long == {}


def test_no_room_is_called_after_nothing():
    vague = {"utils", "helpers", "services", "constants", "mixins", "managers", "common", "misc"}

    assert [path for path in modules() if vague & set(path.removesuffix(".py").split("/"))] == []
