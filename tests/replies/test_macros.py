"""Macros are written, changed, copied and put away by those who may, and every saving can be brought back."""

from datetime import timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Message
from anshin.plumbing.journal.models import JournalEntry
from anshin.replies import actions, queries
from anshin.replies.models import Macro, MacroVersion, Phrase
from anshin.shops.actions import NotAllowed
from tests.cases.writing import KASHIWAGI, arrive
from tests.replies.writing import content

pytestmark = pytest.mark.django_db


@pytest.fixture
def macro(manager, now):
    return actions.save_macro(by=manager, content=content(), now=now)


def test_a_new_macro_is_version_one_and_in_the_journal(macro, manager):
    entry = JournalEntry.objects.get(event="reply.macro_saved")
    assert (macro.version, MacroVersion.objects.get().by) == (1, manager)
    assert entry.payload == {"macro_id": macro.pk, "title": "配送の遅れ: お調べします", "version": 1}
    assert entry.actor_id == manager.pk


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "  "}, actions.MissingName),
        ({"topics": ()}, actions.UnknownTopic),
        ({"topics": ("delivery.lost",)}, actions.UnknownTopic),
        ({"texts": {"en": "Hello"}}, actions.MissingText),
        ({"texts": {"ja": "{{customer.age}} 様"}}, actions.WrongPlaceholders),
        ({"texts": {"ja": "はい", "ko": "{{order.number"}}, actions.WrongPlaceholders),
    ],
)
def test_refused_and_nothing_is_written(manager, now, changes, refusal):
    with pytest.raises(refusal):
        actions.save_macro(by=manager, content=content(**changes), now=now)
    assert not Macro.objects.exists()
    assert not JournalEntry.objects.filter(event__startswith="reply.").exists()


def test_a_wrong_placeholder_names_language_and_place(manager, now):
    with pytest.raises(actions.WrongPlaceholders) as refused:
        actions.save_macro(by=manager, content=content(texts={"ja": "はい", "en": "{{order.nr}}"}), now=now)
    assert (refused.value.language, [gap.name for gap in refused.value.gaps]) == ("en", ["order.nr"])


def test_a_change_is_a_version_and_the_same_again_is_none(macro, manager, agent, now, later):
    changed = actions.save_macro(
        by=manager, macro_id=macro.pk, content=content(name="お調べします"), version=1, now=later
    )
    again = actions.save_macro(
        by=manager, macro_id=macro.pk, content=content(name="お調べします"), version=1, now=later
    )
    assert (changed.version, again.version) == (2, 2)
    assert [(each.number, each.content["name"]) for each in queries.versions_of(changed)] == [
        (2, "お調べします"),
        (1, "配送の遅れ: お調べします"),
    ]


def test_two_writers_do_not_overwrite_each_other(macro, manager, owner, later):
    actions.save_macro(by=owner, macro_id=macro.pk, content=content(name="A"), version=1, now=later)
    with pytest.raises(actions.StaleMacro):
        actions.save_macro(by=manager, macro_id=macro.pk, content=content(name="B"), version=1, now=later)
    macro.refresh_from_db()
    assert macro.name == "A"


def test_a_former_version_comes_back_as_the_newest(macro, manager, later):
    actions.save_macro(by=manager, macro_id=macro.pk, content=content(texts={"ja": "短い文"}), version=1, now=later)
    back = actions.bring_back_version(by=manager, macro_id=macro.pk, number=1, now=later)
    assert (back.version, queries.content_of(back)) == (3, content())


def test_archived_is_not_offered_and_keeps_its_versions(macro, manager, shop, now, later):
    case = arrive(shop, "a@x", at=now).case
    assert [each.macro for each in queries.suggested(shop, case)] == [macro]
    actions.archive_macro(by=manager, macro_id=macro.pk, now=later)
    assert queries.suggested(shop, case) == []
    assert queries.macros_page(shop).items == []
    assert queries.macros_page(shop, archived=True).items == [macro]
    assert len(queries.versions_of(macro)) == 1
    actions.bring_back_macro(by=manager, macro_id=macro.pk, now=later)
    assert queries.macros_page(shop).items == [macro]


def test_a_copy_is_a_macro_of_its_own(macro, manager, later):
    copy = actions.duplicate_macro(by=manager, macro_id=macro.pk, name="写し", now=later)
    actions.save_macro(by=manager, macro_id=copy.pk, content=content(texts={"ja": "別の文"}), version=1, now=later)
    macro.refresh_from_db()
    assert (macro.texts["ja"], copy.version, macro.version) == (content().texts["ja"], 1, 1)


