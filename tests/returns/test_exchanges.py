"""An exchange: its parcel opens with the approval, the customer hears when it leaves, and it ends when all is back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from anshin.cases.models import Message
from anshin.commerce.terms import Carrier, Fault, IncomingLine
from anshin.delivery import actions as delivery
from anshin.delivery.models import Reshipment, Trouble
from anshin.delivery.queries import ArrangementsCheck
from anshin.delivery.terms import Payer as Bearer
from anshin.delivery.terms import ReshipmentState, TroubleKind, TroubleState
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns import actions
from anshin.returns.letters import LANGUAGES, letter
from anshin.returns.models import Return, Settlement
from anshin.returns.queries import Party, party_of, return_of_exchange, waiting_returns
from anshin.returns.terms import ExchangeState, MoneyState, Payer, Reason, Verdict, WaitsFor, Wish
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW
from tests.returns.conftest import GOOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def exchange(ask, sold):
    """An approved exchange of a tote for another colour, by the shop's fault as far as anybody knows."""
    return ask(sold(), wish=Wish.EXCHANGE, wanted="墨")


@pytest.fixture
def leaves(agent, moved):
    """Pack and send every parcel of an exchange, and let the reactions run."""

    def make(returned, *, at=NOW):
        for parcel in open_parcels(returned):
            delivery.tick_inserts(by=agent, reshipment_id=parcel.pk, inserts=[], ticked=[], now=at)
            delivery.mark_packed(by=agent, reshipment_id=parcel.pk, now=at)
            delivery.ship(
                by=agent,
                reshipment_id=parcel.pk,
                carrier=Carrier.YAMATO,
                tracking_number="444413758703",
                cost_yen=880,
                now=at,
            )
        moved(at + timedelta(seconds=5))
        returned.refresh_from_db()
        return returned

    return make


def open_parcels(returned):
    return list(parcels(returned).filter(state__in=["planned", "packed"]))


def parcels(returned):
    return Reshipment.objects.filter(trouble__key=f"return:{returned.pk}").order_by("place")


def mails(part):
    return [each for each in Message.objects.filter(is_automatic=True) if part in each.subject]


def history(returned, axis="exchange"):
    return [(step.state, step.by_name, step.why) for step in returned.steps.filter(axis=axis).order_by("pk")]


def test_an_approved_exchange_opens_its_parcel_once(exchange, shop):
    trouble = Trouble.objects.get()
    assert (trouble.kind, trouble.state, trouble.case_id) == (
        TroubleKind.EXCHANGE,
        TroubleState.ARRANGING,
        exchange.case_id,
    )
    assert (trouble.name, trouble.variant, trouble.sku) == ("帆布トートバッグ M", "生成り", "TB-M-KNR")
    (parcel,) = parcels(exchange)
    assert (parcel.name, parcel.variant, parcel.quantity, parcel.sku) == ("帆布トートバッグ M", "墨", 1, "")
    assert exchange.exchange == ExchangeState.TO_SEND
    assert return_of_exchange(trouble) == exchange
    again = delivery.arrange_exchange(
        shop=shop,
        key=trouble.key,
        case_id=trouble.case_id,
        order_id=trouble.order_id,
        ordered=delivery.Wanted("別の品", "", 1),
        items=[delivery.Wanted("別の品", "", 1)],
        fault=Fault.SHOP,
        why="もう一度",
        actor=Actor.system("returns"),
        now=NOW,
    )
    assert again == trouble
    assert Trouble.objects.count() == Reshipment.objects.count() == 1


def test_nothing_is_opened_for_a_refund_or_before_the_approval(ask, sold, says, agent):
    ask(sold())
    says(Verdict.NEEDS_PERSON, Payer.SHOP)
    waiting = ask(sold("KM-2"), nonce="n-2", wish=Wish.EXCHANGE)
    assert not Trouble.objects.exists()
    actions.authorise(by=agent, return_id=waiting.pk, now=NOW)
    assert Trouble.objects.get().key == f"return:{waiting.pk}"


