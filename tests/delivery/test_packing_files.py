"""Files of packing records: looked at first, taken in once, killed and gone on, and what they say about a trouble."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from anshin.commerce.actions import take_in_order
from anshin.commerce.models import OrderLine
from anshin.commerce.terms import Buyer, ImportState, IncomingLine, IncomingOrder, Recipient, SalesChannel
from anshin.delivery import actions, jobs, queries
from anshin.delivery.actions import PackingRefused, packing_files
from anshin.delivery.models import PackingColumns, PackingImport, PackingRecord, RefusedPackingRow
from anshin.delivery.terms import PackingField
from anshin.plumbing.files.models import Blob
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW
from tests.delivery.conftest import CLOTH, ORDERED_AT, TOTE

pytestmark = pytest.mark.django_db
HEAD = "受注番号,商品コード,検品数,梱包日時,担当者,重量,ロット番号\r\n"


def packed(*rows: str) -> bytes:
    """Rows as number,sku,quantity[,lot]; all packed by 倉田 the day after the order."""
    told = [[*row.split(","), ""] for row in rows]
    lines = [f"{number},{sku},{count},2026/11/17 15:32,倉田,,{more[0]}\r\n" for number, sku, count, *more in told]
    return (HEAD + "".join(lines)).encode("cp932")


@pytest.fixture
def run(manager: Any) -> Callable[..., PackingImport]:
    def run(content: bytes, *, file_name: str = "梱包.csv") -> PackingImport:
        started = actions.start_packing_import(by=manager, content=content, file_name=file_name, now=NOW)
        actions.confirm_packing(by=manager, import_id=started.pk, now=NOW)
        run_due_jobs(NOW)
        return PackingImport.objects.get(pk=started.pk)

    return run


def counts(run: PackingImport) -> tuple[int, int, int, int]:
    return run.records_new, run.records_same, run.lots_noted, run.rows_refused


def sold(shop: Any, number: str, *lines: IncomingLine) -> None:
    told = IncomingOrder(
        channel=SalesChannel.OWN,
        number=number,
        ordered_at=ORDERED_AT,
        buyer=Buyer("客", mail=f"{number}@mail.example"),
        recipient=Recipient("客", "180-0003", "東京都武蔵野市"),
        lines=lines,
    )
    take_in_order(shop=shop, order=told, by=Actor.system("orders"), now=NOW)


def test_a_file_is_kept_and_looked_at_first(manager, order):
    run = actions.start_packing_import(by=manager, content=packed("KM-20417,X,1"), file_name="../梱.csv", now=NOW)
    assert (run.state, run.encoding, run.row_count, run.file_name) == (ImportState.READY, "cp932", 1, "梱.csv")
    assert run.file.size_bytes == len(packed("KM-20417,X,1"))
    assert not PackingRecord.objects.exists() and not Job.objects.filter(queue="import").exists()


def test_records_land_at_their_lines_with_their_lots(run, order):
    done = run(packed("ＫＭ－２０４１７,TOTE-M-ECRU,1,L25-11", "KM-20417,cloth-2,1,C1", "KM-20417,CLOTH-2,1,C2"))
    assert (done.state, counts(done)) == (ImportState.DONE, (2, 0, 2, 0))
    rows = PackingRecord.objects.order_by("position").values_list("position", "sku", "quantity", "packed_by")
    assert list(rows) == [(1, "TOTE-M-ECRU", 1, "倉田"), (2, "cloth-2", 2, "倉田")]
    assert list(order.lines.order_by("position").values_list("lot", flat=True)) == ["L25-11", "C1, C2"]
    fact = JournalEntry.objects.get(event="delivery.packing_imported")
    assert (fact.payload["records_new"], fact.payload["lots_noted"], fact.payload["rows_refused"]) == (2, 2, 0)


def test_the_same_file_again_changes_nothing(run, order):
    content = packed("KM-20417,TOTE-M-ECRU,1,L1", "KM-20417,CLOTH-2,2")
    run(content)
    before = list(PackingRecord.objects.order_by("pk").values())
    changes = JournalEntry.objects.filter(event="order.changed").count()
    assert counts(run(content)) == (0, 2, 0, 0)
    assert list(PackingRecord.objects.order_by("pk").values()) == before
    assert JournalEntry.objects.filter(event="order.changed").count() == changes == 1
    assert counts(run(packed("KM-20417,CLOTH-2,1"))) == (1, 0, 0, 0)


def test_a_lot_stays_when_the_order_comes_again_with_a_change(run, shop, order):
    run(packed("KM-20417,TOTE-M-ECRU,1,L1"))
    sold(shop, "KM-20417", TOTE, IncomingLine("ふきん", 3, 800, "CLOTH-2", "藍"))
    assert list(order.lines.order_by("position").values_list("quantity", "lot")) == [(1, "L1"), (3, "")]


def test_a_mix_up_stands_at_the_line_whose_place_it_took(run, shop, trouble, agent):
    assert queries.finding_of(shop, trouble).fault == "unknown"
    done = run(packed("KM-20417,TOTE-M-INK,1", "KM-20417,CLOTH-2,2"))
    assert counts(done) == (2, 0, 0, 0)
    assert queries.packing_record(shop, trouble).sku in {"TOTE-M-INK", "CLOTH-2"}
    assert PackingRecord.objects.get(position=1).sku == "TOTE-M-INK"


def test_a_packing_record_alone_never_blames_the_customer(run, shop, reported, order):
    trouble = reported(line_id=order.lines.get(position=1).pk)
    run(packed("KM-20417,TOTE-M-ECRU,1", "KM-20417,CLOTH-2,2"))
    assert queries.packing_record(shop, trouble).sku == "TOTE-M-ECRU"
    assert queries.finding_of(shop, trouble).fault == "unknown"


def test_a_packing_record_of_another_item_speaks_for_our_mistake(run, shop, reported, order):
    trouble = reported(line_id=order.lines.get(position=1).pk)
    run(packed("KM-20417,TOTE-M-INK,1", "KM-20417,CLOTH-2,2"))
    assert queries.finding_of(shop, trouble).fault == "shop"


def test_what_nobody_can_place_is_refused_with_the_reason(run, shop, order, stranger):
    sold(shop, "B-1", TOTE)
    sold(stranger.shop, "Z-9", TOTE)
    with translation.override("en"):
        done = run(
            packed("KM-20417,GIFT-1,1", "KM-20417,LEAFLET,1", "B-1,TOTE-M-ECRU,1", "Z-9,TOTE-M-ECRU,1", "NO-1,X,1")
        )
        assert counts(done) == (1, 0, 0, 4)
        reasons = dict(RefusedPackingRow.objects.values_list("row_number", "reason"))
        name, content = actions.refused_packing_file(by=done.started_by, import_id=done.pk)
    assert "GIFT-1" in reasons[2] and "の商品ではなく" in reasons[3]
    assert reasons[5].startswith("注文番号 Z-9 の注文がありません。")
    assert sorted(reasons) == [2, 3, 5, 6]
    assert name == "梱包-refused.csv"
    lines = content.decode("cp932").splitlines()
    assert (lines[0].endswith(",Reason"), len(lines)) == (True, 5)
    assert not PackingRecord.objects.filter(shop=stranger.shop).exists()


@pytest.mark.parametrize("day", ["2026/11/01 9:00", "2026/12/24 9:00"])
def test_a_day_that_cannot_be_is_refused(run, order, day):
    done = run((HEAD + f"KM-20417,CLOTH-2,1,{day},,,\r\n").encode())
    assert counts(done) == (0, 0, 0, 1)


def test_two_orders_of_one_number_are_refused(run, shop, order):
    told = IncomingOrder(
        channel=SalesChannel.SHOPIFY,
        number="KM-20417",
        ordered_at=ORDERED_AT,
        buyer=Buyer("客"),
        lines=(CLOTH,),
        recipient=Recipient("客", "", ""),
    )
    take_in_order(shop=shop, order=told, by=Actor.system("orders"), now=NOW)
    assert counts(run(packed("KM-20417,CLOTH-2,2"))) == (0, 0, 0, 1)


def test_columns_are_named_once_and_remembered(manager, order):
    content = "伝票,品,数,いつ\r\nKM-20417,CLOTH-2,2,2026/11/17\r\n".encode()
    first = actions.start_packing_import(by=manager, content=content, file_name="a.csv", now=NOW)
    assert first.state == ImportState.MAPPING
    with pytest.raises(PackingRefused):
        actions.confirm_packing(by=manager, import_id=first.pk, now=NOW)
    with pytest.raises(PackingRefused):
        actions.choose_packing_columns(by=manager, import_id=first.pk, fields=(PackingField.SKU,), now=NOW)
    fields = (PackingField.NUMBER, PackingField.SKU, PackingField.QUANTITY, PackingField.PACKED_AT)
    actions.choose_packing_columns(by=manager, import_id=first.pk, fields=fields, now=NOW)
    again = actions.start_packing_import(by=manager, content=content, file_name="b.csv", now=NOW)
    assert (again.state, PackingColumns.objects.count()) == (ImportState.READY, 1)
    actions.confirm_packing(by=manager, import_id=again.pk, now=NOW)
    actions.confirm_packing(by=manager, import_id=again.pk, now=NOW)
    assert Job.objects.filter(queue="import").count() == 1
    run_due_jobs(NOW)
    assert PackingRecord.objects.get().quantity == 2
    with pytest.raises(PackingRefused):
        actions.choose_packing_columns(by=manager, import_id=again.pk, fields=fields, now=NOW)


def test_a_killed_import_goes_on_where_it_was(shop, manager, monkeypatch):
    for n in range(1, 8):
        sold(shop, f"A-{n}", TOTE, CLOTH)
    rows = [row for n in range(1, 8) for row in (f"A-{n},TOTE-M-ECRU,1,L{n}", f"A-{n},CLOTH-2,{'x' if n == 2 else 2}")]
    monkeypatch.setattr(packing_files, "PACKING_PORTION", 2)
    started = actions.start_packing_import(by=manager, content=packed(*rows), file_name="p.csv", now=NOW)
    actions.confirm_packing(by=manager, import_id=started.pk, now=NOW)
    real, calls = packing_files._add, iter(range(1, 100))

    def dies(*args: Any) -> None:
        if next(calls) == 3:
            raise KeyboardInterrupt
        real(*args)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(packing_files, "_add", dies)
        jobs.run_packing_import.call(started.pk)
    half = PackingImport.objects.get(pk=started.pk)
    assert (half.state, half.rows_read, half.records_new, half.rows_refused) == (ImportState.RUNNING, 8, 7, 1)
    assert PackingRecord.objects.count() == 7
    jobs.run_packing_import.call(started.pk)
    done = PackingImport.objects.get(pk=started.pk)
    assert (done.state, done.rows_read, counts(done)) == (ImportState.DONE, 14, (13, 0, 7, 1))
    assert (PackingRecord.objects.count(), OrderLine.objects.exclude(lot="").count()) == (13, 7)
    jobs.run_packing_import.call(started.pk)
    assert JournalEntry.objects.filter(event="delivery.packing_imported").count() == 1


def test_a_portion_costs_the_same_however_many_orders(shop, run):
    spent = []
    for size in (2, 20):
        for n in range(size):
            sold(shop, f"P{size}-{n}", TOTE)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            run(packed(*[f"P{size}-{n},TOTE-M-ECRU,1" for n in range(size)]))
        spent.append(len(asked))
    assert spent[1] <= spent[0]  # PostgreSQL asks once more at the very first


def test_a_file_that_is_none_is_kept_with_the_reason(manager):
    run = actions.start_packing_import(by=manager, content=b"%PDF-1.7", file_name="a.pdf", now=NOW)
    assert (run.state, "PDF" in run.refusal, run.file is not None) == (ImportState.REFUSED, True, True)
    with pytest.raises(PackingRefused):
        actions.confirm_packing(by=manager, import_id=run.pk, now=NOW)


def test_a_file_with_an_open_quotation_mark_is_refused_before_it_starts(manager, order):
    content = packed("KM-20417,CLOTH-2,2") + b'KM-20417,"TOTE' + b"x" * 1_100_000
    run = actions.start_packing_import(by=manager, content=content, file_name="a.csv", now=NOW)
    assert (run.state, bool(run.refusal)) == (ImportState.REFUSED, True)
    assert not PackingRecord.objects.exists()


def test_too_large(manager, monkeypatch):
    monkeypatch.setattr(packing_files, "LARGEST_PACKING_FILE_BYTES", 10)
    with pytest.raises(PackingRefused):
        actions.start_packing_import(by=manager, content=b"x" * 11, file_name="a.csv", now=NOW)
    assert not PackingImport.objects.exists() and not Blob.objects.exists()


@pytest.mark.parametrize("who", ["agent", "warehouse"])
def test_who_may_not(request, who, manager, order):
    member = request.getfixturevalue(who)
    kept = actions.start_packing_import(by=manager, content=packed("KM-20417,CLOTH-2,2"), file_name="a.csv", now=NOW)
    for act in (
        lambda: actions.start_packing_import(by=member, content=b"a,b\r\n1,2", file_name="a.csv", now=NOW),
        lambda: actions.confirm_packing(by=member, import_id=kept.pk, now=NOW),
        lambda: actions.choose_packing_columns(by=member, import_id=kept.pk, fields=(), now=NOW),
        lambda: actions.refused_packing_file(by=member, import_id=kept.pk),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert PackingImport.objects.count() == 1


def test_files_go_after_a_month_and_records_stay(run, manager, order, monkeypatch):
    done = run(packed("KM-20417,CLOTH-2,2", "NO-1,X,1"))
    idle = actions.start_packing_import(by=manager, content=packed("KM-20417,CLOTH-2,1"), file_name="b.csv", now=NOW)
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: NOW + timedelta(days=30))
    jobs.remove_packing_files.call()
    assert PackingImport.objects.filter(file=None).count() == 0
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: NOW + timedelta(days=30, minutes=1))
    jobs.remove_packing_files.call()
    done.refresh_from_db()
    idle.refresh_from_db()
    assert (done.file_id, done.state, idle.file_id, idle.state) == (None, ImportState.DONE, None, ImportState.REFUSED)
    assert (PackingRecord.objects.count(), RefusedPackingRow.objects.count()) == (1, 0)
    assert not Blob.objects.exists()
