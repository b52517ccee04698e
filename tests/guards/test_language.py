"""English in the code, Chinese in the catalogue, and nothing forgotten between them."""

import ast
import re

import polib
import pytest

from tests.guards.source import ROOT, modules, templates

CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
CHINESE = re.compile(r"[\u3400-\u9fff]")
FIELD_TERMS = {
    "core/text.py": "characters that are written in several ways",
    "core/deadlines/": "the phrases in which deadlines are written",
    "core/workbooks/": "headings, footers and names of departments as workbooks have them",
    "core/files": "names of programs in the sentences that say how to save a file",
    "core/templatetags/kit.py": "the forms of a Chinese date",
    "core/glyphs": "characters that a font must have",
    "core/official/": "the words that GB/T 9704 prescribes, and those that a title is broken by",
    "core/fonts.py": "the names that Chinese fonts give themselves",
    "issues/columns.py": "headings of problem lists as workbooks have them",
    "organisation/columns.py": "headings of lists of units and people as workbooks have them",
    "rectification/columns.py": "headings of ledgers as workbooks have them",
    "rectification/workbooks.py": "the word for every department, as workbooks have it",
    "core/privacy.py": "family names, and the words before a patient's name",
    "campaign/models/letterhead.py": "the form of a document number",
    "campaign/presets/": "names of the field's categories and phases",
    "supervision/documents/": "the parts of a circular and of an agenda, which are Chinese papers",
    "evaluations/counting/comments.py": "the words by which a writer gives himself away",
    "evaluations/presets.py": "names of the groups that vote",
    "evaluations/models/round.py": "the four dimensions of the founding plan",
    "evaluations/queries/manifest.py": "the public text of a vote, and phrases to choose from",
    "evaluations/forms/rounds.py": "for whom members of a commission stand",
    "evaluations/actions/deciding.py": "what the register of numbers says of a letter",
    "evaluations/views/rounds/": "names of a round and of files, which are Chinese papers",
    "evaluations/views/results/": "names of files, which are Chinese papers",
    "evaluations/views/surveys.py": "the mark between names of windows",
    "evaluations/documents/": "the words of official papers, which are Chinese",
    "desk/demo/": "the invented hospital speaks Chinese",
    "desk/management/commands/demo.py": "says in Chinese and English where things lie",
}


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(CATALOGUE))


def test_the_catalogue_is_complete(catalogue):
    assert [entry.msgid for entry in catalogue if not entry.msgstr and not entry.obsolete] == []


def test_nothing_in_the_catalogue_is_a_guess(catalogue):
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_placeholders_survive_translation(catalogue):
    names = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
    broken = [
        entry.msgid
        for entry in catalogue
        if not entry.obsolete
        and sorted(names.findall(entry.msgid)) != sorted(names.findall(entry.msgstr))
    ]

    assert broken == []


def test_the_compiled_catalogue_is_the_written_one(catalogue):
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    def pairs(entries):
        return {(e.msgctxt, e.msgid): e.msgstr for e in entries}

    written = [entry for entry in catalogue if not entry.obsolete and entry.msgstr]
    assert pairs(compiled) == pairs(written)


def strings(tree):
    """String constants, without docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings | bare:
            yield node


def test_chinese_stands_in_the_catalogue_not_in_the_code():
    typed = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if not path.startswith(tuple(FIELD_TERMS))
        for node in strings(tree)
        if CHINESE.search(node.value)
    ]

    assert typed == []


def test_chinese_stands_in_the_catalogue_not_in_the_templates():
    typed = [
        str(path.relative_to(ROOT))
        for path in templates()
        if path.suffix == ".html"
        and CHINESE.search(re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8")))
    ]

    assert typed == []


def test_refusals_are_in_the_language_of_the_reader():
    """A sentence for people is wrapped even in an exception."""
    bare = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "ActionRefusedError"
        and node.args
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    ]

    assert bare == []
