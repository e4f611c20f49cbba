"""The alert for goods bought for a promised reward: a first purchase out of the ordinary, and the customer's words."""

from dataclasses import replace

import pytest

from anshin.cases import actions, rules
from anshin.cases.models import Case, OrderLink
from anshin.cases.queries import case_by_number, case_page, promotion_alert_of, tells_of_promotion
from anshin.cases.terms import Bought, PromotionAlert, Resolution
from anshin.commerce.actions import take_in_order
from anshin.commerce.models import Order
from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, SalesChannel
from anshin.language.promotions import PromotionSign, SignFound
from anshin.plumbing.journal.actors import Actor
from tests.cases.writing import KASHIWAGI, arrive

HUGE = Bought("KM-30001", 1_496_000, 160)
USUAL = Bought("KM-30002", 9_800, 2)
REWARD = SignFound(PromotionSign.REWARD, "報酬")
PROMOTE = SignFound(PromotionSign.PROMOTION, "宣伝")
BACK = SignFound(PromotionSign.MONEY_BACK, "代金が戻って")
GIFT = "創立記念の贈り物として160枚お願いします。のしと領収書も付けてください。"
OFFER = "KM-30001です。SNSで宣伝すると報酬がもらえると聞きました。報酬の入金日はいつですか。"


@pytest.mark.parametrize(
    ("orders", "signs", "order_count", "words"),
    [
        ([HUGE], [REWARD], 1, ("報酬",)),
        ([USUAL, HUGE], [PROMOTE, BACK], 2, ("宣伝", "代金が戻って")),
        ([replace(HUGE, pieces=1)], [REWARD], 1, ("報酬",)),
        ([replace(HUGE, total_yen=20_000)], [REWARD], 1, ("報酬",)),
        ([HUGE], [], 1, None),
        ([HUGE], [PROMOTE], 1, None),
        ([HUGE], [REWARD], 2, None),
        ([USUAL], [REWARD, PROMOTE], 1, None),
        ([replace(HUGE, total_yen=299_999, pieces=29)], [REWARD], 1, None),
        ([], [REWARD, PROMOTE], 0, None),
    ],
)
def test_needs_a_first_purchase_out_of_the_ordinary_and_words(orders, signs, order_count, words):
    found = rules.promotion_alert(orders, signs, order_count=order_count)
    assert (found and found.words) == words


def bought(shop, now, **changes):
    line = IncomingLine(name="ウールの膝掛け", quantity=160, unit_price_yen=9_350)
    values = {"channel": SalesChannel.OWN, "number": "KM-30001", "ordered_at": now, "lines": (line,)}
    buyer = Buyer(name=KASHIWAGI.name, mail=KASHIWAGI.mail)
    order = IncomingOrder(**(values | {"buyer": buyer, "total_yen": 1_496_000} | changes))
    take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=now)


@pytest.mark.django_db
def test_a_case_says_so_with_its_reason_until_it_is_over(shop, agent, now, django_assert_num_queries):
    bought(shop, now)
    case = arrive(shop, "offer@x", at=now, text=OFFER).case

    def page():
        return case_page(agent, case_by_number(shop, case.number))

    shown = page()
    with django_assert_num_queries(0):
        assert promotion_alert_of(shown) == PromotionAlert(HUGE, ("報酬", "宣伝"))
    with django_assert_num_queries(1):
        assert tells_of_promotion(shop, case.pk, case.subject)
    Order.objects.update(cancelled_at=now)
    assert promotion_alert_of(page()) is None
    Order.objects.update(cancelled_at=None)
    actions.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    assert promotion_alert_of(page()) is None


@pytest.mark.django_db
def test_a_present_for_many_says_nothing_and_neither_does_another_customers_order(shop, other_shop, agent, now):
    bought(shop, now)
    gift = arrive(shop, "gift@x", at=now, text=f"KM-30001です。{GIFT}").case
    assert OrderLink.objects.filter(case=gift).exists()
    assert promotion_alert_of(case_page(agent, case_by_number(shop, gift.number))) is None
    assert not tells_of_promotion(shop, gift.pk, gift.subject)
    offer = arrive(shop, "other@x", at=now, text=OFFER, sender=replace(KASHIWAGI, mail="x@mail.example")).case
    assert promotion_alert_of(case_page(agent, case_by_number(shop, offer.number))) is None
    assert not tells_of_promotion(other_shop, offer.pk, offer.subject)
    assert Case.objects.filter(shop=shop).count() == 2
