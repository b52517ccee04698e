"""A page and the part that is swapped into it are one template, under one name."""

import re

from tests.guards.source import ROOT, modules, templates

PARTS = [path for path in templates() if path.suffix == ".html" and path.name.startswith("_")]
ROOT_ID = re.compile(r"<[a-z]+[^>]*\bid=\"([a-z0-9-]+)\"")


def everything_that_names_templates():
    texts = [path.read_text(encoding="utf-8") for path in templates() if path.is_file()]
    texts += [(ROOT / path).read_text(encoding="utf-8") for path in modules()]
    return "\n".join(texts)


def test_a_part_that_is_swapped_has_the_id_of_its_file():
    """Parts that ``render_part`` is given: their root element is found by the file's name."""
    swapped = set()
    for path in modules():
        if "/views" not in path:
            continue
        text = (ROOT / path).read_text(encoding="utf-8")
        swapped |= set(re.findall(r"\"([a-z_]+/_[a-z_]+\.html)\"", text))
    wrong = {}
    for name in sorted(swapped):
        text = (ROOT / "templates" / name).read_text(encoding="utf-8")
        wanted = name.rpartition("/")[2].strip("_").removesuffix(".html").replace("_", "-")
        first = ROOT_ID.search(text)
        if first is None or first.group(1) != wanted:
            wrong[name] = first and first.group(1)

    assert wrong == {}


def test_no_template_is_left_over():
    text = everything_that_names_templates()
    by_name = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html")
    left = [
        name
        for path in templates()
        if path.is_file()
        and not (name := path.relative_to(ROOT / "templates").as_posix()).startswith("django/")
        and name not in by_name
        and f'"{name}"' not in text
        and f"'{name}'" not in text
    ]

    assert left == []


def test_every_swap_also_works_as_a_plain_page():
    """A form that swaps has an action, a link that swaps an address."""
    tag = re.compile(r"<(?:a|form)\b[^>]*\bhx-(?:get|post)=[^>]*>")
    works = re.compile(r"\s(?:href|action|method)=")
    dead = [
        f"{path.relative_to(ROOT)}: {found[:80]}"
        for path in templates()
        if path.suffix == ".html"
        for found in tag.findall(path.read_text(encoding="utf-8"))
        if not works.search(found)
    ]

    assert dead == []
