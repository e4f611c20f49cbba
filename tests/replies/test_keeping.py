"""What a promise repeats of a reply goes when it is struck out or the customer is erased; owner and day stay."""

from __future__ import annotations

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Note
from anshin.cases.terms import ErasureGround, Resolution, StrikeReason
from anshin.replies import actions, rules
from anshin.replies.models import Promise
from anshin.replies.terms import Sending
from tests.cases.writing import KASHIWAGI, MIKUMO, arrive
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
SAID = "明日までに柏木由紀子様へご連絡いたします。"


@pytest.fixture
def promised(shop, agent, post):
    case = arrive(shop, "a@x", at=NOW).case
    message = actions.send(
        by=agent, case_id=case.pk, text=SAID, to=[KASHIWAGI], read_at_version=99, sending=Sending(), now=NOW
    )
    assert Promise.objects.get().quote == SAID
    return message


def erase(owner, case):
    cases.close(by=owner, case_id=case.pk, resolution=Resolution.ANSWERED, now=NOW)
    ground = ErasureGround.REQUEST
    cases.erase_customer(by=owner, customer_id=case.customer_id, ground=ground, requested_on=NOW.date(), now=NOW)


def strike(owner, message, texts):
    cases.strike(by=owner, message_id=message.pk, texts=texts, file_ids=[], reason=StrikeReason.OTHER, now=NOW)


def test_erasing_the_customer_takes_the_sentence_and_its_key(owner, promised):
    before = Promise.objects.get()
    actions.watch_promises(now=before.check_at)
    erase(owner, promised.case)
    kept = Promise.objects.get()
    assert (kept.quote, kept.due_at, kept.owner_id) == ("", before.due_at, before.owner_id)
    assert kept.key != before.key
    assert not Note.objects.filter(text__contains="柏木").exists()


def test_striking_finds_the_sentence_and_what_reminds_of_it(owner, promised):
    actions.watch_promises(now=Promise.objects.get().check_at)
    strike(owner, promised, ["柏木由紀子"])
    kept = Promise.objects.get()
    assert "柏木" not in kept.quote
    assert "ご連絡いたします" in kept.quote
    assert kept.key == rules.promise_key(kept.quote)
    assert not Note.objects.filter(text__contains="柏木").exists()


def test_two_sentences_that_become_one_stay_two_promises(shop, owner, agent, post):
    case = arrive(shop, "a@x", at=NOW).case
    text = "明日までに柏木由紀子様へご連絡いたします。\n明日までに高橋由紀子様へご連絡いたします。"
    message = actions.send(
        by=agent, case_id=case.pk, text=text, to=[KASHIWAGI], read_at_version=99, sending=Sending(), now=NOW
    )
    assert Promise.objects.count() == 2
    strike(owner, message, ["柏木由紀子", "高橋由紀子"])
    assert len({each.key for each in Promise.objects.all()}) == 2
    assert not Promise.objects.filter(quote__regex="柏木|高橋").exists()


def test_another_customers_promise_stays(shop, owner, agent, post, promised):
    other = arrive(shop, "b@x", at=NOW, sender=MIKUMO).case
    actions.send(by=agent, case_id=other.pk, text=SAID, to=[MIKUMO], read_at_version=99, sending=Sending(), now=NOW)
    erase(owner, promised.case)
    assert sorted(Promise.objects.values_list("quote", flat=True)) == ["", SAID]