def test_the_customer_is_told_once_when_it_leaves_and_it_ends_when_the_item_was_inspected(
    exchange, leaves, arrive, inspected, shop
):
    leaves(exchange)
    assert exchange.exchange == ExchangeState.SENT
    assert exchange.money == MoneyState.NOT_YET
    (mail,) = mails("交換品を発送")
    assert "帆布トートバッグ M 墨 × 1" in mail.text
    assert "444413758703" in mail.text
    actions.follow_exchange(shop=shop, trouble_id=Trouble.objects.get().pk, now=NOW)
    assert len(mails("交換品を発送")) == 1
    assert actions.ReturnClosingCheck().why_not(shop.pk, exchange.case_id)
    arrive(exchange)
    inspected(exchange)
    assert (exchange.money, exchange.waits_for) == (MoneyState.NOT_DUE, WaitsFor.NOBODY)
    assert Trouble.objects.get().state == TroubleState.SETTLED
    assert actions.ReturnClosingCheck().why_not(shop.pk, exchange.case_id) == ""
    assert ArrangementsCheck().why_not(shop.pk, exchange.case_id) == ""
    assert not Settlement.objects.exists()


def test_it_also_ends_when_it_leaves_last(exchange, leaves, arrive, inspected, shop):
    arrive(exchange)
    inspected(exchange)
    assert (exchange.money, exchange.waits_for) == (MoneyState.NOT_YET, WaitsFor.STAFF)
    assert "R-0001" in actions.ReturnClosingCheck().why_not(shop.pk, exchange.case_id)
    leaves(exchange)
    assert (exchange.exchange, exchange.money) == (ExchangeState.SENT, MoneyState.NOT_DUE)


def test_half_of_the_goods_is_not_all_that_had_to_come_back(ask, sold, leaves, warehouse, agent):
    two = ask(sold(lines=(IncomingLine("マグ", 2, 2_200),)), quantity=2, wish=Wish.EXCHANGE)
    leaves(two)
    line = two.lines.get()
    actions.book_in(by=warehouse, inside=[actions.Inside(line.pk, 1)], nonce="p", now=NOW)
    actions.inspect(by=warehouse, line_id=line.pk, checked=GOOD, now=NOW)
    two.refresh_from_db()
    assert two.money == MoneyState.NOT_YET
    actions.book_in(by=warehouse, inside=[actions.Inside(line.pk, 1)], nonce="q", now=NOW)
    actions.inspect(by=warehouse, line_id=line.pk, checked=GOOD, now=NOW)
    two.refresh_from_db()
    assert two.money == MoneyState.NOT_DUE


def test_an_item_that_the_customer_keeps_needs_no_inspection(ask, sold, leaves, agent, says):
    says(Verdict.NEEDS_PERSON, Payer.SHOP)
    kept = ask(sold(), wish=Wish.EXCHANGE)
    actions.authorise(by=agent, return_id=kept.pk, keeps=True, now=NOW)
    leaves(kept)
    assert kept.money == MoneyState.NOT_DUE


def test_nobody_ends_an_exchange_that_is_still_owed(exchange, agent, leaves, arrive, inspected):
    entries = JournalEntry.objects.count()
    with pytest.raises(actions.ReplacementOwed):
        actions.no_money_due(by=agent, return_id=exchange.pk, why="終わり", now=NOW)
    arrive(exchange)
    inspected(exchange)
    with pytest.raises(actions.ReplacementOwed):
        actions.recalculate(by=agent, return_id=exchange.pk, adjusted=actions.Adjusted(), now=NOW)
    assert not Settlement.objects.exists()
    assert entries < JournalEntry.objects.count()  # what arrived, not what was refused
    assert history(exchange, "money") == []


def test_what_was_sent_but_did_not_come_back_is_not_over(exchange, agent, leaves):
    leaves(exchange)
    with pytest.raises(actions.NotInspected):
        actions.no_money_due(by=agent, return_id=exchange.pk, why="終わり", now=NOW)
    with pytest.raises(actions.IllegalStep):
        actions.refuse(by=agent, return_id=exchange.pk, why="やめます", now=NOW)
    with pytest.raises(actions.IllegalStep):
        actions.withdraw(shop=agent.shop, customer=exchange.customer, number=1, now=NOW)
    exchange.refresh_from_db()
    assert exchange.approval == "approved"


