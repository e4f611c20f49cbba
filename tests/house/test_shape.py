"""Sizes, names and the furniture that import contracts do not cover."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "anshin"
LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
MODULES = sorted(path for path in SRC.rglob("*.py") if "migrations" not in path.parts)
NO_HOME = {"utils", "helpers", "common", "services", "managers", "misc"}
ROOMS = ["shops", "commerce", "cases", "replies", "language", "staff", "channels/email", "channels/web_form",
         "connectors/csv_files", "connectors/json_orders", "connectors/webhooks", "integrations", "insights", "api",
         "promoters",
         "plumbing/jobs", "plumbing/journal", "plumbing/live", "plumbing/files",
         "plumbing/backups", "plumbing/mail", "plumbing/pages", "plumbing/search", "plumbing/watching"]  # fmt: skip


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def code_lines(node):
    """Lines of a function without its docstring."""
    first = node.body[0]
    is_doc = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    start = first.end_lineno if is_doc else node.lineno
    return node.end_lineno - start


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SRC)))
def test_a_module_is_short_and_says_what_it_is_for(path):
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_MODULE
    assert path.stem not in NO_HOME
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "a module opens with a docstring"


def test_functions_are_short():
    long = [
        f"{path.relative_to(SRC)}:{node.name} {code_lines(node)}"
        for path in MODULES
        for node in functions(path)
        if code_lines(node) > LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_its_readme(room):
    lines = (SRC / room / "README.md").read_text().splitlines()
    assert 10 <= len(lines) <= 80


def test_templates_have_no_inline_script_or_style():
    found = []
    for path in SRC.rglob("templates/**/*.html"):
        text = path.read_text().lower()
        if "<script>" in text or "javascript:" in text or "<style" in text or " onclick=" in text:
            found.append(str(path.relative_to(SRC)))
    assert [path for path in found if "gallery" not in path] == []
