"""What the content security policy forbids is not written, and what is vendored is what was recorded."""

import importlib.util
import json
import re
import shutil

import pytest

from tests.guards.source import ROOT, templates

PAGES = [path for path in templates() if path.suffix in {".html", ".svg"}]
OURS = [path for path in (ROOT / "static").rglob("*") if "vendor" not in path.parts]
INLINE = re.compile(
    r"<style\b|<script(?![^>]*\bsrc=)[^>]*>|\sstyle=[\"']|\son[a-z]+=[\"']|javascript:|\shx-on\b",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"url\(\s*[\"']?(?:https?:)?//|@import", re.IGNORECASE)
ADDRESS = re.compile(r"\b(?:src|href|action|hx-get|hx-post)=[\"'](?:https?:)?//", re.IGNORECASE)
ICON = re.compile(r"{%\s*icon\s+[\"']([a-z0-9-]+)[\"']")


@pytest.fixture(scope="module")
def vendoring():
    path = ROOT / "script" / "vendor_assets.py"
    spec = importlib.util.spec_from_file_location("vendor_assets", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def found_in(paths, pattern):
    return {
        str(path.relative_to(ROOT)): match.group()
        for path in paths
        if path.is_file() and (match := pattern.search(path.read_text(encoding="utf-8")))
    }


def test_no_template_has_inline_script_or_style():
    assert found_in(PAGES, INLINE) == {}


def test_no_page_reaches_for_another_host():
    assert found_in(PAGES, ADDRESS) == {}


def test_no_style_sheet_imports_or_reaches_for_another_host():
    assert found_in([path for path in OURS if path.suffix == ".css"], ELSEWHERE) == {}


def test_our_scripts_neither_evaluate_text_nor_write_markup():
    scripts = [path for path in OURS if path.suffix == ".js"]

    assert len(scripts) > 3
    assert found_in(scripts, re.compile(r"\beval\(|new Function|innerHTML|document\.write")) == {}


def test_every_icon_asked_for_is_in_the_sprite():
    sprite = (ROOT / "static/vendor/icons/sprite.svg").read_text(encoding="utf-8")
    there = set(re.findall(r"<symbol id=\"([a-z0-9-]+)\"", sprite))
    asked = {name for path in PAGES for name in ICON.findall(path.read_text(encoding="utf-8"))}

    assert asked - there == set()


def test_vendored_files_are_what_was_recorded(vendoring):
    assert vendoring.check() == []


def test_a_changed_a_missing_and_an_added_vendored_file_are_named(vendoring, tmp_path):
    copy = tmp_path / "vendor"
    shutil.copytree(ROOT / "static/vendor", copy)
    (copy / "icons/sprite.svg").write_text("<svg/>")
    (copy / "tabler/LICENSE").unlink()
    (copy / "extra.css").write_text("@import 'x';")

    assert vendoring.check(copy) == [
        "extra.css: not in SHA256SUMS",
        "icons/sprite.svg: changed since it was recorded",
        "tabler/LICENSE: missing",
    ]


def test_every_vendored_package_is_pinned_and_licensed():
    packages = json.loads((ROOT / "static/vendor/vendor.lock.json").read_text())["packages"]

    assert {package["licence"] for package in packages} <= {"MIT", "Apache-2.0"}
    for package in packages:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["integrity"].startswith("sha512-")
        assert (ROOT / "static/vendor" / package["folder"] / "LICENSE").is_file()


def test_the_lock_names_no_host():
    lock = (ROOT / "static/vendor/vendor.lock.json").read_text()

    assert "://" not in lock
