"""The spam folder: what goes there and what never does, one click back, and counters that stay right."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from anshin.cases import actions, rules
from anshin.cases.actions import deliver_message
from anshin.cases.models import Case, Counter, Message, SpamMark, TrustedSender
from anshin.cases.queries import cases_in_view, view_counts
from anshin.cases.rules import Place
from anshin.cases.terms import Party, Resolution, Sorting, Status, View
from anshin.commerce.actions import take_in_order
from anshin.commerce.models import Customer
from anshin.commerce.terms import Buyer, IncomingOrder, SalesChannel
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.models import JournalEntry
from tests.cases.writing import KASHIWAGI, arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

pytestmark = pytest.mark.django_db

STRANGER = Party("当選事務局", "lucky@spam.example")


def spam(shop: Shop, key: str = "s1@x", *, sender: Party = STRANGER, minutes: int = 0, **values: Any) -> Case:
    at = NOW + timedelta(minutes=minutes)
    standard = {"subject": "当選のお知らせ", "text": "賞金を受け取ってください。", "spam_by": "rspamd"}
    return arrive(shop, key, at=at, sender=sender, **(standard | values)).case


def order_of(shop: Shop, party: Party) -> None:
    buyer = Buyer(name=party.name, mail=party.mail)
    order = IncomingOrder(channel=SalesChannel.OWN, number="KM-20417", ordered_at=NOW, buyer=buyer)
    take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=NOW)


def counted(shop: Shop) -> dict[tuple[str, int], int]:
    rows = Counter.objects.filter(shop=shop).values_list("status", "owner_id", "count")
    return {(status, owner): count for status, owner, count in rows if count}


def true_counts(shop: Shop) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    for status, owner in Case.objects.filter(shop=shop).values_list("status", "owner_id"):
        found[(status, owner or 0)] = found.get((status, owner or 0), 0) + 1
    return found


def numbers(by: Membership, view: View) -> list[int]:
    return [row.number for row in cases_in_view(by, view, sorting=Sorting.NEWEST, cursor="").items]


def events_of(case: Case) -> list[str]:
    return list(JournalEntry.objects.filter(case_id=case.pk).order_by("id").values_list("event", flat=True))


def test_a_strangers_spam_waits_in_the_folder_and_nowhere_else(shop: Shop, agent: Membership) -> None:
    case = spam(shop, sender_checks={"spam": "rspamd", "spam_score": "15.20"})
    real = arrive(shop, "a@x", at=NOW).case

    assert (case.status, case.due_at, case.waiting_since_at, case.customer_id) == (Status.SPAM, None, None, None)
    mark = SpamMark.objects.get(case=case)
    assert (mark.reason, mark.score, mark.marked_by, mark.former_status) == ("rspamd", "15.20", None, "open")
    assert {view: numbers(agent, view) for view in (View.SPAM, View.ALL, View.OPEN, View.UNASSIGNED)} == {
        View.SPAM: [case.number],
        View.ALL: [real.number],
        View.OPEN: [real.number],
        View.UNASSIGNED: [real.number],
    }
    counts = view_counts(agent)
    assert (counts[View.SPAM], counts[View.ALL], counts[View.OPEN], counts[View.UNASSIGNED]) == (1, 1, 1, 1)
    assert counted(shop) == true_counts(shop)
    assert list(Customer.objects.filter(shop=shop).values_list("name", flat=True)) == [KASHIWAGI.name]
    assert events_of(case) == ["case.opened", "case.spam_marked", "case.message_received"]


def test_the_folder_names_the_sender_although_nobody_became_a_customer(shop: Shop, agent: Membership) -> None:
    spam(shop)
    spam(shop, "s2@x", sender=Party("", "only@spam.example"))

    rows = cases_in_view(agent, View.SPAM, sorting=Sorting.NEWEST, cursor="").items

    assert sorted(row.customer_name for row in rows) == ["only@spam.example", "当選事務局"]


def test_an_answer_to_our_mail_is_never_put_away_by_a_filter(shop: Shop, agent: Membership, post: object) -> None:
    case = arrive(shop, "a@x", at=NOW).case
    sent = actions.reply(by=agent, case_id=case.pk, text="お調べします。", to=[KASHIWAGI], read_at_version=1, now=NOW)
    deliver_message(message_id=sent.pk, now=NOW)
    key = Message.objects.get(pk=sent.pk).message_key

    answer = spam(shop, "b@x", sender=KASHIWAGI, refers_to=(key,), minutes=5)
    stranger = spam(shop, "c@x", sender=Party("別の人", "other@mail.example"), refers_to=(key,), minutes=6)

    assert (answer.pk, answer.status) == (case.pk, Status.OPEN)
    assert (stranger.status, stranger.customer.name) == (Status.OPEN, "別の人")
    assert not SpamMark.objects.exists()
    assert counted(shop) == true_counts(shop)


def test_a_customer_with_orders_is_read_whoever_judges(shop: Shop) -> None:
    order_of(shop, KASHIWAGI)

    case = spam(shop, sender=KASHIWAGI, sender_checks={"spam": "rspamd"})

    assert (case.status, case.customer.name) == (Status.OPEN, KASHIWAGI.name)
    assert Message.objects.get(case=case).sender_checks == {"spam": "rspamd"}


def test_a_known_customer_without_orders_is_put_away_and_stays_known(shop: Shop) -> None:
    arrive(shop, "a@x", at=NOW)

    case = spam(shop, sender=KASHIWAGI)

    assert (case.status, case.customer.name) == (Status.SPAM, KASHIWAGI.name)


def test_one_click_brings_a_case_back_as_new_and_trusts_the_sender(shop: Shop, agent: Membership, later: Any) -> None:
    case = spam(shop)
    real = arrive(shop, "a@x", at=NOW + timedelta(seconds=1)).case

    actions.not_spam(by=agent, case_id=case.pk, now=later)

    case.refresh_from_db()
    assert (case.status, case.is_unread, case.waiting_since_at) == (Status.OPEN, True, later)
    assert case.due_at is not None
    assert case.customer.name == STRANGER.name
    assert numbers(agent, View.OPEN) == [case.number, real.number]
    assert not SpamMark.objects.exists()
    assert events_of(case)[-1] == "case.spam_cleared"
    again = spam(shop, "s2@x", subject="もう一度", minutes=10)
    assert (again.status, again.customer_id) == (Status.OPEN, case.customer_id)
    assert counted(shop) == true_counts(shop)


def test_trust_is_the_shops_own(shop: Shop, other_shop: Shop, agent: Membership) -> None:
    actions.not_spam(by=agent, case_id=spam(shop).pk, now=NOW)

    assert spam(other_shop).status == Status.SPAM


@pytest.mark.parametrize("status", [Status.OPEN, Status.WAITING, Status.SNOOZED, Status.CLOSED])
def test_a_persons_mark_can_be_undone_to_the_letter(shop: Shop, agent: Membership, status: Status) -> None:
    case = arrive(shop, "a@x", at=NOW).case
    if status == Status.WAITING:
        actions.wait_for_customer(by=agent, case_id=case.pk, now=NOW)
    if status == Status.SNOOZED:
        actions.snooze(by=agent, case_id=case.pk, until=NOW + timedelta(days=1), now=NOW)
    if status == Status.CLOSED:
        actions.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=NOW)
    TrustedSender.objects.create(shop=shop, mail_key=KASHIWAGI.mail, trusted_at=NOW)
    names = ("status", "resolution", "due_at", "waiting_since_at", "snoozed_until_at", "closed_at", "owner_id")
    before = Case.objects.values_list(*names).get(pk=case.pk)

    actions.mark_spam(by=agent, case_id=case.pk, now=NOW)
    assert Case.objects.values_list("status", "due_at", "closed_at").get(pk=case.pk) == (Status.SPAM, None, None)
    assert not TrustedSender.objects.exists()
    assert counted(shop) == true_counts(shop)
    actions.undo_spam(by=agent, case_id=case.pk, now=NOW)

    assert Case.objects.values_list(*names).get(pk=case.pk) == before
    assert list(TrustedSender.objects.values_list("mail_key", flat=True)) == [KASHIWAGI.mail]
    assert counted(shop) == true_counts(shop)


def test_asked_twice_nothing_more_happens(shop: Shop, agent: Membership) -> None:
    case = arrive(shop, "a@x", at=NOW).case
    for verb in (actions.mark_spam, actions.mark_spam, actions.undo_spam, actions.undo_spam, actions.not_spam):
        verb(by=agent, case_id=case.pk, now=NOW)

    assert events_of(case).count("case.spam_marked") == 1
    assert events_of(case).count("case.spam_cleared") == 1
    assert not TrustedSender.objects.exists()


def test_undo_does_not_touch_what_a_provider_put_away(shop: Shop, agent: Membership) -> None:
    case = spam(shop)

    actions.undo_spam(by=agent, case_id=case.pk, now=NOW)

    case.refresh_from_db()
    assert case.status == Status.SPAM
    assert SpamMark.objects.filter(case=case).exists()


def test_nothing_is_answered_closed_or_put_away_in_the_folder(shop: Shop, agent: Membership, post: object) -> None:
    case = spam(shop)
    before = Case.objects.filter(pk=case.pk).values().get()
    tries: list[Any] = [
        lambda: actions.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=NOW),
        lambda: actions.snooze(by=agent, case_id=case.pk, until=NOW + timedelta(days=1), now=NOW),
        lambda: actions.take_up(by=agent, case_id=case.pk, now=NOW),
        lambda: actions.wait_for_customer(by=agent, case_id=case.pk, now=NOW),
        lambda: actions.reply(by=agent, case_id=case.pk, text="x", to=[STRANGER], read_at_version=1, now=NOW),
    ]
    for attempt in tries:
        with pytest.raises(actions.InSpam):
            attempt()

    assert Case.objects.filter(pk=case.pk).values().get() == before
    assert Message.objects.count() == 1


def test_the_warehouse_and_strangers_may_not_decide(shop: Shop, warehouse: Membership, stranger: Membership) -> None:
    case = spam(shop)
    for by in (warehouse, stranger):
        for verb in (actions.not_spam, actions.mark_spam, actions.undo_spam):
            with pytest.raises(actions.Refused):
                verb(by=by, case_id=case.pk, now=NOW)

    case.refresh_from_db()
    assert case.status == Status.SPAM
    assert not TrustedSender.objects.exists()


def test_a_later_message_brings_back_what_only_a_filter_put_away(shop: Shop, agent: Membership) -> None:
    arrive(shop, "a@x", at=NOW, subject="別の件")
    by_filter = spam(shop, sender=KASHIWAGI)
    by_hand = arrive(shop, "h@x", at=NOW, subject="三つ目").case
    actions.mark_spam(by=agent, case_id=by_hand.pk, now=NOW)

    still = spam(shop, "s2@x", sender=KASHIWAGI, minutes=1)
    assert (still.pk, still.status) == (by_filter.pk, Status.SPAM)
    back = spam(shop, "s3@x", sender=KASHIWAGI, minutes=2, spam_by="")
    kept = arrive(shop, "h2@x", at=NOW + timedelta(minutes=3), subject="Re: 三つ目").case

    assert (back.pk, back.status, back.due_at is not None) == (by_filter.pk, Status.OPEN, True)
    assert (kept.pk, kept.status, kept.due_at) == (by_hand.pk, Status.SPAM, None)
    assert counted(shop) == true_counts(shop)


def test_merging_never_hides_what_was_read(shop: Shop, agent: Membership) -> None:
    first, second = spam(shop, "s1@x"), spam(shop, "s2@x", subject="別")
    real = arrive(shop, "a@x", at=NOW).case
    other = arrive(shop, "b@x", at=NOW, subject="別件", sender=Party("三雲", "mikumo@mail.example")).case

    actions.merge(by=agent, case_id=first.pk, into_number=second.number, now=NOW)
    second.refresh_from_db()
    assert second.status == Status.SPAM
    actions.merge(by=agent, case_id=real.pk, into_number=second.number, now=NOW)
    second.refresh_from_db()
    assert second.status == Status.OPEN
    assert not SpamMark.objects.exists()
    actions.mark_spam(by=agent, case_id=second.pk, now=NOW)
    actions.merge(by=agent, case_id=second.pk, into_number=other.number, now=NOW)

    other.refresh_from_db()
    assert (other.status, Message.objects.filter(case=other).count()) == (Status.OPEN, 4)
    assert not SpamMark.objects.exists()
    assert counted(shop) == true_counts(shop)


def test_splitting_a_message_out_of_spam_makes_an_open_case(shop: Shop, agent: Membership) -> None:
    arrive(shop, "a@x", at=NOW, subject="別の件")
    case = spam(shop, sender=KASHIWAGI)
    spam(shop, "s2@x", sender=KASHIWAGI, minutes=1)
    second = Message.objects.get(message_key="s2@x")

    new = actions.split(by=agent, case_id=case.pk, message_ids=[second.pk], subject="", now=NOW)

    new.refresh_from_db()
    case.refresh_from_db()
    assert (new.status, case.status) == (Status.OPEN, Status.SPAM)
    assert counted(shop) == true_counts(shop)


def test_a_reply_taken_back_after_the_mark_leaves_the_case_in_the_folder(
    shop: Shop, agent: Membership, post: object
) -> None:
    case = arrive(shop, "a@x", at=NOW).case
    sent = actions.reply(by=agent, case_id=case.pk, text="はい", to=[KASHIWAGI], read_at_version=1, now=NOW)
    actions.mark_spam(by=agent, case_id=case.pk, now=NOW)

    actions.take_back(by=agent, message_id=sent.pk, now=NOW)

    case.refresh_from_db()
    assert (case.status, case.due_at) == (Status.SPAM, None)
    actions.undo_spam(by=agent, case_id=case.pk, now=NOW)
    case.refresh_from_db()
    assert (case.status, case.due_at is not None) == (Status.OPEN, True)
    assert counted(shop) == true_counts(shop)


@pytest.mark.parametrize(
    ("place", "trusted", "orders", "goes"),
    [
        (Place(None, None, "new"), False, False, True),
        (Place(None, None, "new"), True, False, False),
        (Place(None, None, "new"), False, True, False),
        (Place(7, None, "reference"), False, False, False),
        (Place(None, 7, "sender_is_not_a_party"), False, False, False),
    ],
)
def test_only_a_strangers_first_mail_is_put_away(place: Place, trusted: bool, orders: bool, goes: bool) -> None:
    assert rules.goes_to_spam(is_judged_spam=True, place=place, is_trusted=trusted, has_orders=orders) is goes
    assert rules.goes_to_spam(is_judged_spam=False, place=place, is_trusted=trusted, has_orders=orders) is False
