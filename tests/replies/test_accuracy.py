"""A reply with a wrong sum or day of the order does not leave; what nobody knows is held against nobody."""

from datetime import date, timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Message
from anshin.commerce.actions import take_in_order
from anshin.commerce.terms import (
    Buyer,
    Carrier,
    IncomingOrder,
    IncomingPayment,
    IncomingShipment,
    PaymentMethod,
    SalesChannel,
)
from anshin.plumbing.journal.actors import Actor
from anshin.replies.actions.accuracy import inaccuracies
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(shop, now):
    """Of an order of 20 November for 3,980 yen, sent on the same day."""
    order = IncomingOrder(
        channel=SalesChannel.OWN,
        number="KM-20417",
        ordered_at=now - timedelta(hours=2),
        buyer=Buyer(name=KASHIWAGI.name, mail=KASHIWAGI.mail),
        payments=(IncomingPayment(PaymentMethod.BANK_TRANSFER, 3980, date(2026, 11, 30), now),),
        shipments=(IncomingShipment(carrier=Carrier.YAMATO, tracking_number="1234-5678-9012", shipped_at=now),),
        total_yen=3980,
    )
    take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=now)
    return arrive(shop, "a@x", at=now, text="KM-20417はいつ発送されましたか。").case


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("ご注文の合計は4,980円です。", ["合計は3,980円"]),
        ("ご注文の合計は3,980円です。", []),
        ("11月19日に発送いたしました。", ["11月20日に発送いたしました"]),
        ("11月20日に発送いたしました。", []),
        (
            "ご注文日は2026年11月18日です。お支払い期限は12月1日です。",
            ["ご注文日は2026年11月20日", "お支払い期限は11月30日"],
        ),
        ("It was shipped on 18 November.", ["shipped on 20 November"]),
        ("返金額は9,800円です。", [""]),
        ("返金額は1,000円です。", []),
        ("11月22日に配達を完了しました。お届け希望日は12月1日です。", []),
    ],
)
def test_what_the_order_denies_is_named_with_what_is_right(shop, case, text, instead):
    assert [each.instead for each in inaccuracies(shop.pk, case.pk, text)] == instead


def test_it_is_blocked_and_nothing_is_written(case, agent, post, now):
    with pytest.raises(cases.ReplyObjected) as refusal:
        cases.reply(
            by=agent,
            case_id=case.pk,
            text="合計は4,980円です。",
            to=[KASHIWAGI],
            read_at_version=99,
            now=now,
        )
    assert [each.code for each in refusal.value.objections] == ["wrong_fact"]
    assert not Message.objects.filter(direction="out").exists()


def test_a_text_without_claims_costs_no_query(shop, case, django_assert_num_queries):
    with django_assert_num_queries(0):
        inaccuracies(shop.pk, case.pk, "お調べして、あらためてご連絡します。")
    with django_assert_num_queries(4):
        inaccuracies(shop.pk, case.pk, "合計は3,980円です。")


def test_a_case_without_an_order_is_not_judged(shop, now):
    other = arrive(shop, "b@x", at=now, sender=KASHIWAGI).case
    assert inaccuracies(shop.pk, other.pk, "合計は4,980円です。") == ()
