"""Two workers that index documents of the same second do not meet on a key."""

import threading

import pytest
from django.db import connection, transaction

from anshin.plumbing.search import index
from anshin.plumbing.search.models import IndexedDocument
from anshin.plumbing.search.terms import Content, Document

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, EACH = 4, 25


def test_many_workers_index_the_same_second(shop, now):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    failures = []
    together = threading.Barrier(WORKERS)

    def work(worker):
        try:
            together.wait()
            for n in range(EACH):
                body = Content("返品の件", frozenset())
                document = Document("case", worker * 1000 + n, "c", now, body=body)
                with transaction.atomic():
                    index.put([document], shop_id=shop.pk)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(1, WORKERS + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert IndexedDocument.objects.count() == WORKERS * EACH
