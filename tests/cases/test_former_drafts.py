"""The last few versions of a draft: kept when it matters, brought back, found by striking out."""

from datetime import timedelta
from itertools import pairwise

import pytest

from anshin.cases import actions, rules
from anshin.cases.models import Draft
from anshin.cases.queries import former_drafts_of
from anshin.cases.terms import StrikeReason
from anshin.shops.actions import NotAllowed
from tests.cases.writing import MIKUMO, arrive
from tests.conftest import NOW

LONG = "お問い合わせいただき、ありがとうございます。お調べしてご連絡いたします。"
MINUTE = timedelta(minutes=1)


def kept(*steps):
    """The stored versions after writing each (minutes, text) over the one before."""
    stored = ""
    for (before_at, before), (_at, fresh) in pairwise(steps):
        stored = rules.keep_former_draft(stored, text=before, saved_at=NOW + before_at * MINUTE, fresh=fresh)
    return [text for _at, text in rules.former_drafts(stored)]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(0, LONG), (1, LONG + "。"), (2, LONG + "。。"), (3, LONG + "。。。")], [LONG]),
        ([(0, LONG), (1, LONG + "一"), (7, LONG + "一二"), (8, LONG + "一二三")], [LONG + "一二", LONG]),
        ([(0, "短い"), (9, "短い文"), (18, "短い文です")], []),
        ([(0, LONG), (1, LONG + "追記"), (2, "")], [LONG + "追記", LONG]),
        ([(n * 6, f"{LONG}{n}") for n in range(9)], [f"{LONG}{n}" for n in (7, 6, 5, 4, 3)]),
    ],
)
def test_what_is_kept(steps, expected):
    assert kept(*steps) == expected


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@x", at=now).case


def save(by, case, text, version, now):
    return actions.save_draft(
        by=by, case_id=case.pk, is_note=False, text=text, version=version, read_at_version=1, now=now
    )


@pytest.mark.django_db
def test_a_lost_text_comes_back_and_what_stood_there_is_kept(case, agent, now):
    save(agent, case, LONG, 0, now)
    draft = save(agent, case, "", 1, now + MINUTE)
    (saved_at, text), *_rest = former_drafts_of(draft)
    assert (saved_at, text) == (now, LONG)
    back = actions.bring_back_draft(by=agent, case_id=case.pk, is_note=False, saved_at=saved_at, now=now + 2 * MINUTE)
    assert (back.text, back.version) == (LONG, 3)


@pytest.mark.django_db
def test_nobody_elses_versions(case, agent, new_agent, stranger, warehouse, now):
    save(agent, case, LONG, 0, now)
    save(agent, case, "", 1, now + MINUTE)
    for by, refusal in ((new_agent, actions.WrongCase), (stranger, actions.WrongCase), (warehouse, NotAllowed)):
        with pytest.raises(refusal):
            actions.bring_back_draft(by=by, case_id=case.pk, is_note=False, saved_at=now, now=now)
    assert Draft.objects.get().text == ""


@pytest.mark.django_db
def test_striking_out_reaches_former_versions_also_in_other_cases(shop, owner, agent, now):
    card = "4111 1111 1111 1111"
    case = arrive(shop, "b@x", at=now, text=f"カード番号は {card} です。").case
    other = arrive(shop, "c@x", at=now, sender=MIKUMO).case
    for each in (case, other):
        save(agent, each, f"{LONG}\n{card}", 0, now)
        save(agent, each, "", 1, now + MINUTE)
    message = case.messages.get()
    actions.strike(
        by=owner, message_id=message.pk, texts=[card], file_ids=[], reason=StrikeReason.NUMBER, now=now + 2 * MINUTE
    )
    for draft in Draft.objects.all():
        ((saved_at, text),) = former_drafts_of(draft)
        assert (saved_at, card in text, LONG in text) == (now, False, True)


def test_drafts_are_thrown_away_with_one_statement_for_each_table():
    """A former version in a table of its own would cost every reply a statement more."""
    assert {each.related_model.__name__ for each in Draft._meta.related_objects} == {"DraftFile"}
