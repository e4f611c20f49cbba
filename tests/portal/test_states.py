"""Row 120: six steps with the one at which it stands and the next day, in every state that a return can come to."""

import re

import pytest

from anshin.commerce.terms import Carrier, IncomingLine, PaymentMethod
from anshin.delivery import actions as delivery
from anshin.delivery.models import Reshipment
from anshin.returns import actions as returns
from anshin.returns.models import Return
from anshin.returns.terms import Condition, MoneyState, Payer, Reason, Verdict, Wish
from anshin.visits.terms import LANGUAGES
from tests.returns.conftest import GOOD, says, sold  # noqa: F401  fixtures
from tests.visits.conftest import moved  # noqa: F401

pytestmark = pytest.mark.django_db
PAGE = "/p/komorebi/returns/1"


class Way:
    """One return of two mugs, and whatever may become of it."""

    def __init__(self, shop, order, agent, warehouse, says, now):  # noqa: F811
        self.shop, self.order, self.agent, self.warehouse, self.says, self.now = (
            shop,
            order,
            agent,
            warehouse,
            says,
            now,
        )

    def asked(self, verdict=Verdict.NEEDS_PERSON, wish=Wish.REFUND):
        self.says(verdict, Payer.SHOP)
        asked = [returns.Asked(self.order.pk, 1, 2, Reason.DEFECT, Condition.UNUSED)]
        returns.request(shop=self.shop, customer=self.order.customer, asked=asked, wish=wish, nonce="n", now=self.now)

    def refused(self):
        self.asked(Verdict.REFUSED)

    def to_send(self, wish=Wish.REFUND):
        self.asked(Verdict.ALLOWED, wish)

    def withdrawn(self):
        self.to_send()
        returns.withdraw(shop=self.shop, customer=self.order.customer, number=1, now=self.now)

    def on_way(self):
        self.to_send()
        told = {"carrier": "yamato", "tracking_number": "512547514334"}
        returns.announce_parcel(shop=self.shop, customer=self.order.customer, number=1, now=self.now, **told)

    def lost(self):
        self.on_way()
        returns.mark_lost(by=self.agent, return_id=self._it().pk, why="調査しました。", now=self.now)

    def partly(self, count=1, wish=Wish.REFUND):
        self.to_send(wish)
        inside = [returns.Inside(self._it().lines.get().pk, count)]
        returns.book_in(by=self.warehouse, inside=inside, nonce="p", now=self.now)

    def inspecting(self, wish=Wish.REFUND):
        self.partly(2, wish)

    def settling(self, wish=Wish.REFUND):
        self.inspecting(wish)
        returns.inspect(by=self.warehouse, line_id=self._it().lines.get().pk, checked=GOOD, now=self.now)

    def replacing(self):
        self.settling(Wish.EXCHANGE)

    def over(self):
        self.replacing()
        self.sent()

    def sent(self):
        for parcel in Reshipment.objects.all():
            told = {"by": self.agent, "reshipment_id": parcel.pk, "now": self.now}
            delivery.tick_inserts(inserts=[], ticked=[], **told)
            delivery.mark_packed(**told)
            delivery.ship(carrier=Carrier.YAMATO, tracking_number="512547514334", cost_yen=0, **told)
            returns.follow_exchange(shop=self.shop, trouble_id=parcel.trouble_id, now=self.now)

    def out_of_stock(self):
        self.to_send(Wish.EXCHANGE)
        returns.mark_out_of_stock(by=self.agent, return_id=self._it().pk, now=self.now)

    def paid_out(self, state):
        self.settling()
        Return.objects.update(money=state)

    def sending(self):
        self.paid_out(MoneyState.SENDING)

    def failed(self):
        self.paid_out(MoneyState.FAILED)

    def paid(self):
        self.paid_out(MoneyState.PAID)

    @staticmethod
    def _it():
        return Return.objects.get()


@pytest.fixture
def way(shop, sold, agent, warehouse, says, post, moved, now):  # noqa: F811
    moved(now)
    lines = (IncomingLine("琺瑯マグ", 2, 2_200, "KT-MUG-WH"),)
    return Way(shop, sold(lines=lines), agent, warehouse, says, now)


@pytest.fixture
def inside(way, comes_in, shop):
    return comes_in(shop, way.order.customer)


def steps(shown):
    return [state for state, _rest in stops(shown)]


def stops(shown):
    return re.findall(r'class="trip-stop trip-(\w+)"(.*?)</li>', shown, re.DOTALL)