def every_verb(by, macro, now):
    return [
        lambda: actions.save_macro(by=by, content=content(name="x"), now=now),
        lambda: actions.save_macro(by=by, macro_id=macro.pk, content=content(name="x"), version=1, now=now),
        lambda: actions.duplicate_macro(by=by, macro_id=macro.pk, name="x", now=now),
        lambda: actions.archive_macro(by=by, macro_id=macro.pk, now=now),
        lambda: actions.bring_back_macro(by=by, macro_id=macro.pk, now=now),
        lambda: actions.bring_back_version(by=by, macro_id=macro.pk, number=1, now=now),
        lambda: actions.add_starting_set(shop=by.shop, by=by, now=now),
    ]


@pytest.mark.parametrize("verb", range(7))
def test_agents_and_the_warehouse_do_not_change_macros(macro, agent, warehouse, later, verb):
    for by in (agent, warehouse):
        with pytest.raises(NotAllowed):
            every_verb(by, macro, later)[verb]()
    assert list(Macro.objects.values_list("name", "version")) == [(macro.name, 1)]
    assert JournalEntry.objects.filter(event__startswith="reply.").count() == 1


@pytest.mark.parametrize("verb", range(1, 6))
def test_another_shops_owner_finds_no_macro(macro, other_shop, later, verb):
    from tests.conftest import member

    outsider = member(other_shop, "owner", "shiomi@shiosai.example", "潮見")
    with pytest.raises(actions.WrongMacro):
        every_verb(outsider, macro, later)[verb]()
    assert list(Macro.objects.values_list("name", "version", "archived_at")) == [(macro.name, 1, None)]
    assert queries.macro_of(other_shop, macro.pk) is None


def test_a_phrase_is_its_authors_alone(agent, new_agent, stranger, warehouse, now):
    mine = actions.save_phrase(by=agent, name="結び", text="どうぞよろしくお願いいたします。", now=now)
    assert queries.phrases_of(agent) == [mine]
    assert queries.phrases_of(new_agent) == []
    for by in (new_agent, stranger):
        with pytest.raises(actions.WrongMacro):
            actions.save_phrase(by=by, name="x", text="y", phrase_id=mine.pk, now=now)
        actions.remove_phrase(by=by, phrase_id=mine.pk)
    with pytest.raises(NotAllowed):
        actions.save_phrase(by=warehouse, name="x", text="y", now=now)
    assert [each.text for each in Phrase.objects.all()] == ["どうぞよろしくお願いいたします。"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ご注文 {{order.number}} の件", "{{order.number}}"),
        ("ご注文 ｛｛ order.number ｝｝ の件", "｛｛ order.number ｝｝"),
        ("{{何か}}", "{{何か}}"),
        ("ここから {{ 先", "{{"),
    ],
)
def test_a_reply_with_braces_never_leaves(shop, agent, post, now, text, place):
    case = arrive(shop, "a@x", at=now).case
    with pytest.raises(cases.UnfilledPlaceholder) as refused:
        cases.reply(by=agent, case_id=case.pk, text=text, to=[KASHIWAGI], read_at_version=1, now=now)
    assert refused.value.places == (place,)
    with pytest.raises(cases.UnfilledPlaceholder):
        cases.reply(by=agent, case_id=case.pk, text="はい", subject=text, to=[KASHIWAGI], read_at_version=1, now=now)
    assert not Message.objects.filter(direction="out").exists()
    assert not JournalEntry.objects.filter(event="case.reply_written").exists()


def test_the_list_is_paged_by_topic_and_name(manager, shop, now):
    for n in range(5):
        actions.save_macro(by=manager, content=content(name=f"おくれ {n}"), now=now)
    actions.save_macro(by=manager, content=content(name="状況", topics=("order.status",)), now=now)
    first = queries.macros_page(shop, size=4)
    second = queries.macros_page(shop, size=4, cursor=first.next)
    assert [each.name for each in [*first.items, *second.items]] == ["状況", *(f"おくれ {n}" for n in range(5))]
    assert [each.name for each in queries.macros_page(shop, wanted="ｵｸﾚ 3").items] == ["おくれ 3"]


def test_the_fitting_topic_and_language_come_first(manager, shop, now):
    ja_only = actions.save_macro(by=manager, content=content(name="日本語だけ", texts={"ja": "はい"}), now=now)
    both = actions.save_macro(by=manager, content=content(name="両方"), now=now)
    other = actions.save_macro(by=manager, content=content(name="在庫", topics=("product.stock",)), now=now)
    case = arrive(shop, "a@x", at=now, text="Where is my parcel? It has not arrived.").case
    case.topics, case.language = [["delivery.late_or_missing", 0.9]], "en"
    offered = queries.suggested(shop, case)
    assert [(each.macro, each.language, each.fits) for each in offered] == [
        (both, "en", True),
        (ja_only, "ja", True),
        (other, "en", False),
    ]


def test_old_versions_do_not_slow_the_choice(manager, shop, now, django_assert_num_queries):
    for n in range(30):
        actions.save_macro(by=manager, content=content(name=f"遅れ {n}"), now=now + timedelta(minutes=n))
    case = arrive(shop, "a@x", at=now).case
    with django_assert_num_queries(1):
        assert len(queries.suggested(shop, case)) == 12
