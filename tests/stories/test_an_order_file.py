"""Orders come as a file from Rakuten; the next mail that names one finds it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anshin.commerce.models import Customer, Order, OrderImport
from tests.connectors.csv_files.samples import rakuten
from tests.stories.conftest import Customer as Buyer

pytestmark = pytest.mark.django_db
NUMBER = "421951-20261110-0302246615"
HER_MAIL = "abc123@pc.fw.rakuten.example"


def bring(clerk, time, content):
    """Upload the file, look at it, start it; the import when it has ended."""
    file = SimpleUploadedFile("orders.csv", content, content_type="text/csv")
    assert clerk.does("imports", file=file).status_code == 302
    run = OrderImport.objects.latest("id")
    assert "木の椅子①" in clerk.sees("import", run.pk)
    clerk.does("import_start", run.pk)
    time.passes(minutes=1)
    run.refresh_from_db()
    return run


def test_the_next_mail_that_names_an_order_finds_it(time, mailbox, saeki, takeuchi):
    done = bring(saeki, time, rakuten({}))
    assert (done.state, done.orders_new, done.rows_refused) == ("done", 1, 0)
    assert NUMBER in takeuchi.sees("orders")

    Buyer("髙橋 美咲", HER_MAIL).writes(mailbox, "椅子について", f"注文番号 {NUMBER} の椅子に傷がありました。")
    time.passes(seconds=5)

    assert NUMBER in takeuchi.sees("inbox", "unassigned")
    case = takeuchi.sees("case", 1)
    assert "木の椅子①" in case
    assert "¥25,070" in case
    assert Customer.objects.count() == 1  # the buyer and the writer are one person


def test_the_same_file_again_changes_nothing(time, saeki):
    bring(saeki, time, rakuten({}))

    again = bring(saeki, time, rakuten({}))

    assert (again.orders_new, again.orders_changed, again.orders_same) == (0, 0, 1)
    assert (Order.objects.count(), Customer.objects.count()) == (1, 1)


def test_a_bad_row_comes_back_with_its_reason_and_the_good_ones_are_in(time, saeki):
    bad = {"注文番号": "421951-20261110-0302246616", "注文日時": "きのう", "注文日": "", "注文時間": ""}

    done = bring(saeki, time, rakuten({}, bad))

    assert (done.orders_new, done.rows_refused) == (1, 1)
    refused = saeki.browser.get(saeki.address("import_refused", done.pk)).content.decode("cp932")
    assert "421951-20261110-0302246616" in refused
    assert NUMBER not in refused
    assert [order.number for order in Order.objects.all()] == [NUMBER]


def test_a_clerk_without_the_right_may_not_import(time, takeuchi):
    file = SimpleUploadedFile("orders.csv", rakuten({}), content_type="text/csv")
    assert takeuchi.does("imports", file=file).status_code == 403
    assert not OrderImport.objects.exists()
