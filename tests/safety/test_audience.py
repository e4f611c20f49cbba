"""Whom an advisory reaches: everybody who bought it and still has it, and nobody else, each with the reason."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from anshin.cases.models import Case
from anshin.commerce.models import ContactPoint, Product
from anshin.returns.models import Inspection, Return, ReturnLine
from anshin.safety import actions, queries
from anshin.safety.models import AffectedProduct, Edition, ProductMatch
from anshin.safety.rules import lots, reaching
from anshin.safety.terms import Affected, MatchReason, MatchState, Standing

TOKYO = ZoneInfo("Asia/Tokyo")


def standing_of(advisory, order):
    found = queries.affected_orders(queries.meant_lines(advisory.shop, queries.sought_by(advisory))).filter(pk=order.pk)
    return found.values_list("standing", flat=True).first()


def narrowed(advisory, **changes):
    AffectedProduct.objects.filter(advisory=advisory).update(**changes)


@pytest.fixture
def sent_back(shop, now):
    """Makes a return of an order's first line that arrived."""

    def make(order, *, quantity, wish="refund", disposition=""):
        number = Return.objects.count() + 1
        case = Case.objects.create(
            shop=shop, number=number, channel="email", subject="返品", created_at=now, last_activity_at=now
        )
        returned = Return.objects.create(
            shop=shop,
            number=number,
            case=case,
            customer=order.customer,
            asked_at=now,
            is_by_customer=True,
            nonce=f"n{number}",
            wish=wish,
            verdict="ok",
            payer="shop",
            waits_since=now,
        )
        line = ReturnLine.objects.create(
            shop=shop,
            returned=returned,
            place=1,
            order=order,
            position=1,
            name="しずく",
            unit_price_yen=5980,
            tax_rate=10,
            quantity=quantity,
            quantity_here=quantity,
            reason="other",
            condition="unopened",
            verdict="ok",
            payer="shop",
        )
        if disposition:
            Inspection.objects.create(shop=shop, line=line, disposition=disposition, begun_at=now)

    return make


class TestStanding:
    def test_by_mail_else_by_telephone_else_by_letter_else_not_at_all(self, ready, bought):
        assert standing_of(ready, bought(phone="0312345678", place="東京都")) == Standing.BY_MAIL
        assert standing_of(ready, bought(mail="", phone="0312345678", place="東京都")) == Standing.BY_PHONE
        assert standing_of(ready, bought(mail="", place="東京都")) == Standing.BY_LETTER
        assert standing_of(ready, bought(mail="")) == Standing.UNREACHABLE

    def test_an_address_that_mail_does_not_reach_is_none(self, ready, bought, now):
        order = bought(place="東京都")
        marked = {"bounce_kind": "unknown_user", "bounced_since_at": now, "last_bounced_at": now}
        ContactPoint.objects.filter(customer=order.customer).update(reach="doubtful", **marked)
        assert standing_of(ready, order) == Standing.BY_MAIL
        ContactPoint.objects.filter(customer=order.customer).update(reach="unreachable")
        assert standing_of(ready, order) == Standing.BY_LETTER

    def test_cancelled_before_it_left_is_out_and_after_it_left_is_in(self, ready, bought, now):
        assert standing_of(ready, bought(cancelled_at=now)) == Standing.CANCELLED
        assert standing_of(ready, bought(cancelled_at=now, shipped_at=now)) == Standing.BY_MAIL

    def test_only_who_has_sent_back_all_is_out(self, ready, bought, sent_back):
        whole, part, exchanged, again = (bought(quantity=2) for _each in range(4))
        sent_back(whole, quantity=1)
        sent_back(whole, quantity=1)
        sent_back(part, quantity=1)
        sent_back(exchanged, quantity=2, wish="exchange")
        sent_back(again, quantity=2, disposition="send_back")
        assert standing_of(ready, whole) == Standing.RETURNED
        for other in (part, exchanged, again):
            assert standing_of(ready, other) == Standing.BY_MAIL

    def test_a_masked_address_of_a_marketplace_is_an_address(self, ready, bought):
        assert standing_of(ready, bought(mail="x1y2@marketplace.amazon.co.jp", channel="amazon")) == Standing.BY_MAIL


