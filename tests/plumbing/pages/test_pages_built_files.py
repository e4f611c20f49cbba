"""What the build made, and that templates only ask for what is there."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ROOT / "src" / "anshin"
OUT = SOURCES / "plumbing" / "pages" / "static" / "anshin"


def built(name):
    if not (OUT / name).exists():
        pytest.skip("the pages are not built here; run frontend/build.py")
    return (OUT / name).read_text()


def icons_listed():
    lines = (ROOT / "frontend" / "icons.txt").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def test_every_icon_that_a_template_names_is_in_the_list():
    used = set()
    for path in SOURCES.rglob("templates/**/*.html"):
        used |= set(re.findall(r'\{% icon "([\w-]+)"', path.read_text()))
        used |= set(re.findall(r'icon="([\w-]+)"', path.read_text()))
    assert used - icons_listed() == set()


def test_every_icon_that_python_names_is_in_the_list():
    used = set()
    for path in SOURCES.rglob("*.py"):
        text = path.read_text()
        used |= set(re.findall(r'icon_markup\("([\w-]+)"', text))
        used |= set(re.findall(r'\bicon="([a-z][\w-]*)"', text))
        used |= set(re.findall(r'"icon": "([a-z][\w-]*)"', text))
    assert used - icons_listed() == set()


def test_the_sprite_holds_exactly_the_listed_icons():
    assert set(re.findall(r'<symbol id="([\w-]+)"', built("icons.svg"))) == icons_listed()


def test_no_template_carries_a_script_or_a_style_of_its_own():
    for path in SOURCES.rglob("templates/**/*.html"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"<style|\sstyle=|\son(click|change|submit|load)=|javascript:|hx-on", text), path


def test_the_style_sheet_follows_the_system_without_a_script():
    sheet = built("app.css")
    assert "light-dark(" in sheet
    assert re.search(r'\[data-theme=("|)dark\1\]\{color-scheme:dark\}', sheet)
    assert "prefers-reduced-motion" in sheet
    assert "@media print" in sheet


def test_the_script_neither_evaluates_text_nor_writes_styles():
    script = built("app.js")
    assert "includeIndicatorStyles" in script
    assert "allowEval=!1" in script


def test_the_fonts_named_are_there():
    names = re.findall(r"\./fonts/([\w.-]+)", built("fonts.css"))
    assert len(names) > 100
    assert [name for name in names if not (OUT / "fonts" / name).exists()] == []


def test_a_second_build_with_nothing_changed_starts_no_program(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("pages_build", ROOT / "frontend" / "build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    monkeypatch.setattr(build, "compile_messages", lambda: None)
    monkeypatch.setattr(build, "OUT", tmp_path)
    monkeypatch.setattr(build, "started", lambda *_: pytest.fail("it started a program"))
    (tmp_path / ".made-from").write_text(build.digest(build.page_sources()))
    build.build()
    assert [path.name for path in tmp_path.iterdir()] == [".made-from"]
