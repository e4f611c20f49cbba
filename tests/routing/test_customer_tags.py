"""A customer's tags: put on by hand, asked by rules, added by rules and taken back with the run."""

import pytest

from anshin.commerce.actions import CustomerNotTagged, change_customer_tags, set_customer_tags
from anshin.commerce.actions.tagging import MOST_TAGS
from anshin.commerce.models import Customer
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.models import JournalEntry
from anshin.routing import actions
from anshin.routing.models import RuleRun
from anshin.routing.rules import compiled, fits
from anshin.routing.terms import Condition, Deed, Definition, Effect, Facts, Field, Op, Trigger
from anshin.shops.actions import NotAllowed
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(shop, now):
    return arrive(shop, "a@x", at=now).case.customer


def test_tags_are_set_once_sorted_and_written_down(customer, agent, now):
    for _twice in range(2):
        set_customer_tags(by=agent, customer_id=customer.pk, names=[" 卸 ", "VIP", ""], now=now)
    assert Customer.objects.get(pk=customer.pk).tags == ["VIP", "卸"]
    (entry,) = JournalEntry.objects.filter(event="customer.tagged")
    assert (entry.payload["added"], entry.payload["removed"]) == ("VIP, 卸", "")


def test_who_may_not_work_on_cases_sets_none(customer, warehouse, now):
    with pytest.raises(NotAllowed):
        set_customer_tags(by=warehouse, customer_id=customer.pk, names=["VIP"], now=now)
    assert Customer.objects.get(pk=customer.pk).tags == []
    assert not JournalEntry.objects.filter(event="customer.tagged").exists()


def test_another_shops_or_an_erased_customer_gets_none(customer, stranger, agent, now):
    with pytest.raises(CustomerNotTagged):
        set_customer_tags(by=stranger, customer_id=customer.pk, names=["VIP"], now=now)
    Customer.objects.filter(pk=customer.pk).update(erased_at=now)
    with pytest.raises(CustomerNotTagged):
        set_customer_tags(by=agent, customer_id=customer.pk, names=["VIP"], now=now)
    assert Customer.objects.get(pk=customer.pk).tags == []


def test_there_is_an_end_to_tags(customer, shop, agent, now):
    names = [str(number) for number in range(MOST_TAGS)]
    set_customer_tags(by=agent, customer_id=customer.pk, names=names, now=now)
    with pytest.raises(CustomerNotTagged):
        set_customer_tags(by=agent, customer_id=customer.pk, names=[*names, "more"], now=now)
    by = Actor.system("rule: more")
    assert change_customer_tags(shop=shop, customer_id=customer.pk, by=by, add=["more"], now=now) == ()
    assert Customer.objects.get(pk=customer.pk).tags == sorted(names)


@pytest.mark.parametrize(("op", "expected"), [(Op.IS, True), (Op.IS_NOT, False)])
def test_a_condition_asks_for_a_tag(op, expected):
    definition = Definition(Trigger.OPENED, (Condition(Field.CUSTOMER_TAG, op, "VIP"),), (Deed(Effect.TAG, "急ぐ"),))
    assert fits(compiled(1, 1, "VIP", definition), Facts(customer_tags=frozenset({"VIP"}))) is expected


def test_a_rule_sees_tags_adds_one_and_is_taken_back(shop, manager, customer, live, work, now):
    set_customer_tags(by=manager, customer_id=customer.pk, names=["VIP"], now=now)
    live(
        "常連",
        (Effect.CUSTOMER_TAG, "連絡済み"),
        (Effect.TAG, "常連"),
        conditions=[(Field.CUSTOMER_TAG, Op.IS, "VIP")],
    )
    case = arrive(shop, "b@x", at=now).case
    work()
    found = RuleRun.objects.get(case_id=case.pk)
    assert found.did == [["tag", "常連"], ["customer_tag", "連絡済み"]]
    assert Customer.objects.get(pk=customer.pk).tags == ["VIP", "連絡済み"]
    actions.undo_run(by=manager, run_id=found.pk, now=now)
    assert Customer.objects.get(pk=customer.pk).tags == ["VIP"]
