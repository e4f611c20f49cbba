"""What a customer wrote beside the answer goes when it is struck out or the customer is erased; the score stays."""

from datetime import timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.terms import ErasureGround
from anshin.satisfaction import actions
from anshin.satisfaction.models import Survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(shop, asks, finished, moved, now):
    finished()
    moved(now + timedelta(days=2))
    token = Survey.objects.get().token
    return actions.answer(shop=shop, token=token, score=2, comment="遅い。柏木より", now=now + timedelta(days=2))


def test_erasing_the_customer_takes_the_words(owner, answered, now):
    assert answered.customer_id
    cases.erase_customer(
        by=owner,
        customer_id=answered.customer_id,
        ground=ErasureGround.REQUEST,
        requested_on=now.date(),
        now=now + timedelta(days=3),
    )
    kept = Survey.objects.get()
    assert (kept.score, kept.comment) == (2, "")


def test_what_is_struck_out_of_the_case_goes_here_too(owner, answered, now):
    from anshin.cases.models import Message
    from anshin.cases.terms import Direction, StrikeReason

    message = Message.objects.filter(case_id=answered.case_id, direction=Direction.IN).get()
    Message.objects.filter(pk=message.pk).update(text="袋の件。柏木より")
    cases.strike(
        by=owner,
        message_id=message.pk,
        texts=["柏木より"],
        file_ids=[],
        reason=StrikeReason.OTHER,
        now=now + timedelta(days=3),
    )
    assert "柏木" not in Survey.objects.get().comment