def test_out_of_stock_is_customer_services_with_a_clock(exchange, agent, shop, warehouse, stranger):
    later = NOW + timedelta(hours=1)
    assert exchange.waits_for == WaitsFor.CUSTOMER
    for outsider in (warehouse, stranger):
        with pytest.raises((NotAllowed, actions.UnknownReturn)):
            actions.mark_out_of_stock(by=outsider, return_id=exchange.pk, now=later)
    actions.mark_out_of_stock(by=agent, return_id=exchange.pk, why="墨は終売", now=later)
    exchange.refresh_from_db()
    assert (exchange.exchange, exchange.waits_for, exchange.waits_since) == (
        ExchangeState.OUT_OF_STOCK,
        WaitsFor.STAFF,
        later,
    )
    assert exchange.due_at > later
    assert party_of(exchange) == Party.STAFF
    assert [each.pk for each in waiting_returns(shop, party=Party.STAFF).items] == [exchange.pk]
    assert history(exchange)[-1] == ("out_of_stock", str(agent.person), "墨は終売")
    last = JournalEntry.objects.filter(event="return.stepped").order_by("-pk")[0]
    assert (last.payload["axis"], last.payload["state"]) == ("exchange", "out_of_stock")
    assert [each.state for each in parcels(exchange)] == [ReshipmentState.CANCELLED]
    assert len(mails("在庫切れ")) == 1
    assert "在庫切れ" in actions.ReturnClosingCheck().why_not(shop.pk, exchange.case_id)
    actions.mark_out_of_stock(by=agent, return_id=exchange.pk, now=later)
    assert len(mails("在庫切れ")) == 1


def test_another_variant_is_sent_instead(exchange, agent, leaves, arrive, inspected):
    actions.mark_out_of_stock(by=agent, return_id=exchange.pk, now=NOW)
    with pytest.raises(actions.VariantNeeded):
        actions.send_another(by=agent, return_id=exchange.pk, variant=" \x00", now=NOW)
    actions.send_another(by=agent, return_id=exchange.pk, variant="藍", now=NOW)
    exchange.refresh_from_db()
    assert (exchange.wanted, exchange.exchange, exchange.waits_for) == ("藍", ExchangeState.TO_SEND, WaitsFor.CUSTOMER)
    assert [(each.variant, each.state) for each in parcels(exchange)] == [("墨", "cancelled"), ("藍", "planned")]
    leaves(exchange)
    assert "藍" in mails("交換品を発送")[0].text
    arrive(exchange)
    inspected(exchange)
    assert exchange.money == MoneyState.NOT_DUE


def test_money_goes_back_instead_with_the_ordinary_settlement(exchange, agent, arrive, inspected):
    actions.mark_out_of_stock(by=agent, return_id=exchange.pk, now=NOW)
    actions.refund_instead(by=agent, return_id=exchange.pk, why="お客様のご希望", now=NOW)
    exchange.refresh_from_db()
    assert (exchange.exchange, exchange.wish) == (ExchangeState.DROPPED, Wish.REFUND)
    assert Trouble.objects.get().state == TroubleState.SETTLED
    assert len(mails("返金に変わりました")) == 1
    arrive(exchange)
    inspected(exchange)
    assert exchange.money == MoneyState.TO_CONFIRM
    assert Settlement.objects.get().total_yen == 6_460 - (0 if exchange.fault != Fault.UNKNOWN else 660)


def test_money_instead_is_calculated_at_once_when_the_item_was_inspected(exchange, agent, arrive, inspected):
    arrive(exchange)
    inspected(exchange)
    actions.refund_instead(by=agent, return_id=exchange.pk, now=NOW)
    exchange.refresh_from_db()
    assert exchange.money == MoneyState.TO_CONFIRM


def test_no_money_instead_of_what_has_left_even_before_the_reaction_ran(exchange, agent):
    (parcel,) = parcels(exchange)
    Reshipment.objects.filter(pk=parcel.pk).update(state=ReshipmentState.SHIPPED)
    with pytest.raises(actions.ReplacementLeft):
        actions.refund_instead(by=agent, return_id=exchange.pk, now=NOW)
    exchange.refresh_from_db()
    assert (exchange.exchange, exchange.wish) == (ExchangeState.TO_SEND, Wish.EXCHANGE)