class TestWhichLines:
    def test_by_product_and_by_number_only_where_no_product_is_known(self, ready, bought, shop, humidifier):
        other = Product.objects.create(shop=shop, sku="LAMP", name="ランプ")
        assert standing_of(ready, bought(sku="")) == Standing.BY_MAIL
        assert standing_of(ready, bought(product=None)) == Standing.BY_MAIL
        assert standing_of(ready, bought(product=other)) is None  # a number that was given to another product later
        assert standing_of(ready, bought(product=None, sku="LAMP")) is None

    def test_a_proposed_match_reaches_nobody(self, ready, bought):
        order = bought()
        ProductMatch.objects.update(state=MatchState.PROPOSED)
        assert standing_of(ready, order) is None

    def test_a_known_lot_decides_and_days_only_without_one(self, ready, bought, now):
        narrowed(ready, sold_from=date(2026, 11, 1))
        early, late = now - timedelta(days=100), now - timedelta(days=3)
        assert standing_of(ready, bought(lot="2510", at=early)) == Standing.BY_MAIL
        assert standing_of(ready, bought(lot="2512", at=late)) is None
        assert standing_of(ready, bought(lot="", at=late)) == Standing.BY_MAIL
        assert standing_of(ready, bought(lot="", at=early)) is None
        assert standing_of(ready, bought(lot="LOT 2510", at=late)) == Standing.BY_MAIL  # nobody can say
        told = queries.audience(ready)
        assert (told.told, told.lot_unknown) == (3, 2)

    def test_days_are_those_of_the_shop_and_both_belong(self, ready, bought):
        narrowed(ready, lots=[], sold_from=date(2026, 3, 1), sold_to=date(2026, 3, 31))
        first, last = datetime(2026, 3, 1, 0, 0, tzinfo=TOKYO), datetime(2026, 3, 31, 23, 59, 59, tzinfo=TOKYO)
        second = timedelta(seconds=1)
        inside = [standing_of(ready, bought(at=at)) for at in (first, last)]
        outside = [standing_of(ready, bought(at=at)) for at in (first - second, last + second)]
        assert (inside, outside) == ([Standing.BY_MAIL] * 2, [None] * 2)

    def test_nothing_of_another_shop(self, ready, bought, other_shop):
        order = bought()
        type(order).objects.filter(pk=order.pk).update(shop=other_shop)
        order.lines.update(shop=other_shop)
        assert queries.audience(ready).orders() == 0

    def test_without_any_product_nobody(self, sealed, bought):
        bought()
        assert queries.audience(sealed).groups == ()


