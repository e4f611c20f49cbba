"""Many messages at once come to the very rows that they come to one by one."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anshin.cases.actions import receive_message, receive_messages
from anshin.cases.actions.portion import Portion
from anshin.cases.models import Case, Message
from anshin.commerce.models import Customer
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.models import Shop
from tests.cases.mixed_post import furnish, mixed_post
from tests.cases.rows import differences, rows_of, to_index
from tests.cases.writing import letter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(12))
def test_a_mixed_post_comes_to_the_same_rows_as_one_by_one(
    shop: Shop, other_shop: Shop, now: datetime, seed: int
) -> None:
    outcomes: list[list[Any]] = []
    for each, size in ((shop, 1), (other_shop, (7, 60)[seed % 2])):
        Shop.objects.filter(pk=each.pk).update(name="こもれび")
        each.refresh_from_db()
        furnish(each, now)
        post = mixed_post(each, random.Random(seed), now)
        parts = [post[start : start + size] for start in range(0, len(post), size)]
        received = [one for part in parts for one in receive_messages(shop=each, messages=part, now=now)]
        outcomes.append([(one.outcome, one.reason, one.is_spam, one.message.message_key) for one in received])

    assert outcomes[0] == outcomes[1]
    assert {"new_case", "threaded", "duplicate"} <= {outcome for outcome, *_rest in outcomes[0]}
    assert differences(rows_of(shop), rows_of(other_shop)) == []
    assert to_index(shop) == to_index(other_shop)


def test_an_answer_finds_the_mail_it_answers_in_the_same_portion(shop: Shop, now: datetime) -> None:
    first, answer = letter("1@x", at=now), letter("2@x", at=now, subject="別の件名", refers_to=("1@x",))
    opened, joined = receive_messages(shop=shop, messages=[first, answer], now=now)
    assert (opened.outcome, joined.outcome, joined.reason) == ("new_case", "threaded", "reference")
    assert Case.objects.get().version == 2
    assert Customer.objects.count() == 1


def test_a_portion_that_breaks_changes_nothing(shop: Shop, now: datetime) -> None:
    facts = JournalEntry.objects.count()
    post = [letter("1@x", at=now), letter("2@x", at=now, raw_blob_id="not a number")]
    with pytest.raises(ValueError, match="not a number"):
        receive_messages(shop=shop, messages=post, now=now)
    assert (Case.objects.count(), Message.objects.count(), JournalEntry.objects.count()) == (0, 0, facts)
    assert receive_message(shop=shop, message=letter("3@x", at=now), now=now).case.number == 1


def test_what_somebody_else_takes_in_meanwhile_is_a_duplicate(
    shop: Shop, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others of the portion go in as ever."""
    post = [letter(f"{number}@x", at=now) for number in range(3)]
    write, raced = Portion.write, []

    def late(portion: Portion) -> None:
        if not raced:
            raced.append(True)
            raise IntegrityError("cases_message_once")
        write(portion)

    with monkeypatch.context() as patch:
        patch.setattr(Portion, "write", late)
        received = receive_messages(shop=shop, messages=post, now=now)

    assert [one.outcome for one in received] == ["new_case", "threaded", "threaded"]
    assert Message.objects.count() == 3


def test_case_numbers_have_no_gap_however_many_were_drawn(shop: Shop, now: datetime) -> None:
    joined = [letter(f"{number}@x", at=now) for number in range(9)]
    receive_messages(shop=shop, messages=joined, now=now)
    other = replace(letter("9@x", at=now), subject="別の件")
    assert receive_message(shop=shop, message=other, now=now).case.number == 2


def test_a_hundred_mails_cost_few_statements(shop: Shop, now: datetime, django_assert_max_num_queries: Any) -> None:
    post = [letter(f"{number}@x", at=now, subject=f"{number}件目", html="<p>本文</p>") for number in range(100)]
    with transaction.atomic(), django_assert_max_num_queries(40):
        receive_messages(shop=shop, messages=post, now=now)
    assert Case.objects.count() == 100