def test_who_withdraws_gets_nothing_sent_and_asking_again_opens_it_again(exchange, agent):
    actions.withdraw(shop=agent.shop, customer=exchange.customer, number=1, now=NOW)
    exchange.refresh_from_db()
    assert exchange.exchange == ExchangeState.DROPPED
    assert not open_parcels(exchange)
    with pytest.raises(actions.IllegalStep):
        actions.send_another(by=agent, return_id=exchange.pk, variant="藍", now=NOW)


def test_a_refused_one_that_is_approved_after_all_is_sent(exchange, agent):
    actions.refuse(by=agent, return_id=exchange.pk, why="期限を過ぎています。", now=NOW)
    assert not open_parcels(exchange)
    actions.authorise(by=agent, return_id=exchange.pk, now=NOW)
    exchange.refresh_from_db()
    assert exchange.exchange == ExchangeState.TO_SEND
    assert len(open_parcels(exchange)) == 1
    assert Trouble.objects.count() == 1


def test_a_parcel_that_was_cancelled_in_delivery_can_be_packed_again(exchange, agent):
    (parcel,) = parcels(exchange)
    delivery.cancel_reshipment(by=agent, reshipment_id=parcel.pk, now=NOW)
    actions.send_exchange(by=agent, return_id=exchange.pk, now=NOW)
    assert [each.state for each in parcels(exchange)] == ["cancelled", "planned"]
    with pytest.raises(actions.IllegalStep):
        actions.send_exchange(by=agent, return_id=exchange.pk, now=NOW)


def test_an_exchange_from_before_parcels_opened_by_themselves(exchange, agent):
    Trouble.objects.all().delete()
    Return.objects.update(exchange=ExchangeState.NONE)
    actions.send_exchange(by=agent, return_id=exchange.pk, now=NOW)
    exchange.refresh_from_db()
    assert exchange.exchange == ExchangeState.TO_SEND
    assert len(open_parcels(exchange)) == 1


def test_the_customers_mistake_is_sent_at_their_cost_once_they_agreed(ask, sold, agent):
    own = ask(sold(), wish=Wish.EXCHANGE, wanted="墨", reason=Reason.ORDERED_WRONG)
    actions.decide_fault(by=agent, return_id=own.pk, fault=Fault.CUSTOMER, why="色を間違えたとのこと", now=NOW)
    (parcel,) = parcels(own)
    assert parcel.payer == Bearer.CUSTOMER
    delivery.tick_inserts(by=agent, reshipment_id=parcel.pk, inserts=[], ticked=[], now=NOW)
    delivery.mark_packed(by=agent, reshipment_id=parcel.pk, now=NOW)
    with pytest.raises(delivery.NoConsent):
        delivery.ship(by=agent, reshipment_id=parcel.pk, carrier=Carrier.YAMATO, cost_yen=880, now=NOW)
    actions.decide_fault(by=agent, return_id=own.pk, fault=Fault.SHOP, why="ページの色名が違っていた", now=NOW)
    parcel.refresh_from_db()
    assert parcel.payer == Bearer.SHOP
    assert [each.reason for each in Trouble.objects.get().decisions.order_by("pk")][-1] == "ページの色名が違っていた"


def test_the_database_itself_refuses_money_beside_an_owed_exchange(exchange):
    with pytest.raises(IntegrityError), transaction.atomic():
        Return.objects.filter(pk=exchange.pk).update(money=MoneyState.TO_CONFIRM)


def test_what_is_sent_gives_the_customer_no_more_time(exchange, leaves):
    before = exchange.due_at
    leaves(exchange, at=NOW + timedelta(days=3))
    assert (exchange.waits_for, exchange.due_at) == (WaitsFor.CUSTOMER, before)


def test_another_shops_trouble_with_our_key_is_no_exchange_of_ours(exchange, other_shop):
    trouble = Trouble.objects.get()
    trouble.shop_id = other_shop.pk
    assert return_of_exchange(trouble) is None
    trouble.key = "elsewhere:1"
    assert return_of_exchange(trouble) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["exchanged", "out_of_stock", "refund_instead"])
def test_each_letter_is_whole_in_every_language(name, language):
    values = dict.fromkeys(["name", "shop", "items", "clause", "payer", "until", "amount", "why", "link", "sent"], "x")
    found = letter(name, language, number="R-0001", **values)
    assert "R-0001" in found.subject
    assert "$" not in found.text + found.subject
