"""A file is looked at, confirmed and taken in by portions; twice changes nothing, and nothing good is lost."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.utils import translation

from anshin.commerce import jobs, queries
from anshin.commerce.actions import (
    ImportRefused,
    choose_columns,
    confirm,
    order_files,
    refused_file,
    start_order_import,
)
from anshin.commerce.models import ColumnMapping, Customer, Order, OrderImport, OrderLine, RefusedRow
from anshin.commerce.terms import ImportState, OrderField, SalesChannel
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from anshin.shops.models import Membership, Shop
from tests.connectors.csv_files import samples

pytestmark = pytest.mark.django_db

UNKNOWN = "受注番号,受注日時,氏名,e-mail,品名,単価,数量\r\nA-1,2026/11/16 9:05,髙橋,a@example.jp,茶碗,900,2\r\n"


def orders_file(count: int, *, bad: tuple[int, ...] = ()) -> bytes:
    """Rakuten orders A-1 … A-n of two rows each; those in `bad` have an amount that cannot be read."""
    rows: list[dict[str, str]] = []
    for n in range(1, count + 1):
        told = {"注文番号": f"A-{n}", "注文者メールアドレス": f"k{n}@example.jp", "注文者姓": f"客{n}"}
        rows += [told, {**told, "商品名": "布巾", "個数": "x" if n in bad else "1"}]
    return samples.rakuten(*rows)


@pytest.fixture
def run(shop: Shop, manager: Membership, now: datetime) -> Callable[..., OrderImport]:
    def run(content: bytes, *, file_name: str = "orders.csv") -> OrderImport:
        started = start_order_import(shop=shop, content=content, file_name=file_name, by=manager, now=now)
        confirm(shop=shop, import_id=started.pk, by=manager, now=now)
        run_due_jobs(now)
        return OrderImport.objects.get(pk=started.pk)

    return run


def test_a_file_is_only_looked_at_first(shop: Shop, manager: Membership, now: datetime) -> None:
    run = start_order_import(shop=shop, content=orders_file(2), file_name="../注文.csv", by=manager, now=now)
    assert (run.state, run.format, run.encoding, run.row_count) == (ImportState.READY, "rakuten", "cp932", 4)
    assert (run.file_name, run.started_by) == ("注文.csv", manager)
    assert not Order.objects.exists()
    assert not Job.objects.filter(queue="import").exists()


def test_a_confirmed_file_is_taken_in(run: Callable[..., OrderImport], shop: Shop, manager: Membership) -> None:
    done = run(orders_file(3))
    assert (done.state, done.rows_read, done.orders_new, done.rows_refused) == (ImportState.DONE, 6, 3, 0)
    assert Order.objects.filter(shop=shop).count() == 3
    assert OrderLine.objects.count() == 6
    entry = JournalEntry.objects.get(event="order.file_imported")
    assert (entry.payload["orders_new"], entry.actor_name) == (3, str(manager.person))


def test_the_same_file_twice_changes_nothing(run: Callable[..., OrderImport]) -> None:
    run(orders_file(3))
    before = everything()
    again = run(orders_file(3))
    assert (again.orders_new, again.orders_changed, again.orders_same) == (0, 0, 3)
    assert everything() == before


def everything() -> list[Any]:
    tables = (Order, OrderLine, Customer)
    rows = [list(table.objects.order_by("pk").values()) for table in tables]
    return [*rows, JournalEntry.objects.filter(event__in=["order.taken_in", "order.changed"]).count()]


def test_good_orders_are_taken_in_beside_refused_ones(run: Callable[..., OrderImport]) -> None:
    done = run(orders_file(3, bad=(2,)))
    assert (done.state, done.orders_new, done.rows_refused, done.rows_read) == (ImportState.DONE, 2, 2, 6)
    assert sorted(Order.objects.values_list("number", flat=True)) == ["A-1", "A-3"]
    assert list(RefusedRow.objects.order_by("row_number").values_list("row_number", flat=True)) == [4, 5]
    assert all("個数" in reason for reason in RefusedRow.objects.values_list("reason", flat=True))


def test_refused_rows_come_back_as_a_file_to_mend(
    run: Callable[..., OrderImport], shop: Shop, manager: Membership
) -> None:
    done = run(orders_file(3, bad=(2,)))
    with translation.override("en"):
        name, content = refused_file(shop=shop, import_id=done.pk, by=manager)
    assert name == "orders-refused.csv"
    lines = content.decode("cp932")
    assert lines.startswith("注文番号,ステータス,")
    assert lines.splitlines()[0].endswith(",Reason")
    mended = content.decode("cp932").replace(",x,", ",1,").encode("cp932")
    assert (run(mended).orders_new, Order.objects.count()) == (1, 3)


def test_a_killed_import_goes_on_where_it_was(
    shop: Shop, manager: Membership, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_files, "PORTION", 2)
    started = start_order_import(
        shop=shop, content=orders_file(7, bad=(2,)), file_name="orders.csv", by=manager, now=now
    )
    confirm(shop=shop, import_id=started.pk, by=manager, now=now)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(order_files, "_add", killed_at(3))
        jobs.run_order_import.call(started.pk)
    half = OrderImport.objects.get(pk=started.pk)
    assert (half.state, half.rows_read, half.orders_new, half.rows_refused) == (ImportState.RUNNING, 8, 3, 2)
    assert Order.objects.count() == 3
    jobs.run_order_import.call(started.pk)
    done = OrderImport.objects.get(pk=started.pk)
    assert (done.state, done.rows_read, done.orders_new, done.orders_same) == (ImportState.DONE, 14, 6, 0)
    assert (Order.objects.count(), RefusedRow.objects.count()) == (6, 2)


def killed_at(portion: int) -> Callable[..., None]:
    """Stands in for the counting of a portion and dies at the n-th, when its orders are written but not committed."""
    real, calls = order_files._add, iter(range(1, 100))

    def count(*args: Any) -> None:
        if next(calls) == portion:
            raise KeyboardInterrupt
        real(*args)

    return count


def test_two_workers_never_take_in_one_portion_twice(shop: Shop, manager: Membership, now: datetime) -> None:
    started = start_order_import(shop=shop, content=orders_file(2), file_name="orders.csv", by=manager, now=now)
    confirm(shop=shop, import_id=started.pk, by=manager, now=now)
    run = OrderImport.objects.select_related("shop", "file", "mapping").get(pk=started.pk)
    (portion,) = order_files.remaining(run)
    order_files.run_portion(import_id=run.pk, items=portion, rows_before=0, now=now)
    with pytest.raises(order_files.AlreadyRead):
        order_files.run_portion(import_id=run.pk, items=portion, rows_before=0, now=now)
    assert OrderImport.objects.get(pk=run.pk).rows_read == 4


def test_a_file_that_holds_no_orders_is_refused(shop: Shop, manager: Membership, now: datetime) -> None:
    run = start_order_import(shop=shop, content=b"%PDF-1.7", file_name="x.csv", by=manager, now=now)
    assert (run.state, "PDF" in run.refusal) == (ImportState.REFUSED, True)
    with pytest.raises(ImportRefused):
        confirm(shop=shop, import_id=run.pk, by=manager, now=now)
    assert not Job.objects.filter(queue="import").exists()


def test_a_file_that_is_too_large_is_refused(
    shop: Shop, manager: Membership, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_files, "LARGEST_FILE_BYTES", 10)
    with pytest.raises(ImportRefused):
        start_order_import(shop=shop, content=orders_file(1), file_name="x.csv", by=manager, now=now)
    assert not OrderImport.objects.exists()


def test_columns_are_named_once(
    run: Callable[..., OrderImport], shop: Shop, manager: Membership, now: datetime
) -> None:
    first = start_order_import(shop=shop, content=UNKNOWN.encode("cp932"), file_name="a.csv", by=manager, now=now)
    assert first.state == ImportState.MAPPING
    with pytest.raises(ImportRefused):
        confirm(shop=shop, import_id=first.pk, by=manager, now=now)
    opened = queries.opened_file(first)
    ready = choose_columns(
        shop=shop,
        import_id=first.pk,
        fields=opened.plan.fields,
        channel=SalesChannel.OTHER,
        by=manager,
        now=now,
    )
    assert ready.state == ImportState.READY
    confirm(shop=shop, import_id=first.pk, by=manager, now=now)
    run_due_jobs(now)
    order = queries.order_by_number(shop, "A-1")
    assert order is not None
    assert (order.channel, order.total_yen, order.customer.name) == ("other", 1_800, "髙橋")
    second = run(UNKNOWN.replace("A-1", "A-2").encode("utf-8"))
    assert (second.state, second.orders_new, ColumnMapping.objects.count()) == (ImportState.DONE, 1, 1)


def test_refused_without_the_needed_columns(shop: Shop, manager: Membership, now: datetime) -> None:
    run = start_order_import(shop=shop, content=UNKNOWN.encode(), file_name="a.csv", by=manager, now=now)
    fields: list[OrderField | None] = [None, OrderField.ORDERED_AT, None, None, None, None, None]
    with translation.override("en"), pytest.raises(ImportRefused, match="Order number"):
        choose_columns(shop=shop, import_id=run.pk, fields=fields, channel=SalesChannel.OWN, by=manager, now=now)
    assert not ColumnMapping.objects.exists()
    assert OrderImport.objects.get().state == ImportState.MAPPING


def test_confirmed_twice_it_starts_once(shop: Shop, manager: Membership, now: datetime) -> None:
    started = start_order_import(shop=shop, content=orders_file(1), file_name="a.csv", by=manager, now=now)
    for _time in range(2):
        confirm(shop=shop, import_id=started.pk, by=manager, now=now)
    assert Job.objects.filter(queue="import").count() == 1


def test_only_who_may_import_may(shop: Shop, manager: Membership, agent: Membership, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        start_order_import(shop=shop, content=orders_file(1), file_name="a.csv", by=agent, now=now)
    started = start_order_import(shop=shop, content=orders_file(1), file_name="a.csv", by=manager, now=now)
    with pytest.raises(NotAllowed):
        confirm(shop=shop, import_id=started.pk, by=agent, now=now)
    with pytest.raises(NotAllowed):
        refused_file(shop=shop, import_id=started.pk, by=agent)
    with pytest.raises(NotAllowed):
        choose_columns(shop=shop, import_id=started.pk, fields=[], channel=SalesChannel.OWN, by=agent, now=now)
    assert OrderImport.objects.get().state == ImportState.READY
    assert not Job.objects.filter(queue="import").exists()


def test_another_shop_cannot_touch_it(shop: Shop, other_shop: Shop, manager: Membership, now: datetime) -> None:
    started = start_order_import(shop=shop, content=orders_file(1), file_name="a.csv", by=manager, now=now)
    assert queries.import_by_id(other_shop, started.pk) is None
    assert queries.recent_imports(other_shop).items == []
    with pytest.raises(ImportRefused):
        confirm(shop=other_shop, import_id=started.pk, by=manager, now=now)
    assert OrderImport.objects.get().state == ImportState.READY


def test_items_before_their_orders_are_refused_and_come_in_later(run: Callable[..., OrderImport], shop: Shop) -> None:
    items = samples.table(
        samples.YAHOO_ITEM_HEADINGS,
        [{"OrderId": "komorebi-10000021", "LineId": "1", "ItemId": "cup", "Title": "茶碗", "UnitPrice": "900",
          "Quantity": "2"}],
    )  # fmt: skip
    assert run(items).rows_refused == 1
    run(samples.table(samples.YAHOO_ORDER_HEADINGS, [samples.YAHOO_ORDER_ROW]))
    assert run(items).orders_changed == 1
    assert run(items).orders_same == 1
    order = queries.order_by_number(shop, "komorebi-10000021")
    assert order is not None
    assert (order.lines.get().name, order.total_yen) == ("茶碗", 2_350)


@pytest.fixture(autouse=True)
def _japanese() -> Iterator[None]:
    with translation.override("ja"):
        yield
