"""Files for carriers' programs: what goes in, what is refused, who took it, and that nothing is written twice."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import StringIO

import pytest

from anshin.commerce.terms import Recipient
from anshin.delivery import actions as delivery
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from anshin.slips import actions, queries
from anshin.slips.models import CarrierAccount, ParcelAddress, SlipDownload, SlipFileWritten
from anshin.slips.terms import ParcelKey, SlipKind
from tests.conftest import NOW
from tests.slips.conftest import CODES, SENDER, TODAY

pytestmark = pytest.mark.django_db


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("cp932"), newline="")))


def names() -> set[str]:
    return set(JournalEntry.objects.filter(event__startswith="slips.").values_list("event", flat=True))


def test_a_parcel_sent_again_goes_into_the_file_with_the_contracts_sender(shop, agent, write, key):
    waits = queries.waiting(shop, SlipKind.RESHIPMENT).items
    assert [(each.parcel.number, each.written_id) for each in waits] == [("D-0001-1", 0)]
    written = write(key)
    _found, content = actions.take_file(by=agent, file_id=written.pk, now=NOW)
    (row,) = table(content)
    assert (row["お客様管理番号"], row["送り状種類"]) == ("D-0001-1", "0")
    assert (row["お届け先名"], row["お届け先電話番号"]) == ("柏木 由紀子", "090-1234-5678")
    assert (row["ご依頼主名"], row["請求先顧客コード"]) == ("こもれび雑貨店", "0422000000")
    assert queries.waiting(shop, SlipKind.RESHIPMENT).items == []
    assert [each.written_id for each in queries.waiting(shop, SlipKind.RESHIPMENT, written=True).items] == [written.pk]


def test_what_is_fetched_is_paid_by_the_shop_that_receives_it(shop, owner, agent, write, fetched):
    from anshin.returns.actions import change_setting

    change_setting(
        by=owner,
        now=NOW,
        address_name="こもれび 返品係",
        address_postcode="390-0874",
        address_lines="長野県松本市大手9-1",
        address_phone="0263-00-0000",
    )
    written = write(ParcelKey(SlipKind.PICK_UP, fetched.pk))
    (row,) = table(actions.take_file(by=agent, file_id=written.pk, now=NOW)[1])
    assert (row["お客様管理番号"], row["送り状種類"]) == ("D-0001-P", "5")
    assert (row["お届け先名"], row["ご依頼主名"]) == ("こもれび 返品係", "柏木 由紀子")


def test_every_download_gives_the_same_bytes_and_is_written_down(agent, warehouse, write, key):
    written = write(key)
    first = actions.take_file(by=agent, file_id=written.pk, now=NOW)[1]
    assert actions.take_file(by=warehouse, file_id=written.pk, now=NOW + timedelta(hours=1))[1] == first
    took = list(SlipDownload.objects.order_by("id").values_list("by_name", flat=True))
    assert took == [str(agent.person), str(warehouse.person)]
    assert JournalEntry.objects.filter(event="slips.file_downloaded").count() == 2


def test_clicked_twice_it_is_one_file(write, key):
    assert write(key).pk == write(key).pk
    assert SlipFileWritten.objects.count() == 1


def test_a_colleague_who_wrote_it_a_moment_ago_is_not_overlooked(write, key):
    written = write(key)
    with pytest.raises(actions.ParcelGone):
        write(key, nonce="n-2")
    assert SlipFileWritten.objects.count() == 1
    assert write(key, seen=written.pk, nonce="n-3").pk != written.pk


@pytest.mark.parametrize(
    ("mended", "column"),
    [
        ({"phone": ""}, "お届け先電話番号"),
        ({"postcode": ""}, "お届け先郵便番号"),
        ({"lines": "東京都武蔵野市吉祥寺南町1-2-3 " + "長い名前の建物" * 9}, "お届け先アパートマンション名"),
    ],
)
def test_a_row_that_would_not_arrive_is_explained_and_refused(shop, agent, account, write, key, mended, column):
    whole = {"name": "柏木 由紀子", "postcode": "180-0003", "lines": "東京都武蔵野市1-2-3", "phone": "090-1234-5678"}
    actions.mend_address(by=agent, key=key, address=Recipient(**(whole | mended)), now=NOW)
    checked = queries.check(account, queries.parcels_of(shop, [key]), ship_on=TODAY)
    assert checked.ready == ()
    ((parcel, warnings),) = checked.blocked
    assert parcel.number == "D-0001-1"
    assert [(each.column, each.side) for each in warnings if each.is_blocking] == [(column, "receiver")]
    with pytest.raises(actions.RowsBlocked, match="D-0001-1"):
        write(key)
    assert not SlipFileWritten.objects.exists() and "slips.file_written" not in names()


def test_a_mended_address_stands_on_the_slip_and_the_order_keeps_its_own(shop, agent, write, key, resent):
    there = Recipient("柏木 由紀子", "180-0003", "東京都武蔵野市吉祥寺南町1-2-3 101", "090-1234-5678")
    actions.mend_address(by=agent, key=key, address=there, now=NOW)
    actions.mend_address(by=agent, key=key, address=there, now=NOW)
    assert ParcelAddress.objects.count() == 1
    entry = JournalEntry.objects.get(event="slips.address_mended")
    assert entry.payload["fields"] == ["lines"]
    (row,) = table(actions.take_file(by=agent, file_id=write(key).pk, now=NOW)[1])
    assert row["お届け先住所"].endswith("101")
    resent.trouble.order.refresh_from_db()
    assert not resent.trouble.order.recipient_lines.endswith("101")


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=32), date.min])
def test_a_day_that_cannot_be_is_refused(write, key, day):
    with pytest.raises(actions.WrongDay):
        write(key, ship_on=day)


def test_nothing_too_much_or_what_is_cancelled_is_refused(agent, write, key, resent):
    with pytest.raises(actions.NothingChosen):
        write()
    with pytest.raises(actions.TooManyParcels):
        write(*(ParcelKey(SlipKind.RETURN, number) for number in range(201)))
    delivery.cancel_reshipment(by=agent, reshipment_id=resent.pk, now=NOW)
    with pytest.raises(actions.ParcelGone):
        write(key)
    assert not SlipFileWritten.objects.exists()


def test_an_outsider_sees_and_writes_nothing(other_shop, stranger, write, key, account):
    written = write(key)
    assert queries.parcels_of(other_shop, [key]) == []
    assert queries.file_by_id(other_shop, written.pk) is None
    assert queries.account_by_id(other_shop, account.pk) is None
    with pytest.raises(actions.FileGone):
        actions.take_file(by=stranger, file_id=written.pk, now=NOW)
    with pytest.raises(actions.AccountRefused):
        write(key, by=stranger, nonce="n-9", seen=written.pk)
    with pytest.raises(actions.ParcelGone):
        actions.mend_address(by=stranger, key=key, address=Recipient("x", "1", "2", "3"), now=NOW)
    assert SlipDownload.objects.count() == 0 and ParcelAddress.objects.count() == 0


def test_only_the_owner_writes_contracts_down(owner, manager, agent, warehouse):
    for by in (manager, agent, warehouse):
        with pytest.raises(NotAllowed):
            actions.save_account(by=by, format="b2", values=CODES, now=NOW)
    made = actions.save_account(
        by=owner, format="yupri", values={"name": "本店", "slip_kind": "１１００７８０"}, now=NOW
    )
    assert made.slip_kind == "1100780"
    again = actions.save_account(
        by=owner, account_id=made.pk, format="yupri", values={"name": "本店", "slip_kind": "1100780"}, now=NOW
    )
    assert again.pk == made.pk and JournalEntry.objects.filter(event="slips.account_saved").count() == 1


@pytest.mark.parametrize(
    ("format", "values"),
    [
        ("fax", CODES),
        ("b2", {"name": " "}),
        ("b2", CODES | {"customer_code": "0422-000-0000-9"}),
        ("b2", CODES | {"customer_code": "=1+1"}),
        ("b2", CODES | {"name": "松本倉庫 "}),
    ],
)
def test_a_contract_that_cannot_be_is_refused(owner, account, format, values):
    with pytest.raises(actions.AccountRefused):
        actions.save_account(by=owner, format=format, values=values, now=NOW)
    assert CarrierAccount.objects.count() == 1


def test_a_retired_contract_is_not_offered_and_its_name_is_free(shop, owner, account):
    actions.retire_account(by=owner, account_id=account.pk, now=NOW)
    actions.retire_account(by=owner, account_id=account.pk, now=NOW)
    assert queries.accounts_of(shop) == []
    assert actions.save_account(by=owner, format="b2", values=CODES | SENDER, now=NOW).pk != account.pk
    assert JournalEntry.objects.filter(event="slips.account_retired").count() == 1


def test_files_go_after_a_month_and_what_was_in_them_stays(agent, write, key):
    written = write(key)
    assert actions.remove_old_files(now=NOW + timedelta(days=29)) == 0
    assert actions.remove_old_files(now=NOW + timedelta(days=31)) == 1
    written.refresh_from_db()
    assert written.file_id is None and written.rows.count() == 1
    with pytest.raises(actions.FileGone):
        actions.take_file(by=agent, file_id=written.pk, now=NOW)


def test_an_erased_customer_takes_the_file_and_the_mended_address_along(shop, agent, write, key, case):
    there = Recipient("柏木 由紀子", "180-0003", "東京都武蔵野市1-2-3", "090-1234-5678")
    actions.mend_address(by=agent, key=key, address=there, now=NOW)
    written = write(key)
    ids = tuple(case.messages.values_list("pk", flat=True))
    freed = actions.SlipKeeper().erase(shop_id=shop.pk, message_ids=ids, mail_keys=(), now=NOW)
    assert freed == [written.file_id] and not ParcelAddress.objects.exists()
    written.refresh_from_db()
    assert written.file_id is None
