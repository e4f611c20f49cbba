"""Numbers that carriers' programs give back: each lands at its parcel, or is explained, and never lands twice."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from anshin.delivery import actions as delivery
from anshin.delivery.models import PickUp, Reshipment
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from anshin.shops.terms import Permission
from anshin.slips import actions
from anshin.slips.fakes import FileRefused, PracticeProgram
from anshin.slips.models import NumberFile, SlipFileRow
from anshin.slips.rules import NumberTold, OurParcel, judge
from anshin.slips.terms import NumberOutcome, ParcelKey, SlipKind
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
GOOD, OTHER_GOOD, WRONG = "444413758703", "444413758714", "444413758704"


def issued(*rows: tuple[str, str]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
        [("お客様管理番号", "送り状種類", "伝票番号"), *((a, "0", b) for a, b in rows)]
    )
    return text.getvalue().encode("cp932")


@pytest.fixture
def read(agent):
    def make(*rows: tuple[str, str], by=agent) -> list[tuple[str, str]]:
        found = actions.read_numbers(by=by, content=issued(*rows), file_name="発行済データ.csv", now=NOW)
        return [(each.outcome, each.other) for each in found.rows.order_by("row")]

    return make


def test_from_our_file_through_the_program_back_to_the_parcels(agent, write, key, fetched, resent):
    from anshin.commerce.terms import Recipient

    there = Recipient("柏木 由紀子", "180-0003", "東京都武蔵野市1-2-3", "090-1234-5678")
    actions.mend_address(by=agent, key=key, address=there, now=NOW)
    program = PracticeProgram()
    content = actions.take_file(by=agent, file_id=write(key).pk, now=NOW)[1]
    found = actions.read_numbers(by=agent, content=program.take_in(content), file_name="out.csv", now=NOW)
    assert (found.format_name, found.row_count, found.landed_count, found.look_count) == ("B2クラウド", 1, 1, 0)
    resent.refresh_from_db()
    assert (resent.carrier, resent.tracking_number, resent.state) == ("yamato", program.printed[0][1], "planned")
    assert SlipFileRow.objects.get().tracking_number == resent.tracking_number
    assert JournalEntry.objects.filter(event="delivery.number_given", case_id=resent.trouble.case_id).count() == 1


def test_every_row_has_its_reason(read, resent, fetched, order):
    assert read(
        ("D-0001-1", WRONG),
        ("D-0001-P", ""),
        ("D-0009-1", GOOD),
        ("KM-20417", GOOD),
        ("XX-1", GOOD),
        ("R-0001", GOOD),
    ) == [
        ("wrong_digit", ""),
        ("empty", ""),
        ("foreign", ""),
        ("order", ""),
        ("foreign", ""),
        ("foreign", ""),
    ]
    resent.refresh_from_db()
    assert resent.tracking_number == ""


def test_a_number_that_another_parcel_has_does_not_land(read, resent, order):
    assert read(("D-0001-1", GOOD)) == [("taken", "KM-20417")]
    assert read(("D-0001-1", "4.44414E+11")) == [("spoilt", "")]
    assert read(("D-0001-1", OTHER_GOOD), ("D-0001-1", "444413758725")) == [
        ("twice", "444413758725"),
        ("twice", OTHER_GOOD),
    ]
    assert read(("D-0001-1", OTHER_GOOD), ("D-0001-P", OTHER_GOOD)) == [("taken", "D-0001-P"), ("taken", "D-0001-1")]
    assert Reshipment.objects.get().tracking_number == PickUp.objects.get().reference == ""


def test_the_same_file_again_changes_nothing_and_a_reprint_replaces_the_number(read, agent, resent):
    assert read(("Ｄ－0001－1".replace("－", "-"), OTHER_GOOD)) == [("landed", "")]
    assert read(("D-0001-1", OTHER_GOOD)) == [("same", "")]
    assert JournalEntry.objects.filter(event="delivery.number_given").count() == 1
    assert read(("D-0001-1", "444413758725")) == [("changed", OTHER_GOOD)]
    for code in ("letter", "sample"):
        delivery.tick_inserts(by=agent, reshipment_id=resent.pk, inserts=[code], ticked=[code], now=NOW)
    delivery.mark_packed(by=agent, reshipment_id=resent.pk, now=NOW)
    delivery.ship(
        by=agent, reshipment_id=resent.pk, carrier="yamato", tracking_number="444413758725", cost_yen=660, now=NOW
    )
    assert read(("D-0001-1", OTHER_GOOD)) == [("has_left", "444413758725")]
    resent.refresh_from_db()
    assert resent.tracking_number == "444413758725"


def test_a_pick_up_gets_its_number_and_is_not_booked_by_that(read, fetched):
    assert read(("D-0001-P", OTHER_GOOD)) == [("landed", "")]
    fetched.refresh_from_db()
    assert (fetched.reference, fetched.state) == (OTHER_GOOD, "to_book")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空"),
        (b"PK\x03\x04rest", "表計算"),
        ("お客様管理番号,日付\r\nD-0001-1,1\r\n".encode("cp932"), "列が足りません"),
        (b"a,b\r\n1,2\r\n", "発行済"),
        ("お客様管理番号,伝票番号\r\n".encode("cp932"), "見出し"),
        (b"\x81\xff\xfe\x00\x82" * 40, "文字"),
    ],
)
def test_a_file_that_is_none_is_kept_and_explained(agent, content, said):
    found = actions.read_numbers(by=agent, content=content, file_name="x.csv", now=NOW)
    assert said in found.refusal and found.rows.count() == 0
    assert (found.file_id is None) == (content == b"")
    assert not JournalEntry.objects.filter(event="slips.numbers_read").exists()


def test_another_shops_parcel_is_foreign(read, stranger, resent):
    assert read(("D-0001-1", OTHER_GOOD), by=stranger) == [("foreign", "")]
    resent.refresh_from_db()
    assert resent.tracking_number == ""
    assert NumberFile.objects.get().shop_id == stranger.shop_id


def test_ten_times_the_rows_cost_no_more_queries(agent, resent, django_assert_max_num_queries):
    rows = [("D-0001-1", WRONG), *((f"XX-{number}", GOOD) for number in range(60))]
    with django_assert_max_num_queries(22):
        actions.read_numbers(by=agent, content=issued(*rows), file_name="x.csv", now=NOW)


def test_the_practice_program_refuses_what_the_real_ones_refuse():
    with pytest.raises(FileRefused, match="Shift_JIS"):
        PracticeProgram().take_in("お客様管理番号,伝票番号\r\n가,".encode())
    with pytest.raises(FileRefused, match="お届け先電話番号"):
        PracticeProgram().take_in("お客様管理番号,伝票番号,お届け先電話番号\r\nD-1,,\r\n".encode("cp932"))


def test_a_row_of_a_parcel_that_has_its_number_is_known():
    parcel = OurParcel(ParcelKey(SlipKind.RETURN, 1), "R-0001", GOOD, may_change=False)
    told = NumberTold(2, "R-0001", GOOD, GOOD, None)
    (found,) = judge([told], ours={"R-0001": parcel}, taken={GOOD: "R-0001"}, is_order=lambda _number: False)
    assert found.outcome == NumberOutcome.SAME


def test_a_stranger_to_slips_reads_none(agent, monkeypatch):
    monkeypatch.setattr("anshin.slips.actions.reading.require", _refuse)
    with pytest.raises(NotAllowed):
        actions.read_numbers(by=agent, content=b"x", file_name="x.csv", now=NOW)
    assert not NumberFile.objects.exists()


def _refuse(*_args):
    raise NotAllowed(Permission.WRITE_SLIPS)
