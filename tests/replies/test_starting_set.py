"""The macros that come with the program: complete, clean, and never over what a shop made of them."""

import re

import pytest

from anshin.language.detect import guess_language
from anshin.language.topics.codes import CODES
from anshin.plumbing.journal.models import JournalEntry
from anshin.replies import actions, rules
from anshin.replies.actions.starting import FOLDER, starting_set
from anshin.replies.models import Macro, MacroVersion
from anshin.replies.terms import Language, MacroContent

SET = starting_set()
TEXTS = [(key, language, text) for key, content in SET.items() for language, text in content.texts.items()]


def named(value):
    return value if isinstance(value, str) and len(value) < 40 else None


def test_every_topic_has_at_least_one_and_no_file_lies_beside():
    assert {content.topics[0] for content in SET.values()} == set(CODES)
    assert {path.stem for path in FOLDER.glob("*.toml")} == {*CODES, "frame", "steps"}


@pytest.mark.parametrize("key", SET)
def test_every_macro_is_there_in_all_five_languages_with_the_same_placeholders(key):
    texts = SET[key].texts
    assert set(texts) == set(Language.values)
    used = {language: rules.placeholders_in(text) for language, text in texts.items()}
    assert len(set(used.values())) == 1, used
    assert {"customer.name", "writer.name", "shop.name"} <= used["ja"]


@pytest.mark.parametrize(("key", "language", "text"), TEXTS, ids=named)
def test_a_text_is_clean(key, language, text):
    assert rules.wrong_in(text) == ()
    assert not re.search("[\uff61-\uff9f]", text), "half-width katakana"
    assert not re.search("[○●◯〇]|XX|TODO|xxx|\\.\\.\\.", text), "a hole without a placeholder"
    assert not re.search("[！!]", text)
    assert not re.search("[ \t]+$", text, re.MULTILINE)
    assert 80 < len(text) < 1500


@pytest.mark.parametrize(("key", "language", "text"), TEXTS, ids=named)
def test_a_text_is_in_its_language(key, language, text):
    plain = re.sub(r"\{\{[^}]*\}\}", "", text)
    assert guess_language(plain).language == language


@pytest.mark.parametrize(("key", "language", "text"), [each for each in TEXTS if each[1] == "ja"], ids=named)
def test_the_japanese_is_courteous_and_not_overdone(key, language, text):
    assert "させていただ" not in text
    assert not re.search("ご覧になられ|おっしゃられ|お伺いいたしたく|とんでもございません", text)
    assert "{{customer.name}} 様" in text
    body = [line for line in text.splitlines() if line.endswith("。")]
    assert all(
        re.search("(です|ます|ません|ください|ございます|ました|でしょうか)(（[^）]*）)?。$", line) for line in body
    ), body


def test_names_are_different():
    names = [content.name for content in SET.values()]
    assert len(set(names)) == len(names)


@pytest.mark.django_db
def test_a_shop_gets_each_once_and_the_journal_says_so(shop, manager, now):
    assert actions.add_starting_set(shop=shop, by=manager, now=now) == len(SET)
    assert actions.add_starting_set(shop=shop, by=manager, now=now) == 0
    assert Macro.objects.filter(shop=shop).count() == len(SET)
    assert JournalEntry.objects.get(event="reply.starting_set_added").payload == {"macro_count": len(SET)}


@pytest.mark.django_db
def test_what_the_shop_changed_or_put_away_stays(shop, manager, now, later):
    actions.add_starting_set(shop=shop, by=manager, now=now)
    mine, away = Macro.objects.filter(shop=shop).order_by("id")[:2]
    changed = MacroContent("当店の言い方", tuple(mine.topics), {"ja": "当店の文です。"})
    actions.save_macro(by=manager, macro_id=mine.pk, content=changed, version=1, now=later)
    actions.archive_macro(by=manager, macro_id=away.pk, now=later)
    assert actions.add_starting_set(shop=shop, by=manager, now=later) == 0
    mine.refresh_from_db()
    away.refresh_from_db()
    assert (mine.name, mine.texts, away.archived_at) == ("当店の言い方", {"ja": "当店の文です。"}, later)
    assert MacroVersion.objects.filter(macro=mine).count() == 2


@pytest.mark.django_db
def test_the_installation_itself_may_add_it(shop, other_shop, now):
    actions.add_starting_set(shop=shop, by=None, now=now)
    assert not Macro.objects.filter(shop=other_shop).exists()
    assert JournalEntry.objects.get(event="reply.starting_set_added").actor_kind == "system"
