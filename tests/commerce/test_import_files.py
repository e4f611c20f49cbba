"""Order files hold names and remarks: they go a month after their import, and striking and erasing reach them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from anshin.cases import actions as cases
from anshin.cases.terms import ErasureGround, PlaceKind, StrikeReason
from anshin.commerce import actions, jobs
from anshin.commerce.models import Customer, Order, OrderImport, RefusedRow
from anshin.commerce.terms import ImportState
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import path_of, read_bytes
from anshin.plumbing.jobs.inline import run_due_jobs
from tests.cases.writing import arrive
from tests.connectors.csv_files import samples

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

pytestmark = pytest.mark.django_db


CARD = "4111-1111-1111-1111"
MONTH = timedelta(days=30)


@pytest.fixture(autouse=True)
def still(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs see the tests' moment."""
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)


def row(number: str, **told: str) -> dict[str, str]:
    return {"注文番号": number, "注文者メールアドレス": f"{number.lower()}@example.jp", **told}


FILE = samples.rakuten(
    row("A-1", コメント=f"カードは {CARD} です"),
    row("A-2", コメント="急ぎません"),
    row("A-3", コメント=f"カード番号 {CARD} で", 個数="x"),
)


def brought(shop: Shop, by: Membership, now: datetime, content: bytes = FILE) -> OrderImport:
    return actions.start_order_import(shop=shop, content=content, file_name="注文.csv", by=by, now=now)


def imported(shop: Shop, by: Membership, now: datetime, content: bytes = FILE) -> OrderImport:
    run = brought(shop, by, now, content)
    actions.confirm(shop=shop, import_id=run.pk, by=by, now=now)
    run_due_jobs(now)
    found = OrderImport.objects.get(pk=run.pk)
    assert (found.state, found.orders_new, found.rows_refused) == (ImportState.DONE, 2, 1)
    return found


def text_of(run: OrderImport) -> str:
    run.refresh_from_db()
    assert run.file is not None
    return read_bytes(run.file).decode("cp932")


def test_a_month_after_the_import_file_and_refused_rows_go_and_the_orders_stay(
    shop, manager, now, settings, tmp_path, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path
    run = imported(shop, manager, now)
    assert run.file is not None
    on_disk = path_of(run.file.sha256)
    assert actions.remove_old_files(now=now + MONTH) == 0
    assert on_disk.exists()

    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now + MONTH + timedelta(minutes=1))
    jobs.remove_import_files.call()

    run.refresh_from_db()
    assert (run.state, run.file_id, run.orders_new, run.rows_refused) == (ImportState.DONE, None, 2, 1)
    assert not RefusedRow.objects.exists()
    assert not Blob.objects.exists()
    assert Order.objects.count() == 2


def test_an_import_that_nobody_started_ends_with_its_file(shop: Shop, manager: Membership, now: datetime) -> None:
    run = brought(shop, manager, now)
    assert actions.remove_old_files(now=now + MONTH + timedelta(minutes=1)) == 1
    run.refresh_from_db()
    assert (run.state, run.file_id) == (ImportState.REFUSED, None)
    assert "1か月" in run.refusal
    with pytest.raises(actions.ImportRefused):
        actions.confirm(shop=shop, import_id=run.pk, by=manager, now=now + MONTH)


def test_a_running_import_keeps_its_file(shop: Shop, manager: Membership, now: datetime) -> None:
    run = brought(shop, manager, now)
    actions.confirm(shop=shop, import_id=run.pk, by=manager, now=now)
    assert actions.remove_old_files(now=now + 3 * MONTH) == 0
    run_due_jobs(now)
    assert Order.objects.count() == 2


