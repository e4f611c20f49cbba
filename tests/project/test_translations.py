"""The report on translations: what it finds, and what it leaves alone."""

import shutil
from pathlib import Path

import pytest

from anshin.project import translations

pytestmark = pytest.mark.skipif(shutil.which("xgettext") is None, reason="Debian's gettext is not installed")
CODE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
NAME = gettext_lazy("Name")
page = f"<b>{_('Inside')}</b>"
count = ngettext("%(count)s case", "%(count)s cases", 2)
parcel = pgettext("parcel", "Delivered")
computed = _(NAME)
"""
TEMPLATE = """{% load i18n %}{% translate "Save" %}
{% blocktranslate with who=person %}Hello {{ who }}{% endblocktranslate %}"""
COMPLETE = {
    "Name": "名前",
    "Inside": "中",
    "%(count)s case": "%(count)s件",
    "Delivered": "届きました",
    "Save": "保存",
    "Hello %(who)s": "こんにちは、%(who)sさん",
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch) -> Path:
    """A house with one room, and another room nested in it."""
    monkeypatch.setattr(translations, "ANSHIN", tmp_path)
    room = tmp_path / "room"
    (room / "templates").mkdir(parents=True)
    (room / "inner").mkdir()
    (room / "apps.py").touch()
    (room / "inner" / "apps.py").touch()
    (room / "words.py").write_text(CODE)
    (room / "templates" / "page.html").write_text(TEMPLATE)
    (room / "inner" / "words.py").write_text('from django.utils.translation import gettext as _\n_("Nested")\n')
    return tmp_path


def catalogue(house: Path, room: str = "room") -> Path:
    return house / room / translations.CATALOGUE


def fill(path: Path, japanese: dict[str, str]) -> None:
    """Write the Japanese behind each English sentence of a catalogue."""
    lines, current = [], ""
    for line in path.read_text().split("\n"):
        if line.startswith("msgid "):
            current = line[7:-1]
        is_empty = line in {'msgstr ""', 'msgstr[0] ""'}
        lines.append(f'{line[:-2]}"{japanese[current]}"' if is_empty and current in japanese else line)
    path.write_text("\n".join(lines))


@pytest.fixture
def complete(house: Path) -> Path:
    translations.update()
    fill(catalogue(house), COMPLETE)
    fill(catalogue(house, "room/inner"), {"Nested": "内側"})
    return house


def test_sentences_come_from_code_f_strings_and_templates(house):
    found = {
        (each.context, each.text, each.plural, each.file) for each in translations.sentences(house / "room").values()
    }
    assert found == {
        ("", "Name", "", "words.py"),
        ("", "Inside", "", "words.py"),
        ("", "%(count)s case", "%(count)s cases", "words.py"),
        ("parcel", "Delivered", "", "words.py"),
        ("", "Save", "", "templates/page.html"),
        ("", "Hello %(who)s", "", "templates/page.html"),
    }


def test_update_adds_each_sentence_once_to_its_own_room(house):
    assert translations.update() == 7
    assert translations.update() == 0
    assert "Nested" in catalogue(house, "room/inner").read_text()
    assert "Nested" not in catalogue(house).read_text()


def test_update_leaves_what_is_translated_as_it_is(complete):
    before = catalogue(complete).read_text()
    (complete / "room" / "more.py").write_text('from django.utils.translation import gettext as _\n_("More")\n')
    assert translations.update() == 1
    after = catalogue(complete).read_text()
    assert after.startswith(before.rstrip("\n"))
    assert after.removeprefix(before.rstrip("\n")) == '\n\n#: more.py\nmsgid "More"\nmsgstr ""\n'


def test_unused_entries_go_only_when_asked(complete):
    (complete / "room" / "words.py").write_text("")
    translations.update()
    assert "名前" in catalogue(complete).read_text()
    translations.update(drop_unused=True)
    assert "名前" not in catalogue(complete).read_text()
    assert "保存" in catalogue(complete).read_text()


def test_a_room_that_says_nothing_needs_no_catalogue(complete):
    (complete / "silent").mkdir()
    (complete / "silent" / "apps.py").touch()
    assert translations.update(drop_unused=True) == 0
    assert not catalogue(complete, "silent").exists()


def test_a_complete_house_is_in_order(complete, capsys):
    assert translations.report()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("former", "changed", "said"),
    [
        ('msgstr "名前"', 'msgstr ""', "room: “Name” has no Japanese"),
        ('msgid "Name"', 'msgid "Nome"', "room: no entry for “Name” (words.py)"),
        ('msgid "Name"', 'msgid "Nome"', "room: nothing says “Nome” any more"),
        (
            '#: words.py\nmsgid "Name"',
            '#, fuzzy\nmsgid "Name"',
            "room: the translation of “Name” is marked as doubtful",
        ),
        ("%(who)sさん", "%(whom)sさん", "room: other placeholders in the Japanese of “Hello %(who)s”"),
        ('"%(count)s件"', '"件"', "room: other placeholders in the Japanese of “%(count)s case”"),
    ],
)
def test_what_is_wrong_is_named(complete, capsys, former, changed, said):
    path = catalogue(complete)
    assert former in path.read_text()
    path.write_text(path.read_text().replace(former, changed))
    assert not translations.report()
    assert f"  {said}\n" in capsys.readouterr().err


def test_two_translations_of_one_sentence_are_a_clash(complete, capsys):
    (complete / "room" / "inner" / "words.py").write_text(
        'from django.utils.translation import gettext as _\n_("Nested")\n_("Save")\n'
    )
    translations.update()
    fill(catalogue(complete, "room/inner"), {"Save": "残す"})
    assert not translations.report()
    assert "“Save” is “保存” in room and “残す” in room/inner" in capsys.readouterr().err


def test_sentences_outside_every_app_are_named(complete, capsys):
    (complete / "lost.py").write_text('from django.utils.translation import gettext as _\n_("Lost")\n')
    assert not translations.report()
    assert "lost.py belongs to no app" in capsys.readouterr().err


def test_without_xgettext_it_says_so_and_holds_nobody_up(complete, capsys, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert translations.report()
    assert "xgettext is not installed" in capsys.readouterr().err