class TestCounts:
    def test_gifts_languages_channels_and_one_mail_for_several_orders(self, ready, bought):
        first = bought(language="en", is_gift=True)
        bought(customer=first.customer, channel="rakuten")
        bought(mail="", channel="amazon", place="京都府", language="ko")
        told = queries.audience(ready)
        assert (told.told, told.mails, told.gifts, told.marketplace_without_mail) == (3, 1, 1, 1)
        assert told.by_language == {"en": 2, "ko": 1}
        assert told.by_sales_channel == {"amazon": 1, "own": 1, "rakuten": 1}

    def test_the_same_number_of_queries_however_many(self, ready, bought, django_assert_num_queries):
        count = 8 if connection.vendor == "postgresql" else 7  # which is given room to sort
        for _each in range(3):
            bought(lot="2510")
        with django_assert_num_queries(count):
            queries.audience(type(ready).objects.get(pk=ready.pk))
        for _each in range(20):
            bought(lot="2511")
        with django_assert_num_queries(count):
            assert queries.audience(type(ready).objects.get(pk=ready.pk)).told == 23

    @pytest.mark.parametrize("seed", range(6))
    def test_as_if_each_were_asked_by_hand(self, ready, bought, sent_back, now, seed):
        chance = random.Random(seed)
        narrowed(ready, sold_from=date(2026, 10, 1), sold_to=date(2026, 10, 31))
        expected = Counter()
        for _each in range(60):
            told = {
                "lot": chance.choice(["", "", "2508", "2509", "2510", "2511-2", "2512", "X"]),
                "at": datetime(2026, 9, 25, 12, tzinfo=TOKYO) + timedelta(days=chance.randrange(45)),
                "cancelled_at": chance.choice([None, None, now]),
                "shipped_at": chance.choice([None, now]),
                "mail": chance.choice(["", f"{seed}-{_each}@example.jp"]),
                "phone": chance.choice(["", "0312345678"]),
                "place": chance.choice(["", "大阪府"]),
                "quantity": chance.choice([1, 2]),
            }
            order = bought(**told)
            back = chance.choice([0, 0, 1])
            if back:
                sent_back(order, quantity=1)
            reached = by_hand(told, back)
            if reached:
                expected[reached] += 1
        found = queries.audience(ready).by_standing
        assert {standing: number for standing, number in found.items() if number} == expected


def by_hand(told, back):
    fits = lots.fits(told["lot"], [("2509", "2511")])
    if fits is False or (fits is None and told["at"].astimezone(TOKYO).month != 10):
        return None
    if told["cancelled_at"] and not told["shipped_at"]:
        return Standing.CANCELLED
    if back >= told["quantity"]:
        return Standing.RETURNED
    ways = {"mail": Standing.BY_MAIL, "phone": Standing.BY_PHONE, "place": Standing.BY_LETTER}
    return next((standing for way, standing in ways.items() if told[way]), Standing.UNREACHABLE)


class TestHalfOfTheCatalogue:
    @pytest.fixture
    def wide(self, ready, shop, agent, now):
        affected = AffectedProduct.objects.get(advisory=ready)
        for number in range(5):
            product = Product.objects.create(shop=shop, sku=f"W{number}", name="加湿器")
            ProductMatch.objects.create(
                shop=shop,
                affected=affected,
                product=product,
                reason=MatchReason.NAME,
                certainty=50,
                state=MatchState.CONFIRMED,
                decided_by=agent,
                decided_at=now,
            )
        return ready

    def test_is_not_approved_before_somebody_said_yes_to_the_number(self, wide, agent, manager, now):
        assert queries.audience(wide).asks_twice
        with pytest.raises(actions.ReachesTooMuch):
            actions.approve(by=manager, advisory_id=wide.pk, seen_version=1, now=now)
        with pytest.raises(actions.MovedOn):
            actions.confirm_wide(by=agent, advisory_id=wide.pk, products=5, now=now)
        wide = actions.confirm_wide(by=agent, advisory_id=wide.pk, products=6, now=now)
        assert not queries.audience(wide).asks_twice
        actions.approve(by=manager, advisory_id=wide.pk, seen_version=1, now=now)

    def test_whoever_is_not_named_learns_nothing(self, wide, owner, stranger, now):
        for who in (owner, stranger):
            with pytest.raises(actions.UnknownAdvisory):
                actions.confirm_wide(by=who, advisory_id=wide.pk, products=6, now=now)


def test_what_was_approved_keeps_its_reach_when_facts_change_later(approved, agent, facts, humidifier, now):
    later = replace(facts, products=(Affected(name="別の品"),))
    actions.change_facts(by=agent, advisory_id=approved.pk, facts=later, seen_version=1, now=now)
    kept = reaching.from_json(Edition.objects.get(advisory=approved).reach)
    assert kept == (reaching.Sought((humidifier.pk,), ("KZ-20-W",), (("2509", "2511"),)),)
