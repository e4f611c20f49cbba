"""An order is judged by the version under which it was sold, in the words of that version."""

from datetime import UTC, date, datetime, timedelta

import pytest

from anshin.commerce.actions import take_in_order
from anshin.commerce.models import Order, Product
from anshin.commerce.terms import Buyer, Carrier, IncomingLine, IncomingOrder, IncomingShipment, SalesChannel
from anshin.plumbing.journal.actors import Actor
from anshin.returns.models import Policy, PolicyShowing
from anshin.returns.queries import policies
from anshin.returns.rules.policy_content import PolicyContent, write
from anshin.returns.terms import Clause, PolicyCheck, PolicyState
from tests.returns.policy_texts import KOMOREBI

pytestmark = pytest.mark.django_db
OLD = PolicyContent(accepts=True, days=30, start="delivery", defect_days=30, defect_start="delivery")
APRIL = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)  # midnight of 1 April in Tokyo


def published(shop, content, in_force_at, *, shown_on=date(2026, 1, 1)):
    policy = Policy.objects.create(
        shop=shop,
        state=PolicyState.PUBLISHED,
        content=write(content),
        valid_from=(in_force_at + timedelta(hours=9)).date(),
        in_force_at=in_force_at,
        published_at=in_force_at,
        created_at=in_force_at,
        changed_at=in_force_at,
    )
    for where in ("cart", "final_page") if shown_on else ():
        PolicyShowing.objects.create(shop=shop, policy=policy, where=where, since_on=shown_on, told_at=in_force_at)
    return policy


@pytest.fixture
def versions(shop):
    return published(shop, OLD, datetime(2025, 6, 1, tzinfo=UTC)), published(shop, KOMOREBI, APRIL)


@pytest.fixture
def sold(shop):
    """Make an order of one tote bag; `delivered_at` None: still on its way."""

    def make(ordered_at, delivered_at=None, number="KM-20417", *, tags=(), is_gift=False):
        product, _new = Product.objects.update_or_create(
            shop=shop, sku="TB-02", defaults={"name": "帆布トートバッグ M", "tags": list(tags)}
        )
        parcel = IncomingShipment(Carrier.YAMATO, "444413758703", ordered_at + timedelta(days=1), delivered_at)
        order = IncomingOrder(
            channel=SalesChannel.OWN,
            number=number,
            ordered_at=ordered_at,
            buyer=Buyer(name="柏木 由紀子", mail="kashiwagi@example.jp"),
            lines=(IncomingLine("帆布トートバッグ M", 1, 6600, sku=product.sku),),
            shipments=(parcel,),
        )
        take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=ordered_at)
        Order.objects.filter(number=number).update(is_gift=is_gift)
        return Order.objects.get(number=number)

    return make


def judged(shop, order, now, **more):
    line = order.lines.select_related("product").get()
    values = {"reason": "changed_mind", "condition": "unused", "has_photos": False, "accessories_kept": True}
    return policies.judge(shop, order=order, line=line, quantity=1, now=now, **values | more)


def test_the_version_in_force_at_a_moment(shop, versions):
    old, new = versions
    assert policies.policy_at(shop, datetime(2025, 5, 1, tzinfo=UTC)) is None
    assert policies.policy_at(shop, APRIL - timedelta(microseconds=1)) == old
    assert policies.policy_at(shop, APRIL) == new


def test_a_draft_and_another_shops_version_hold_for_nobody(shop, other_shop, versions, now):
    Policy.objects.create(shop=shop, content={}, created_at=now, changed_at=now)
    published(other_shop, OLD, datetime(2026, 10, 1, tzinfo=UTC))
    assert policies.policy_at(shop, now) == versions[1]
    assert policies.policy_by_id(other_shop, versions[1].pk) is None


