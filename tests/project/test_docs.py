"""The documents say what is so: links lead somewhere, commands exist, words are explained."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from django.db.models import TextChoices
from django.utils import translation

import anshin
from anshin.channels.email.terms import Trouble
from anshin.project.__main__ import COMMANDS
from anshin.project.cli import screenshots

ROOT = Path(__file__).resolve().parents[2]
OWN = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE_PATH = re.compile(r"`((?:src|tests|frontend|docs)/[\w./-]+)`")
ROOMS = ("shops", "commerce", "cases", "returns", "channels.email", "channels.web_form", "plumbing.jobs")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def anchor(heading: str) -> str:
    """The anchor that a heading gets: lower case, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def enumerations() -> list[type[TextChoices]]:
    """Every TextChoices class in a room's terms.py, or in a file of its folder terms."""
    found: list[type[TextChoices]] = []
    for module in pkgutil.walk_packages(anshin.__path__, "anshin."):
        if re.search(r"\.terms(\.\w+)?$", module.name):
            loaded = importlib.import_module(module.name)
            found += [
                each
                for _name, each in inspect.getmembers(loaded, inspect.isclass)
                if issubclass(each, TextChoices) and each.__module__ == module.name
            ]
    return found


@pytest.mark.parametrize("path", OWN, ids=name_of)
def test_every_link_leads_to_a_file_or_heading_that_exists(path):
    broken = []
    for target in LINK.findall(without_code(path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _hash, heading = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists():
            broken.append(target)
        elif heading:
            headings = re.findall(r"^#+ (.+)$", without_code(there.read_text(encoding="utf-8")), re.MULTILINE)
            if heading not in {anchor(each) for each in headings}:
                broken.append(target)
    assert broken == []


@pytest.mark.parametrize("path", OWN, ids=name_of)
def test_every_file_that_is_named_exists(path):
    named = CODE_PATH.findall(without_code(path.read_text(encoding="utf-8")))
    invented = "mailbox_stopped"  # the made-up letter of add-a-letter.md
    assert [each for each in named if invented not in each and not (ROOT / each).exists()] == []


@pytest.mark.parametrize("path", OWN, ids=name_of)
def test_every_command_that_is_named_exists(path):
    named = set(re.findall(r"\./anshin ([a-z][a-z-]*)", path.read_text(encoding="utf-8")))
    assert sorted(named - set(COMMANDS)) == []


def test_the_readme_names_every_command():
    named = set(re.findall(r"\| `\./anshin ([a-z][a-z-]*)` \|", text_of("README.md")))
    assert named == set(COMMANDS)


def test_the_readme_begins_with_the_two_commands_and_says_what_is_missing():
    readme = text_of("README.md")
    assert "```\n./anshin demo\n```" in readme
    assert "```\n./anshin test\n```" in readme
    assert "\n## What it does not do yet\n" in readme
    assert "docs/pictures/desk.png" in readme


def test_the_changelog_has_a_place_for_what_comes_next():
    headings = re.findall(r"^## (.+)$", text_of("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_the_enumerations_are_found():
    assert {each.__module__.partition(".terms")[0] for each in enumerations()} >= {f"anshin.{room}" for room in ROOMS}


@pytest.mark.parametrize("each", enumerations(), ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_words_explains_every_code_in_both_languages(each):
    room = each.__module__.removeprefix("anshin.").partition(".terms")[0].replace(".", "/")
    section = text_of("docs/words.md").partition(f"\n### {room}\n")[2].partition("\n### ")[0]
    table = section.partition(f"\n**{each.__name__}**")[2].partition("\n**")[0]
    rows = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \| [^|]+ \|$", table, re.MULTILINE))
    with translation.override("en"):
        assert rows == {code.value or "(empty)": str(code.label) for code in each}


def test_words_says_each_japanese_word():
    rows = re.findall(
        r"^\| .+ \| (.+) \| .+ \|$", text_of("docs/words.md").partition("## Enumerations")[0], re.MULTILINE
    )
    assert [row for row in rows if not row.strip()] == []
    assert len(rows) > 60


def test_the_mail_page_explains_every_trouble():
    page = text_of("docs/operators/mail.md")
    with translation.override("en"):
        missing = [code.value for code in Trouble if f"| `{code.value}` | {code.label}<br>" not in page]
    assert missing == []


def test_decisions_are_numbered_dated_and_have_three_parts():
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert re.match(rf"# {path.name[:4]} \S", text), path.name
        assert re.search(r"\b20\d\d-\d\d-\d\d\b", text), path.name
        for part in ("Context", "Decision", "Consequences"):
            assert f"\n## {part}\n" in text, (path.name, part)


def test_every_picture_is_made_by_the_command_and_small():
    made = {f"{shot.name}.png" for shot in screenshots.SHOTS}
    there = {path.name: path.stat().st_size for path in (ROOT / "docs" / "pictures").glob("*.png")}
    assert set(there) == made
    assert [name for name, size in there.items() if size > screenshots.LARGEST_BYTES] == []


def test_a_picture_that_does_not_exist_is_refused_by_name():
    with pytest.raises(screenshots.CannotTake, match="There is no picture called nonsense"):
        screenshots.chosen(["desk", "nonsense"])
    assert [shot.name for shot in screenshots.chosen(["desk"])] == ["desk"]


def test_without_chromium_it_is_said_what_to_install(monkeypatch, capsys, tmp_path):
    pytest.importorskip("playwright.sync_api")
    monkeypatch.setattr(screenshots.shutil, "which", lambda _name: None)
    options = screenshots.argparse.Namespace(only=[], into=tmp_path / "pictures", address=None)

    assert screenshots.run(options) == 2

    assert "apt-get install chromium" in capsys.readouterr().err
    assert not (tmp_path / "pictures").exists()
