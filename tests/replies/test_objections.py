"""What a reply may not say: refused to an agent, sent by a manager with a reason; plain words; macros for a step."""

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Message
from anshin.plumbing.journal.models import JournalEntry
from anshin.replies import actions, rules
from anshin.replies.queries import for_steps, found_words, word_rows
from anshin.replies.terms import MacroStep
from anshin.returns.rules.macro_steps import macro_steps
from anshin.shops.actions import NotAllowed
from tests.cases.writing import KASHIWAGI, arrive
from tests.replies.writing import content

pytestmark = pytest.mark.django_db
DENIED = "不良品であっても返品はお受けできません。"


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@x", at=now).case


def reply(by, case, now, text=DENIED, **more):
    return cases.reply(by=by, case_id=case.pk, text=text, to=[KASHIWAGI], read_at_version=99, now=now, **more)


def test_a_denied_right_does_not_leave_and_writes_nothing(case, agent, post, now):
    with pytest.raises(cases.ReplyObjected) as refusal:
        reply(agent, case, now, despite="急いでいる")
    assert [each.code for each in refusal.value.objections] == ["right_denied"]
    assert not refusal.value.may_override
    assert not Message.objects.filter(direction="out").exists()


def test_somebody_who_approves_sends_it_with_a_reason(case, manager, post, now):
    with pytest.raises(cases.ReplyObjected):
        reply(manager, case, now)
    reply(manager, case, now, despite="弁護士と確認済み")
    entry = JournalEntry.objects.get(event="case.reply_sent_despite")
    assert (entry.payload["codes"], entry.payload["reason"]) == ("right_denied", "弁護士と確認済み")


@pytest.mark.parametrize(
    "text",
    [
        "お客様のご都合による返品は、不良の場合を除き、お受けできません。",
        f"> {DENIED}\nご返信ありがとうございます。交換いたします。",
        "不良品でしたら交換いたします。",
    ],
)
def test_what_is_lawful_leaves(case, agent, post, now, text):
    assert reply(agent, case, now, text=text).pk


def test_a_shop_adds_switches_off_and_takes_out_words(shop, manager, agent, now):
    actions.save_word(by=manager, word="ＢＯ", plain="お取り寄せ", now=now)
    actions.save_word(by=manager, word="RMA", plain="", now=now)
    assert found_words(shop, "ＢＯです。RMAを発行します。", "ja") == [("ＢＯ", "お取り寄せ")]
    own = next(row for row in word_rows(shop) if row.word == "RMA" and row.language == "ja")
    actions.remove_word(by=manager, word_id=own.pk, now=now)
    assert ("RMA", "返品受付番号") in found_words(shop, "RMAを発行します。", "ja")
    with pytest.raises(NotAllowed):
        actions.save_word(by=agent, word="x", plain="y", now=now)


def test_a_word_counts_only_as_a_whole_and_not_in_its_plain_one():
    words = {"RMA": "返品受付番号", "出荷": "発送", "番号": "受付番号"}
    assert rules.words_in("FARMACYのrmaと出荷、受付番号", words) == [("rma", "返品受付番号"), ("出荷", "発送")]


def test_macros_of_the_step_come_first(shop, case, manager, now):
    fits = actions.save_macro(by=manager, content=content(steps=("paid",)), now=now)
    actions.save_macro(by=manager, content=content(name="別", steps=("refused",)), now=now)
    assert [each.macro for each in for_steps(shop, case, ("paid",))] == [fits]
    assert for_steps(shop, case, ()) == []


@pytest.mark.parametrize(
    ("axes", "steps"),
    [
        (("asked", "not_yet", "not_yet", "not_yet", "refund"), [MacroStep.RECEIVED]),
        (("refused", "not_yet", "not_yet", "not_yet", "refund"), [MacroStep.REFUSED]),
        (("withdrawn", "not_yet", "not_yet", "not_yet", "refund"), []),
        (("approved", "awaited", "not_yet", "not_yet", "refund"), [MacroStep.APPROVED, MacroStep.AWAITED]),
        (("approved", "here", "under_way", "not_yet", "refund"), [MacroStep.ARRIVED]),
        (("approved", "here", "good", "to_confirm", "exchange"), [MacroStep.INSPECTED, MacroStep.EXCHANGED]),
        (("approved", "here", "good", "failed", "refund"), [MacroStep.FAILED]),
        (("approved", "here", "good", "paid", "refund"), [MacroStep.PAID]),
    ],
)
def test_each_step_has_its_macros(axes, steps):
    names = ("approval", "parcel", "inspection", "money", "wish")
    assert macro_steps(**dict(zip(names, axes, strict=True))) == steps
