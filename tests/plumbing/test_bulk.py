"""Rows written many at a time are the rows that Django would have written one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from anshin.cases.models import Case, Message
from anshin.commerce.models import Customer
from anshin.plumbing.bulk import FEW, draw_ids, insert_many, insert_plain, refresh_statistics, update_many
from anshin.plumbing.files.models import Blob
from anshin.plumbing.journal.models import JournalEntry
from tests.conftest import NOW

if TYPE_CHECKING:
    from django.db.models import Model

    from anshin.shops.models import Shop

pytestmark = pytest.mark.django_db
MANY = FEW + 3


def message(case: Case, number: int) -> Message:
    return Message(
        shop=case.shop,
        case=case,
        direction="in",
        channel="email",
        at=NOW,
        sender_name='髙橋\t"𠮷"\\n\n',
        to=[["名", "a@x.example"]],
        sender_checks={"spf": "pass"},
        quoted_from=number or None,
        is_automatic=bool(number % 2),
        message_key=f"{number}@x",
    )


def case_of(shop: Shop) -> Case:
    return Case.objects.create(shop=shop, number=1, channel="email", created_at=NOW, last_activity_at=NOW)


@pytest.mark.parametrize("count", [1, FEW, MANY])
def test_rows_are_those_that_save_would_write(shop: Shop, count: int) -> None:
    case = case_of(shop)
    rows = [message(case, number) for number in range(count)]
    insert_many(rows)
    for number in range(count):
        saved = message(case, number)
        saved.message_key = f"saved {number}"
        saved.save()
    names = [field.attname for field in Message._meta.local_concrete_fields if field.name not in {"id", "message_key"}]
    written = list(Message.objects.order_by("id").values(*names))
    assert written[:count] == written[count:]
    assert [row.pk for row in rows] == sorted(Message.objects.values_list("pk", flat=True))[:count]
    assert not any(row._state.adding for row in rows)


def test_plain_values_become_the_rows_that_save_would_write(shop: Shop) -> None:
    names = ("name", "order_count", "member_since_on")
    told = [('髙橋\t"𠮷"\\n\n', 3, None), ("", 0, None), ("佐藤", 1, None)]
    insert_plain(Customer, names, told, shop_id=shop.pk, created_at=NOW)
    for name, count, since in told:
        Customer(shop=shop, name=name, order_count=count, member_since_on=since, created_at=NOW).save()
    columns = [field.attname for field in Customer._meta.local_concrete_fields if not field.primary_key]
    rows = list(Customer.objects.order_by("pk").values(*columns))
    assert rows[:3] == rows[3:]
    insert_plain(Customer, names, [], shop_id=shop.pk, created_at=NOW)
    assert Customer.objects.count() == 6


def test_plain_values_may_name_their_numbers_and_break_no_constraint(shop: Shop) -> None:
    first, second = draw_ids(Customer, 2)
    insert_plain(Customer, ("id", "name"), [(second, "b"), (first, "a")], shop_id=shop.pk, created_at=NOW)
    assert list(Customer.objects.order_by("pk").values_list("pk", "name")) == [(first, "a"), (second, "b")]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_plain(Customer, ("id", "name"), [(first, "c")], shop_id=shop.pk, created_at=NOW)
    assert Customer.objects.count() == 2


def test_rows_with_numbers_keep_them_and_nobody_gets_them_again(shop: Shop) -> None:
    case = case_of(shop)
    ids = draw_ids(Message, MANY)
    rows = [message(case, number) for number in range(MANY)]
    for row, number in zip(rows, reversed(ids), strict=True):
        row.pk = number
    insert_many(rows)
    later = Message(shop=shop, case=case, direction="in", channel="email", at=NOW, message_key="later")
    later.save()
    assert len(set(ids)) == MANY
    assert later.pk > max(ids)
    assert {row.pk: row.message_key for row in Message.objects.exclude(pk=later.pk)} == {
        row.pk: row.message_key for row in rows
    }


def test_numbers_for_an_empty_table_begin_as_ever(shop: Shop) -> None:
    first, *_rest = draw_ids(Customer, 2)
    third = Customer.objects.create(shop=shop, created_at=NOW)
    assert third.pk == first + 2
    assert draw_ids(Customer, 0) == []


@pytest.mark.parametrize("count", [2, MANY])
def test_a_row_that_breaks_a_constraint_is_told_as_django_tells_it(shop: Shop, count: int) -> None:
    case = case_of(shop)
    rows = [message(case, number) for number in range(count)]
    rows[-1].message_key = rows[0].message_key
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(rows)
    assert not Message.objects.exists()


def test_changed_columns_are_written_and_no_others(shop: Shop) -> None:
    case = case_of(shop)
    rows = [message(case, number) for number in range(3)]
    insert_many(rows)
    for row in rows:
        row.quoted_from, row.sent_at, row.subject, row.text = None, NOW, f"件名{row.pk}", "not to be written"
    update_many(rows, ["quoted_from", "sent_at", "subject"])
    found = list(Message.objects.order_by("id").values_list("quoted_from", "sent_at", "subject", "text"))
    assert found == [(None, NOW, f"件名{row.pk}", "") for row in rows]


def test_a_hundred_rows_cost_a_handful_of_statements(shop: Shop, django_assert_num_queries: Any) -> None:
    """On PostgreSQL the rows themselves go by COPY, which is not counted."""
    entries = [
        JournalEntry(shop_id=shop.pk, at=NOW, actor_kind="system", actor_name="", event="x", payload={"a": number})
        for number in range(100)
    ]
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 2):
        insert_many(entries)
    assert [entry.payload["a"] for entry in JournalEntry.objects.filter(event="x").order_by("id")] == list(range(100))


def test_nothing_costs_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert_many([])
        update_many([], ["subject"])


@pytest.mark.django_db(transaction=True)
def test_postgresql_learns_how_large_a_table_has_become(shop: Shop) -> None:
    rows = [
        Blob(shop_id=shop.pk, sha256=f"{number:064}", size_bytes=1, kind="text/plain", created_at=NOW)
        for number in range(200)
    ]
    if connection.vendor == "postgresql":  # which remembers what other tests kept there
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Blob._meta.db_table}")
    with transaction.atomic():
        insert_many(rows)
    if connection.vendor == "sqlite":
        with CaptureQueriesContext(connection) as asked:
            refresh_statistics()
        assert list(asked) == []
        return
    assert _believed_rows(Blob) < 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
    refresh_statistics()
    assert _believed_rows(Blob) == 200


def _believed_rows(model: type[Model]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        return int(cursor.fetchone()[0])
