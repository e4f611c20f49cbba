"""What PostgreSQL is told before dear queries holds for one transaction, and takes nothing from what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection

from anshin.commerce.models import Customer
from anshin.plumbing.one_of import one_of
from anshin.plumbing.planning import look_at, room_to_sort
from tests.conftest import NOW

if TYPE_CHECKING:
    from anshin.shops.models import Shop

needs_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite needs none of it")


def shown(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


@needs_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("allowed", "inside"), [("4MB", "64MB"), ("1GB", "1GB")])
def test_room_is_given_for_one_transaction_and_never_less_than_allowed(allowed: str, inside: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem TO %s", [allowed])
    try:
        with room_to_sort():
            assert (shown("work_mem"), shown("cursor_tuple_fraction")) == (inside, "1")
        assert (shown("work_mem"), shown("cursor_tuple_fraction")) == (allowed, "0.1")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET work_mem")


@needs_postgresql
@pytest.mark.django_db
def test_a_table_that_is_looked_at_is_counted(shop: Shop) -> None:
    Customer.objects.bulk_create(Customer(shop=shop, created_at=NOW) for _each in range(300))
    look_at(Customer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'commerce_customer'")
        assert cursor.fetchone()[0] >= 300


@pytest.mark.django_db
def test_one_of_many_numbers_or_texts(shop: Shop) -> None:
    names = ['髙橋 "𠮷"', "b\\", "c", ""]
    rows = [Customer.objects.create(shop=shop, name=name, created_at=NOW) for name in names]

    def found(condition: object) -> list[str]:
        return list(Customer.objects.filter(condition).order_by("pk").values_list("name", flat=True))

    assert found(one_of("name", [*names[:2], "nobody"])) == names[:2]
    assert found(one_of("name", {""})) == [""]
    assert found(one_of("id", [rows[2].pk, rows[0].pk, 0])) == [names[0], names[2]]
    assert found(one_of("id", [])) == []
