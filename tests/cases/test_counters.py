"""A counter that is not there yet is made; what is in its way is an error, and nothing is counted wrongly."""

import pytest
from django.db import IntegrityError, connection, transaction

from anshin.cases.actions import standing
from anshin.cases.models import Counter

pytestmark = pytest.mark.django_db


def counted(shop):
    return dict(Counter.objects.filter(shop=shop, status="waiting").values_list("owner_id", "count"))


def test_a_counter_that_is_not_there_yet_is_made_and_one_that_is_goes_on(shop):
    for _turn in range(2):
        standing.count(shop.pk, {("waiting", 7): 1, ("waiting", 9): 2})
    assert counted(shop) == {7: 2, 9: 4}


def test_a_number_given_out_twice_does_not_lose_a_count_in_silence(shop):
    """As after a crash of PostgreSQL that put a sequence back: ten minutes of kills had lost six counts."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no sequences")
    standing.count(shop.pk, {("waiting", 7): 1})
    last = Counter.objects.latest("pk").pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('cases_counter', 'id'), %s, false)", [last])
    with pytest.raises(IntegrityError), transaction.atomic():
        standing.count(shop.pk, {("waiting", 9): 1})
    standing.count(shop.pk, {("waiting", 9): 1})
    assert counted(shop) == {7: 1, 9: 1}
