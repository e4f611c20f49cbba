"""What follows from a decision: who pays, what is fetched, what lies in the parcel, and when a case may end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from anshin.cases import actions as cases
from anshin.cases.models import Case, Message
from anshin.cases.terms import Resolution
from anshin.commerce.terms import Carrier
from anshin.delivery import actions, queries
from anshin.delivery.models import Consent, CostEntry, FaultDecision, PickUp, Reshipment, Snapshot
from anshin.delivery.queries.snapshots import packing_slip, reshipment_by_id, snapshot_paper
from anshin.delivery.terms import Insert, Slot
from anshin.plumbing.journal.models import JournalEntry
from tests.cases.writing import MIKUMO, arrive
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
TOMORROW = NOW.date() + timedelta(days=1)


def close(agent, case):
    cases.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=LATER)


def ledger(trouble):
    return [
        (entry.kind, entry.amount_yen, entry.payer, entry.recover_from)
        for entry in CostEntry.objects.filter(trouble=trouble).order_by("id")
    ]


def book(agent, trouble, **values):
    standard = {"carrier": Carrier.YAMATO, "on": TOMORROW, "slot": Slot.MORNING, "cost_yen": 880, "now": NOW}
    return actions.book_pick_up(by=agent, trouble_id=trouble.pk, **(standard | values))


def send(agent, trouble, cost_yen=660):
    parcel = actions.plan_reshipment(by=agent, trouble_id=trouble.pk, now=NOW)
    wanted = [Insert(code) for code in parcel.inserts]
    actions.tick_inserts(by=agent, reshipment_id=parcel.pk, inserts=wanted, ticked=wanted, now=NOW)
    actions.mark_packed(by=agent, reshipment_id=parcel.pk, now=NOW)
    return actions.ship(by=agent, reshipment_id=parcel.pk, carrier=Carrier.YAMATO, cost_yen=cost_yen, now=NOW)


def test_every_decision_stays_with_its_reason_and_evidence(shop, agent, manager, trouble, decided):
    decided("unknown", "記録がありません。")
    actions.find_fault(by=manager, trouble_id=trouble.pk, fault="shop", reason=" 倉庫が\n思い出しました。 ", now=LATER)
    history = list(FaultDecision.objects.order_by("id"))
    file_id = trouble.files.get().pk
    assert [(each.fault, each.by_name, each.reason, each.proposed, each.evidence_ids) for each in history] == [
        ("unknown", "竹内 涼", "記録がありません。", "unknown", [["file", file_id]]),
        ("shop", "佐伯 みお", "倉庫が 思い出しました。", "unknown", [["file", file_id]]),
    ]
    assert queries.fault_of(shop, trouble.pk) == "shop"
    assert queries.latest_decision(shop, trouble.pk) == history[1]
    facts = JournalEntry.objects.filter(event="delivery.fault_found").order_by("id").values_list("payload", flat=True)
    assert [(fact["former"], fact["fault"]) for fact in facts] == [("", "unknown"), ("unknown", "shop")]


def test_a_decision_needs_a_reason(agent, trouble):
    with pytest.raises(actions.MissingWords):
        actions.find_fault(by=agent, trouble_id=trouble.pk, fault="shop", reason="  ", now=NOW)
    assert not FaultDecision.objects.exists()
    trouble.refresh_from_db()
    assert (trouble.state, trouble.fault) == ("looking", "")


def test_nothing_is_sent_before_somebody_decided(agent, trouble):
    with pytest.raises(actions.NoFaultYet):
        actions.plan_reshipment(by=agent, trouble_id=trouble.pk, now=NOW)
    assert not Reshipment.objects.exists()


def test_our_mistake_costs_us_both_ways(shop, agent, decided):
    trouble = decided("shop")
    send(agent, trouble)
    book(agent, trouble)
    assert ledger(trouble) == [("outbound", 660, "shop", ""), ("return", 880, "shop", "")]
    totals = queries.cost_totals(shop, trouble.pk)
    assert (totals.shop_yen, totals.customer_yen, totals.recoverable_yen) == (1540, 0, 0)


def test_a_carriers_doing_costs_us_now_and_may_be_claimed_back(shop, agent, decided):
    trouble = decided("carrier")
    send(agent, trouble)
    assert ledger(trouble) == [("outbound", 660, "shop", "carrier")]
    assert [entry.amount_yen for entry in queries.costs_to_recover(shop).items] == [660]


def test_unknown_is_our_goodwill_and_never_the_customers(agent, decided):
    trouble = decided("unknown")
    send(agent, trouble)
    actions.give_goodwill(by=agent, trouble_id=trouble.pk, amount_yen=500, note="次のお買い物で使える券", now=NOW)
    assert ledger(trouble) == [("outbound", 660, "shop", ""), ("goodwill", 500, "shop", "")]
    assert not PickUp.objects.exists()


@pytest.mark.parametrize("amount", [-1, 1_000_001])
def test_a_cost_is_an_amount_of_money(agent, decided, amount):
    trouble = decided("shop")
    with pytest.raises(actions.BadCost):
        book(agent, trouble, cost_yen=amount)
    assert (ledger(trouble), PickUp.objects.get().state) == ([], "to_book")


def test_the_case_stays_open_until_the_pick_up_is_booked(agent, case, trouble, decided):
    with pytest.raises(cases.CannotClose):
        close(agent, case)  # nobody has decided
    decided("shop")
    with pytest.raises(cases.CannotClose) as refusal:
        close(agent, case)
    assert "D-0001" in str(refusal.value)
    assert Case.objects.get(pk=case.pk).status == "open"
    book(agent, trouble)
    close(agent, case)
    assert Case.objects.get(pk=case.pk).status == "closed"


def test_or_until_somebody_says_why_it_is_not_wanted_back(agent, case, trouble, decided):
    decided("shop")
    with pytest.raises(actions.MissingWords):
        actions.waive_pick_up(by=agent, trouble_id=trouble.pk, reason=" ", now=NOW)
    actions.waive_pick_up(by=agent, trouble_id=trouble.pk, reason="送料のほうが高いため。", now=NOW)
    close(agent, case)
    assert Case.objects.get(pk=case.pk).status == "closed"


def test_a_parcel_that_has_not_left_keeps_the_case_open(agent, case, trouble, decided):
    decided("unknown")
    parcel = actions.plan_reshipment(by=agent, trouble_id=trouble.pk, now=NOW)
    with pytest.raises(cases.CannotClose):
        close(agent, case)
    actions.cancel_reshipment(by=agent, reshipment_id=parcel.pk, now=NOW)
    close(agent, case)


def test_a_trouble_of_a_case_that_was_merged_away_still_counts(shop, agent, case, trouble):
    other = arrive(shop, "b@x", at=NOW, sender=MIKUMO, subject="同じ件です").case
    cases.merge(by=agent, case_id=case.pk, into_number=other.number, now=NOW)
    with pytest.raises(cases.CannotClose):
        close(agent, other)
    assert [each.pk for each in queries.troubles_of_case(shop, other.pk)] == [trouble.pk]


def test_asking_costs_one_query(django_assert_num_queries, shop, case, decided):
    decided("shop")
    with django_assert_num_queries(1):
        assert queries.ArrangementsCheck().why_not(shop.pk, case.pk)


def test_a_case_without_trouble_costs_one_query_and_is_closed(django_assert_num_queries, shop, agent, case):
    with django_assert_num_queries(1):
        assert queries.ArrangementsCheck().why_not(shop.pk, case.pk) == ""
    close(agent, case)


@pytest.mark.parametrize("days", [-1, 63])
def test_a_pick_up_is_not_in_the_past_nor_far_away(agent, trouble, decided, days):
    decided("shop")
    with pytest.raises(actions.BadDay):
        book(agent, trouble, on=NOW.date() + timedelta(days=days))
    assert PickUp.objects.get().state == "to_book"


def test_the_carrier_that_came_in_vain_is_booked_again(agent, case, trouble, decided):
    decided("shop")
    book(agent, trouble)
    actions.mark_missed(by=agent, trouble_id=trouble.pk, now=LATER)
    with pytest.raises(cases.CannotClose):
        close(agent, case)
    book(agent, trouble, cost_yen=0, slot=Slot.FROM_18)
    actions.mark_collected(by=agent, trouble_id=trouble.pk, now=LATER)
    with pytest.raises(actions.NotNow):
        book(agent, trouble)
    states = JournalEntry.objects.filter(event="delivery.pick_up_moved").order_by("id")
    assert [entry.payload["state"] for entry in states] == ["to_book", "booked", "missed", "booked", "collected"]
    assert ledger(trouble) == [("return", 880, "shop", "")]


def test_an_illegal_step_writes_nothing(agent, trouble, decided):
    decided("shop")
    parcel = actions.plan_reshipment(by=agent, trouble_id=trouble.pk, now=NOW)
    before = JournalEntry.objects.count()
    with pytest.raises(actions.NotNow):
        actions.ship(by=agent, reshipment_id=parcel.pk, carrier=Carrier.YAMATO, cost_yen=660, now=NOW)
    with pytest.raises(actions.NotNow):
        actions.mark_delivered(by=agent, reshipment_id=parcel.pk, now=NOW)
    with pytest.raises(actions.NotNow):
        actions.mark_collected(by=agent, trouble_id=trouble.pk, now=NOW)
    parcel.refresh_from_db()
    assert (parcel.state, parcel.carrier, parcel.shipped_at) == ("planned", "", None)
    assert (ledger(trouble), JournalEntry.objects.count()) == ([], before)


def test_what_belongs_into_the_parcel_is_ticked_before_it_is_packed(shop, agent, trouble, decided):
    decided("shop")
    parcel = actions.plan_reshipment(by=agent, trouble_id=trouble.pk, now=NOW)
    assert parcel.inserts == ["letter", "sample"]
    both = [Insert.LETTER, Insert.SAMPLE]
    actions.tick_inserts(by=agent, reshipment_id=parcel.pk, inserts=both, ticked=[Insert.LETTER], now=NOW)
    with pytest.raises(actions.InsertsMissing), translation.override("ja"):
        actions.mark_packed(by=agent, reshipment_id=parcel.pk, now=NOW)
    assert Reshipment.objects.get().state == "planned"
    slip = packing_slip(shop, reshipment_by_id(shop, parcel.pk), letter="おわび", now=NOW)
    assert (slip.number, slip.letter, len(slip.inserts)) == ("D-0001-1", "おわび", 2)
    assert [(line.name, line.sku, line.quantity) for line in slip.lines] == [("帆布トートバッグ M", "TOTE-M-ECRU", 1)]
    assert slip.recipient_address == "東京都武蔵野市吉祥寺南町1-2-3"


def test_the_customer_pays_only_after_they_agreed(agent, trouble, case, decided, shop):
    decided("customer")
    with pytest.raises(actions.NoConsent):
        actions.plan_reshipment(by=agent, trouble_id=trouble.pk, now=NOW)
    assert not Reshipment.objects.exists()
    answer = arrive(shop, "c@x", at=LATER, text="了承します。", refers_to=("a@x",)).message
    actions.record_consent(
        by=agent, trouble_id=trouble.pk, message_id=answer.pk, words="往復の送料", amount_yen=1_540, now=LATER
    )
    consent = Consent.objects.get()
    assert (consent.agreed_at, consent.message_id, consent.amount_yen) == (LATER, answer.pk, 1_540)
    parcel = send(agent, trouble)
    assert (parcel.payer, parcel.consent_id, parcel.inserts) == ("customer", consent.pk, [])
    assert ledger(trouble) == [("outbound", 660, "customer", "")]


def test_only_a_message_of_the_customer_in_this_case_is_a_consent(agent, shop, case, trouble, decided, post):
    decided("customer")
    ours = cases.reply(by=agent, case_id=case.pk, text="了承します", to=[MIKUMO], read_at_version=case.version, now=NOW)
    elsewhere = arrive(shop, "d@x", at=NOW, sender=MIKUMO, subject="別の件").message
    for message in (ours, elsewhere):
        with pytest.raises(actions.WrongMessage):
            actions.record_consent(
                by=agent, trouble_id=trouble.pk, message_id=message.pk, words="送料", amount_yen=1, now=NOW
            )
    assert not Consent.objects.exists()


def test_whoever_pays_nothing_is_not_asked(agent, trouble, case, decided):
    decided("unknown")
    message = Message.objects.get(case=case)
    with pytest.raises(actions.NotAskedToPay):
        actions.record_consent(
            by=agent, trouble_id=trouble.pk, message_id=message.pk, words="送料", amount_yen=660, now=NOW
        )


def test_a_parcel_planned_as_ours_waits_when_it_becomes_the_customers(agent, trouble, decided):
    decided("unknown")
    parcel = actions.plan_reshipment(by=agent, trouble_id=trouble.pk, now=NOW)
    actions.mark_packed(by=agent, reshipment_id=parcel.pk, now=NOW)
    decided("customer", "お客様が色を取り違えたとのこと。", at=LATER)
    with pytest.raises(actions.NoConsent):
        actions.ship(by=agent, reshipment_id=parcel.pk, carrier=Carrier.YAMATO, cost_yen=660, now=LATER)
    parcel.refresh_from_db()
    assert (parcel.state, parcel.payer, ledger(trouble)) == ("packed", "customer", [])


def test_the_database_refuses_a_parcel_on_the_customer_without_consent(agent, trouble, decided):
    decided("unknown")
    parcel = send(agent, trouble)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reshipment.objects.filter(pk=parcel.pk).update(payer="customer")


def test_what_the_customer_bore_becomes_ours_when_it_was_not_their_doing(agent, trouble, case, decided, shop):
    decided("customer")
    answer = Message.objects.get(case=case)
    actions.record_consent(by=agent, trouble_id=trouble.pk, message_id=answer.pk, words="送料", amount_yen=660, now=NOW)
    send(agent, trouble)
    decided("carrier", "運送会社が認めました。", at=LATER)
    assert ledger(trouble) == [
        ("outbound", 660, "customer", ""),
        ("outbound", -660, "customer", ""),
        ("outbound", 660, "shop", "carrier"),
    ]
    assert PickUp.objects.get().state == "to_book"


def test_a_pick_up_nobody_booked_goes_when_it_was_the_customer(agent, trouble, decided):
    decided("shop")
    decided("customer", at=LATER)
    assert PickUp.objects.get().state == "waived"
    assert PickUp.objects.get().waiver


def test_a_trouble_is_settled_once_nothing_is_open(agent, trouble, decided):
    decided("shop")
    with pytest.raises(actions.CannotSettle):
        actions.settle(by=agent, trouble_id=trouble.pk, now=NOW)
    book(agent, trouble)
    actions.settle(by=agent, trouble_id=trouble.pk, now=NOW)
    trouble.refresh_from_db()
    assert (trouble.state, trouble.settled_at) == ("settled", NOW)
    actions.reopen(by=agent, trouble_id=trouble.pk, now=LATER)
    trouble.refresh_from_db()
    assert (trouble.state, trouble.settled_at) == ("arranging", None)


def test_the_snapshot_equals_the_order_and_hides_what_is_sensitive(shop, agent, trouble, order):
    first = actions.take_snapshot(by=agent, trouble_id=trouble.pk, now=NOW)
    paper = snapshot_paper(shop, Snapshot.objects.get())
    assert (paper.number, paper.ordered_at, paper.taken_at) == (order.number, order.ordered_at, NOW)
    assert [(line.name, line.variant, line.sku, line.quantity, line.amount_yen) for line in paper.lines] == [
        (line.name, line.variant, line.sku, line.quantity, line.quantity * line.unit_price_yen)
        for line in order.lines.order_by("position")
    ]
    assert (paper.shipping_yen, paper.fee_yen, paper.discount_yen, paper.total_yen) == (660, 0, 500, order.total_yen)
    assert (paper.buyer_name, paper.recipient_address) == ("柏木 由••", "東京都武蔵野市••••")
    assert (paper.recipient_phone, paper.recipient_postcode) == ("•••-••••-5678", "•••-0003")
    assert [(each.account_hint, each.amount_yen) for each in paper.payments] == [("•••• 2206", order.total_yen)]
    assert [parcel.tracking_number for parcel in paper.parcels] == ["444413758703"]
    for hidden in ("由紀子", "吉祥寺", "090-1234", "mail.example"):
        assert hidden not in repr(paper)
    again = actions.take_snapshot(by=agent, trouble_id=trouble.pk, now=LATER)
    assert (again.digest, again.taken_at) == (first.digest, LATER)
    order.lines.filter(position=1).update(quantity=2)
    assert actions.take_snapshot(by=agent, trouble_id=trouble.pk, now=LATER).digest != first.digest


def test_what_stands_in_the_journal_names_nobody(agent, trouble, decided):
    decided("shop", "柏木様のお写真で確認しました。")
    text = repr(list(JournalEntry.objects.filter(event__startswith="delivery.").values_list("payload", flat=True)))
    assert "柏木" not in text
