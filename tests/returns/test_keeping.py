"""What a customer said and photographed goes when it is struck out or the customer is erased; decisions stay."""

from __future__ import annotations

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Message
from anshin.cases.terms import ErasureGround, Resolution, StrikeReason
from anshin.plumbing.files.store import keep
from anshin.returns import actions
from anshin.returns.models import Parcel, ParcelPhoto, ReturnPhoto
from tests.conftest import NOW

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def known(ask, sold, shop, says):
    blob = keep(shop.pk, PNG, now=NOW)
    return ask(sold(), words="柏木です。色が違います。", photos=[actions.KeptPhoto(blob.pk, "bag.png")])


def test_erasing_the_customer_takes_words_and_photos(owner, known, shop):
    actions.withdraw(shop=shop, customer=known.customer, number=1, now=NOW)
    cases.close(by=owner, case_id=known.case_id, resolution=Resolution.DECLINED, now=NOW)
    erased = {"ground": ErasureGround.REQUEST, "requested_on": NOW.date(), "now": NOW}
    cases.erase_customer(by=owner, customer_id=known.customer_id, **erased)
    known.refresh_from_db()
    assert (known.words, known.approval) == ("", "withdrawn")
    assert not ReturnPhoto.objects.exists()
    assert "柏木" not in "".join(step.by_name for step in known.steps.all())


def test_what_is_struck_out_of_the_case_goes_here_too(owner, known):
    message = Message.objects.filter(case_id=known.case_id).order_by("id").first()
    struck = {"by": owner, "message_id": message.pk, "reason": StrikeReason.OTHER, "now": NOW}
    cases.strike(**struck, texts=["色が違います"], file_ids=[message.attachments.get().pk])
    known.refresh_from_db()
    assert "色が違います" not in known.words
    assert not ReturnPhoto.objects.exists()


def test_a_parcel_that_nobody_announced_forgets_the_sender_who_is_erased(owner, warehouse, known, shop):
    slips = {"柏木由紀子": keep(shop.pk, PNG + b"1", now=NOW), "三雲 達也": keep(shop.pk, PNG + b"2", now=NOW)}
    for place, (name, blob) in enumerate(slips.items()):
        photo = [actions.KeptPhoto(blob.pk, "slip.png")]
        actions.book_in(by=warehouse, inside=[], nonce=f"u-{place}", sender_name=name, photos=photo, now=NOW)
    actions.withdraw(shop=shop, customer=known.customer, number=1, now=NOW)
    cases.close(by=owner, case_id=known.case_id, resolution=Resolution.DECLINED, now=NOW)
    erased = {"ground": ErasureGround.REQUEST, "requested_on": NOW.date(), "now": NOW}
    cases.erase_customer(by=owner, customer_id=known.customer_id, **erased)
    assert [each.blob for each in ParcelPhoto.objects.all()] == [slips["三雲 達也"]]
    assert set(Parcel.objects.values_list("sender_name", flat=True)) == {"", "三雲 達也"}
