"""A return invoice whose money came back no longer counts; given again it keeps its number, and all stay to be read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anshin.commerce import actions as commerce
from anshin.commerce.models import Refund
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns import actions, queries
from anshin.returns.models import Settlement
from tests.conftest import NOW
from tests.returns.test_return_invoices import PDF, paid, registered  # noqa: F401  fixtures


@pytest.fixture
def came_back(manager, moved):
    def it(refund, minutes):
        commerce.fail_refund(by=manager, refund_id=refund.pk, reason="口座解約", now=NOW)
        moved(NOW + timedelta(minutes=minutes))

    return it


def test_void_when_the_money_came_back(registered, paid, came_back):  # noqa: F811
    returned = paid()
    came_back(Refund.objects.get(), 2)

    (invoice,) = queries.invoices_of(returned)
    assert (str(invoice), invoice.void_why, invoice.voided_at) == ("RI-00001", "口座解約", NOW + timedelta(minutes=2))
    assert JournalEntry.objects.filter(event="return.invoice_voided").count() == 1


def test_paid_again_it_is_given_again_under_its_number(registered, paid, came_back, manager, moved, shop):  # noqa: F811
    returned = paid()
    refund = Refund.objects.get()
    came_back(refund, 2)
    commerce.retry_refund(by=manager, refund_id=refund.pk, now=NOW)
    record = {"reference": "F-2", "proof": PDF, "proof_name": "f.pdf", "moved_on": date(2026, 11, 20)}
    commerce.settle_by_hand(by=manager, refund_id=refund.pk, now=NOW, **record)
    moved(NOW + timedelta(minutes=4))
    moved(NOW + timedelta(minutes=5))

    assert [(str(each), each.voided_at is None) for each in queries.invoices_of(returned)] == [
        ("RI-00001", False),
        ("RI-00001-2", True),
    ]
    assert actions.void_return_invoice(shop_id=shop.pk, refund_id=refund.pk, now=NOW) is None


def test_the_customer_and_the_desk_see_that_it_is_void(registered, paid, came_back, client, agent):  # noqa: F811
    returned = paid()
    came_back(Refund.objects.get(), 2)
    client.force_login(agent.person)
    page = client.get(f"/s/komorebi/returns/{returned.number}").content.decode()

    assert "RI-00001" in page
    assert "無効" in page
    assert Settlement.objects.filter(invoices__voided_at__isnull=False).count() == 1
