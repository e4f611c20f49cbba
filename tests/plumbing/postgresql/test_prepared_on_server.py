"""What the server keeps of the queries that are asked all the time, and how a connection notices that it is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.utils import ConnectionHandler

from anshin.cases.models import Case, Draft, Note
from anshin.plumbing.prepared import Prepared, insert, insert_unless_taken
from tests.cases.writing import arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anshin.plumbing.postgresql.base import DatabaseWrapper
    from anshin.shops.models import Membership, Shop

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL alone"),
]


def kept() -> list[str]:
    """The statements that the server keeps for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.fixture
def another() -> Iterator[DatabaseWrapper]:
    """A connection of its own to the same database."""
    opened = ConnectionHandler({"default": connection.settings_dict | {"OPTIONS": {}}})["default"]
    opened.inc_thread_sharing()
    yield opened  # type: ignore[misc]
    opened.close()


def test_one_statement_is_kept_however_long_the_numbers_are(shop: Shop) -> None:
    case = arrive(shop, "a@x", at=NOW).case
    query = Prepared(lambda case, since: Case.objects.filter(pk=case, created_at__gte=since), case=int, since=type(NOW))

    assert query.rows(case=case.pk, since=NOW) == [case]
    for number in (1, 40_000, 3_000_000_000):
        query.rows(case=number, since=NOW + timedelta(days=1))

    assert len([each for each in kept() if each.endswith('"created_at" >= $1 AND "cases_case"."id" = $2)')]) == 1


def test_what_never_changes_is_written_into_the_statement(shop: Shop) -> None:
    text = "50% off: '%s' と \\ と %%"
    case = arrive(shop, "a@x", at=NOW, subject=text).case
    query = Prepared(
        lambda shop: Case.objects.filter(shop_id=shop, subject=text, status__in=["open", "closed"]), shop=int
    )

    assert query.rows(shop=shop.pk) == [case]
    assert query.rows(shop=0) == []
    [statement] = [each for each in kept() if "50% off" in each]
    assert "$1" in statement
    assert "$2" not in statement


def test_new_rows_are_put_in_by_a_kept_statement(shop: Shop, agent: Membership) -> None:
    case = arrive(shop, "a@x", at=NOW).case
    for text in ("一", "100 % '二'"):
        insert(Note(shop=shop, case=case, author=agent, at=NOW, text=text))

    assert [note.text for note in Note.objects.order_by("id")] == ["一", "100 % '二'"]
    assert len([each for each in kept() if each.startswith('INSERT INTO "cases_note"')]) == 1


def test_a_pooler_that_shares_sessions_can_be_told(another: DatabaseWrapper) -> None:
    another.settings_dict["OPTIONS"] = {"prepare": "no"}
    for _ in range(7):
        with another.prepared_cursor() as cursor:
            cursor.execute("SELECT %s::int + 1", [1])
            assert cursor.fetchall() == [(2,)]

    with another.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("options", "setting"),
    [
        ({}, "off"),
        ({"options": "-c jit=on"}, "on"),
        ({"options": "-c jit=on", "jit": "yes"}, "on"),
        ({"options": "-c work_mem=8MB"}, "off"),
        ({"options": "-c work_mem=8MB", "jit": "yes"}, None),
    ],
)
def test_queries_are_not_compiled_unless_the_address_says_so(
    another: DatabaseWrapper, options: dict[str, str], setting: str | None
) -> None:
    another.settings_dict["OPTIONS"] = options

    with another.cursor() as cursor:
        cursor.execute("SELECT setting, reset_val FROM pg_settings WHERE name = 'jit'")
        here, from_server = cursor.fetchone()
        assert here == (setting or from_server)


def test_a_connection_that_the_server_has_ended_is_noticed_without_asking(another: DatabaseWrapper) -> None:
    another.ensure_connection()
    assert another.is_usable()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [another.connection.info.backend_pid])

    assert not another.is_usable()


def test_a_connection_lost_in_the_middle_is_told_as_such(another: DatabaseWrapper) -> None:
    with another.prepared_cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        with connection.cursor() as killer:
            killer.execute("SELECT pg_terminate_backend(%s, 5000)", list(cursor.fetchall()[0]))
        with pytest.raises(OperationalError):
            cursor.execute("SELECT pg_backend_pid()")


def test_a_refused_row_is_told_as_django_tells_it(shop: Shop, agent: Membership) -> None:
    case = arrive(shop, "a@x", at=NOW).case
    insert(Draft(shop=shop, case=case, author=agent, is_note=True, saved_at=NOW, read_at_version=1))
    with pytest.raises(IntegrityError, match="cases_draft_once"), transaction.atomic():
        insert(Draft(shop=shop, case=case, author=agent, is_note=True, saved_at=NOW, read_at_version=1))

    assert not insert_unless_taken(Draft(shop=shop, case=case, author=agent, is_note=True, saved_at=NOW))


def test_what_was_kept_outlives_a_rollback(shop: Shop) -> None:
    query = Prepared(lambda shop: Case.objects.filter(shop_id=shop), shop=int)
    with pytest.raises(LookupError), transaction.atomic():
        query.rows(shop=shop.pk)
        raise LookupError

    assert query.rows(shop=shop.pk) == []


def test_a_query_after_that_works_on_a_new_connection(another: DatabaseWrapper) -> None:
    another.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [another.connection.info.backend_pid])

    another.health_check_enabled = another.settings_dict["CONN_HEALTH_CHECKS"]
    another.health_check_done = False
    with another.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
