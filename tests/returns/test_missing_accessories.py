"""Accessories that did not come back: part of the refund is proposed to be taken off, and only a person does it."""

import pytest

from anshin.commerce.terms import Fault
from anshin.plumbing import clock
from anshin.returns import actions
from anshin.returns.models import Settlement
from anshin.returns.queries import proposed_deduction, return_page
from anshin.returns.rules.deducting import Deduction, Lacking, deduction_for
from anshin.returns.terms import Reason
from tests.conftest import NOW

MISSING = actions.Checked(
    appearance="ok", accessories="bad", missing=("充電器",), operation="ok", grade="b", disposition="restock"
)


@pytest.mark.parametrize(
    ("reason", "missing", "fault", "percent", "yen"),
    [
        (Reason.CHANGED_MIND, ("充電器",), Fault.CUSTOMER, 10, 660),
        (Reason.CHANGED_MIND, ("充電器", "説明書"), Fault.CUSTOMER, 10, 1_320),
        (Reason.CHANGED_MIND, ("一", "二", "三"), Fault.CUSTOMER, 50, 6_600),  # never more than the price
        (Reason.CHANGED_MIND, (), Fault.CUSTOMER, 10, None),
        (Reason.CHANGED_MIND, ("充電器",), Fault.UNKNOWN, 10, None),
        (Reason.DEFECT, ("充電器",), Fault.SHOP, 10, None),
        (Reason.MISSING_PART, ("充電器",), Fault.CUSTOMER, 10, None),
        (Reason.CHANGED_MIND, ("充電器",), Fault.CUSTOMER, 0, None),
    ],
)
def test_only_whose_doing_it_was_is_asked_for_it(reason, missing, fault, percent, yen):
    expected = Deduction(yen, missing) if yen else None
    assert deduction_for([Lacking(reason, 6_600, 1, missing)], fault=fault, percent=percent) == expected


@pytest.mark.django_db
def test_it_is_proposed_and_one_click_calculates_with_it(client, manager, ask, sold, arrive, inspected, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    returned = ask(sold(), reason=Reason.CHANGED_MIND)
    actions.decide_fault(by=manager, return_id=returned.pk, fault=Fault.CUSTOMER, why="お客様のご都合", now=NOW)
    arrive(returned)
    returned = inspected(returned, MISSING)
    before = Settlement.objects.get(is_current=True).total_yen
    assert proposed_deduction(return_page(returned)) == Deduction(660, ("充電器",))
    client.force_login(manager.person)
    page = f"/s/komorebi/returns/{returned.number}"
    assert "充電器" in client.get(page).content.decode()
    typed = {"deduction": "660", "why": "付属品の不足: 充電器", "paid_by": "shop"}
    assert client.post(f"{page}/calculate", typed).status_code == 302
    assert Settlement.objects.get(is_current=True).total_yen == before - 660
    assert proposed_deduction(return_page(returned)) is None
