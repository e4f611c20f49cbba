"""After a test that committed nothing is left, whatever it wrote: see tests/emptying.py."""

import pytest
from django.db import connection

from anshin.cases.models import Case, Message
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.models import Shop
from tests.cases.writing import arrive
from tests.conftest import NOW
from tests.emptying import statements

pytestmark = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="how PostgreSQL's tables are emptied")


@pytest.mark.django_db
def test_tables_with_rows_are_emptied_and_no_others(shop):
    arrive(shop, "x@x", at=NOW, text="返品したい")
    models = (Case, JournalEntry, Message, Shop)
    said = statements(connection, connection.introspection.django_table_names(only_existing=True))
    assert {'DELETE FROM "cases_case"', 'DELETE FROM "shops_shop"', 'TRUNCATE "journal_journalentry"'} <= set(said)
    assert not any("returns_return" in each for each in said)

    with connection.cursor() as cursor:
        for statement in said:
            cursor.execute(statement)
    connection.check_constraints()
    assert [model.objects.count() for model in models] == [0, 0, 0, 0]