def test_an_order_before_the_change_is_judged_by_the_old_version(shop, versions, sold):
    arrived = APRIL + timedelta(days=2)
    twenty_days_later = arrived + timedelta(days=20)
    before = judged(shop, sold(APRIL - timedelta(hours=1), arrived), twenty_days_later)
    after = judged(shop, sold(APRIL + timedelta(hours=1), arrived, "KM-20418"), twenty_days_later)
    assert (before.verdict, before.policy_label, before.until) == ("allowed", "2025年6月1日版", date(2026, 5, 3))
    assert (after.verdict, after.policy_label, after.until) == ("refused", "2026年4月1日版", date(2026, 4, 17))


def test_the_clause_and_the_checks_as_they_are_quoted(shop, versions, sold, now):
    order = sold(now - timedelta(days=4), now - timedelta(days=1))
    found = judged(shop, order, now, reason="not_as_pictured", has_photos=True)
    assert found.clause == Clause(
        "第4条2項",
        "商品が掲載の写真・説明と異なるときは、到着から14日以内のご連絡で、送料当店負担にて返品または交換をお受けします。",
    )
    assert found.checks == (PolicyCheck("in_time", True, "12月3日まで"), PolicyCheck("photos", True, "あり"))
    assert (found.verdict, found.payer, found.policy_id) == ("allowed", "shop", versions[1].pk)


def test_in_the_language_of_the_customer(shop, versions, sold, now):
    order = sold(now - timedelta(days=4), now - timedelta(days=1))
    found = judged(shop, order, now, language="en")
    assert found.clause == Clause(
        "Article 2(1)",
        "If you change your mind, you may return an item when you tell us within 14 days of delivery.",
    )
    assert (found.policy_label, found.checks[1].detail) == ("Version of 2026-04-01", "until December 3")


def test_the_terms_of_the_goods_are_named(shop, versions, sold, now):
    order = sold(now - timedelta(days=14), now - timedelta(days=10), tags=["sale"])
    found = judged(shop, order, now)
    assert (found.verdict, found.clause.number) == ("refused", "第5条1項")
    assert found.clause.text == "セール品は、到着から7日以内のご連絡に限り、お客様のご都合による返品をお受けします。"


def test_without_a_policy_the_law_is_cited(shop, sold, now):
    found = judged(shop, sold(now - timedelta(days=4), now - timedelta(days=1)), now)
    assert (found.verdict, found.payer, found.is_by_law) == ("allowed", "customer", True)
    assert (found.policy_id, found.clause.number) == (None, "特定商取引法15条の3")


def test_terms_shown_only_since_after_the_order_do_not_bind(shop, sold, now):
    strict = PolicyContent(accepts=False, defect_days=14, defect_start="delivery")
    order = sold(now - timedelta(days=4), now - timedelta(days=1))
    policy = published(shop, strict, datetime(2026, 6, 1, tzinfo=UTC), shown_on=date(2026, 11, 17))
    found = judged(shop, order, now)
    assert (found.verdict, found.is_by_law, found.policy_id) == ("allowed", True, policy.pk)
    PolicyShowing.objects.update(since_on=date(2026, 11, 16))  # the day of the order
    assert judged(shop, order, now).verdict == "refused"
    PolicyShowing.objects.filter(where="cart").delete()
    assert judged(shop, order, now).is_by_law


def test_a_parcel_still_on_its_way_makes_the_day_of_delivery_unknown(shop, versions, sold, now):
    order = sold(now - timedelta(days=40))
    assert judged(shop, order, now).verdict == "needs_person"
    order = sold(now - timedelta(days=40), now - timedelta(days=38), is_gift=True)
    assert judged(shop, order, now).verdict == "needs_person"


def test_judging_costs_few_queries(shop, versions, sold, now, django_assert_num_queries):
    order = sold(now - timedelta(days=4), now - timedelta(days=1))
    line = order.lines.select_related("product").get()
    with django_assert_num_queries(3):
        policies.judge(
            shop,
            order=order,
            line=line,
            quantity=1,
            reason="changed_mind",
            condition="unused",
            has_photos=False,
            accessories_kept=True,
            now=now,
        )
