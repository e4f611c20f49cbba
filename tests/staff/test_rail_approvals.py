"""Who may approve replies sees in the rail how many wait; nobody else is asked about."""

import pytest
from django.core.cache import cache

from anshin.cases.models import Message
from anshin.cases.queries.waiting import to_approve_key
from anshin.cases.terms import Delivery, Direction
from anshin.shops.actions import invite_staff
from anshin.shops.terms import Role
from anshin.staff.rail import rail
from tests.cases.writing import arrive
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(shop):
    return invite_staff(shop=shop, email="saeki@x.jp", name="佐伯", role=Role.MANAGER, by=None, now=NOW)


@pytest.fixture
def waiting(shop, agent):
    """Lets so many replies wait for approval in a shop."""

    def _waiting(how_many, *, of=shop):
        case = arrive(of, f"wait{of.pk}@x", at=NOW, subject=f"待つ {of.pk}").case
        for number in range(how_many):
            Message.objects.create(
                shop=of,
                case=case,
                direction=Direction.OUT,
                channel="email",
                at=NOW,
                text="お待たせしました。",
                delivery=Delivery.APPROVAL,
                message_key=f"{of.pk}-{number}",
            )
        cache.delete(to_approve_key(of.pk))

    return _waiting


def count_shown(by):
    items = [item for section in rail(by, view=None)["rail_sections"] for item in section["items"]]
    return [item["count"] for item in items if item["url"].endswith("/approvals/") or "approvals" in item["url"]]


def test_the_manager_sees_how_many_wait(manager, waiting):
    assert count_shown(manager) == [0]
    waiting(3)
    assert count_shown(manager) == [3]


def test_those_of_another_shop_do_not_count(manager, waiting, other_shop):
    waiting(2, of=other_shop)
    assert count_shown(manager) == [0]


def test_who_may_not_approve_is_shown_nothing_and_costs_no_query(agent, waiting, django_assert_max_num_queries):
    waiting(3)
    rail(agent, view=None)
    with django_assert_max_num_queries(2):  # the views, and the returns that wait
        assert count_shown(agent) == []