def test_bytes_that_are_an_attachment_too_stay_for_it(shop, manager, now, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from anshin.cases.terms import IncomingFile

    settings.MEDIA_ROOT = tmp_path
    run = imported(shop, manager, now)
    assert run.file is not None
    came = arrive(shop, "m@x", at=now, files=(IncomingFile(run.file.pk, "注文.csv"),))
    actions.remove_old_files(now=now + 2 * MONTH)
    assert read_bytes(came.message.attachments.get().blob) == FILE


def test_what_is_struck_out_of_a_message_goes_from_order_files_and_refused_rows(  # type: ignore[no-untyped-def]
    shop, other_shop, stranger, manager, now
) -> None:
    run = imported(shop, manager, now)
    Order.objects.filter(number="A-1").update(remark=f"カードは {CARD} です")
    stranger.role = "manager"
    stranger.save()
    theirs = imported(other_shop, stranger, now)
    came = arrive(shop, "card@x", at=now, text=f"カード番号は {CARD} です。")

    found = cases.preview_strike(by=manager, message_id=came.message.pk, texts=[CARD], file_ids=[])
    kinds = [place.kind for place in found.places]
    assert (kinds.count(PlaceKind.ORDER_FILE), kinds.count(PlaceKind.ORDER)) == (2, 1)
    assert CARD in text_of(run)

    cases.strike(by=manager, message_id=came.message.pk, texts=[CARD], file_ids=[], reason=StrikeReason.NUMBER, now=now)
    assert CARD not in text_of(run)
    assert "急ぎません" in text_of(run)
    assert CARD not in str(RefusedRow.objects.get(order_import=run).cells)
    assert CARD in text_of(theirs)
    assert CARD in str(RefusedRow.objects.get(order_import=theirs).cells)


def test_the_file_is_still_read_as_before_when_something_was_struck_out_of_it(  # type: ignore[no-untyped-def]
    shop, manager, now
) -> None:
    run = brought(shop, manager, now)
    came = arrive(shop, "card@x", at=now, text=f"カード番号は {CARD} です。")
    cases.strike(by=manager, message_id=came.message.pk, texts=[CARD], file_ids=[], reason=StrikeReason.NUMBER, now=now)
    actions.confirm(shop=shop, import_id=run.pk, by=manager, now=now)
    run_due_jobs(now)
    assert Order.objects.count() == 2
    assert not Order.objects.filter(remark__contains=CARD).exists()


def test_an_erased_person_leaves_the_files_that_name_them(shop: Shop, owner: Membership, now: datetime) -> None:
    run = imported(shop, owner, now)
    other = imported_other(shop, owner, now)
    customer = Customer.objects.get(pk=Order.objects.get(number="A-1").customer_id)
    cases.erase_customer(
        by=owner, customer_id=customer.pk, ground=ErasureGround.REQUEST, requested_on=now.date(), now=now
    )
    run.refresh_from_db()
    other.refresh_from_db()
    assert (run.file_id, other.file_id is None) == (None, False)
    assert not RefusedRow.objects.exists()


def imported_other(shop: Shop, by: Membership, now: datetime) -> OrderImport:
    run = brought(shop, by, now, samples.rakuten(row("B-77", 注文者姓="別人", 注文者名="花", 送付先姓="別人")))
    actions.confirm(shop=shop, import_id=run.pk, by=by, now=now)
    run_due_jobs(now)
    return OrderImport.objects.get(pk=run.pk)


def test_card_numbers_in_remarks_are_masked_wherever_the_desk_shows_them(  # type: ignore[no-untyped-def]
    shop, manager, now
) -> None:
    client = Client()
    client.force_login(manager.person)
    run = brought(shop, manager, now)
    assert CARD not in client.get(f"/s/{shop.slug}/imports/{run.pk}").content.decode()
    run = imported(shop, manager, now)
    _name, content = actions.refused_file(shop=shop, import_id=run.pk, by=manager)
    assert CARD.encode() not in content
    Order.objects.filter(number="A-1").update(remark=f"カードは {CARD} です")
    page = client.get(f"/s/{shop.slug}/orders/{Order.objects.get(number='A-1').pk}").content.decode()
    assert "••••-••••-••••-1111" in page
    assert CARD not in page