DONE, NOW, TODO = "done", "now", "todo"
STATES = [
    ("asked", [DONE, NOW, TODO, TODO, TODO, TODO], "11月24日(火)まで"),
    ("refused", [DONE, "stopped", TODO, TODO, TODO, TODO], ""),
    ("withdrawn", [DONE, "stopped", TODO, TODO, TODO, TODO], ""),
    ("to_send", [DONE, DONE, NOW, TODO, TODO, TODO], "まで"),
    ("out_of_stock", [DONE, DONE, NOW, TODO, TODO, TODO], ""),
    ("on_way", [DONE, DONE, DONE, NOW, TODO, TODO], "まで"),
    ("partly", [DONE, DONE, DONE, NOW, TODO, TODO], "まで"),
    ("lost", [DONE, DONE, DONE, "stopped", "skipped", NOW], "まで"),
    ("inspecting", [DONE, DONE, DONE, DONE, NOW, TODO], "まで"),
    ("settling", [DONE, DONE, DONE, DONE, DONE, NOW], "まで"),
    ("replacing", [DONE, DONE, DONE, DONE, DONE, NOW], "まで"),
    ("sending", [DONE, DONE, DONE, DONE, DONE, NOW], ""),
    ("failed", [DONE, DONE, DONE, DONE, DONE, NOW], "まで"),
    ("paid", [DONE] * 6, ""),
    ("over", [DONE] * 6, ""),
]


@pytest.mark.parametrize(("state", "expected", "day"), STATES)
def test_six_steps_with_the_one_that_is_on_and_its_day(inside, way, state, expected, day):
    getattr(way, state)()
    shown = inside.get(PAGE).content.decode()
    assert steps(shown) == expected
    assert shown.count('aria-current="step"') == (1 if NOW in expected else 0)
    on = [rest for each, rest in stops(shown) if each == NOW]
    assert not day or day in on[0]


@pytest.mark.parametrize("state", [state for state, _steps, _day in STATES])
def test_no_sentence_is_half_filled_in_any_language(inside, way, state):
    getattr(way, state)()
    for language in LANGUAGES:
        shown = inside.get(f"{PAGE}?language={language}").content.decode().partition("<main")[2]
        words = re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]+>", " ", shown, flags=re.DOTALL))
        assert not re.search(r"\$|by \.|None| まで|^까지|在之前|會在之前|会在之前", words), (language, words)


def test_a_lost_parcel_did_not_arrive(inside, way):
    way.lost()
    shown = inside.get(PAGE).content.decode()
    assert "配送中に紛失" in shown
    assert "当店に到着" not in shown


def test_part_of_it_is_not_all_of_it(inside, way):
    way.partly()
    assert "一部の品物が届きました" in stops(inside.get(PAGE).content.decode())[3][1]


def test_an_exchange_speaks_of_no_money(inside, way):
    way.to_send(Wish.EXCHANGE)
    assert "お返しする金額" not in inside.get(PAGE).content.decode()
    assert "交換・修理" in inside.get(PAGE).content.decode()


def test_an_exchange_that_was_inspected_is_being_prepared(inside, way):
    way.replacing()
    shown = inside.get(PAGE).content.decode()
    assert "ご希望の対応を準備しています" in shown
    assert "返金の準備" not in shown
    assert "ご希望の対応を準備しています" in inside.get("/p/komorebi/").content.decode()


def test_an_exchange_out_of_stock_says_so_and_names_no_day_for_the_customer(inside, way):
    way.out_of_stock()
    shown = inside.get(PAGE).content.decode()
    assert "ご希望の品物が在庫切れになりました" in shown
    assert "11月24日(火)までに担当者からご相談します" in shown
    assert "まで" not in stops(shown)[2][1]
    assert "在庫切れ" in inside.get("/p/komorebi/").content.decode()


def test_an_exchange_that_has_left_shows_its_number_and_cannot_be_withdrawn(inside, way):
    way.to_send(Wish.EXCHANGE)
    assert 'value="withdraw"' in inside.get(PAGE).content.decode()
    way.sent()
    shown = inside.get(PAGE).content.decode()
    assert "交換の品物を発送しました" in shown
    assert "512547514334" in shown
    assert 'value="withdraw"' not in shown
    assert "品物をお送りください" in shown


def test_who_must_tell_an_account_is_not_told_to_do_nothing(shop, sold, comes_in, way, now):  # noqa: F811
    way.order = sold("KM-20500", method=PaymentMethod.CASH_ON_DELIVERY, lines=(IncomingLine("マグ", 2, 2_200),))
    way.settling()
    browser = comes_in(shop, way.order.customer)
    shown = browser.get(PAGE).content.decode()
    assert "返金先の口座をお知らせください。" in shown
    assert "していただくことはありません" not in shown
