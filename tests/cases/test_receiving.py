"""An incoming message finds its case, its customer and its order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from anshin.cases.actions import close, receive_message, reply
from anshin.cases.models import Case, Counter, Message
from anshin.cases.terms import Party, Resolution, Status
from anshin.commerce.actions import add_contact
from anshin.commerce.models import Customer
from anshin.commerce.terms import ContactKind
from anshin.plumbing.journal.models import JournalEntry
from tests.cases.writing import KASHIWAGI, MIKUMO, arrive, letter

pytestmark = pytest.mark.django_db


def counted(shop, status, owner_id=0):
    row = Counter.objects.filter(shop=shop, status=status, owner_id=owner_id).first()
    return row.count if row else 0


def test_a_first_mail_opens_a_numbered_case_with_its_customer(shop, now):
    received = arrive(shop, "a@mail.example", at=now)
    case = Case.objects.get()
    assert (received.outcome, case.number, case.status, case.owner) == ("new_case", 1, "open", None)
    assert (case.customer.name, case.subject) == ("柏木 由紀子", "届いたバッグの色が写真と違います")
    assert case.last_line == "写真では明るい生成りだったのですが、濃い灰色のバッグが届きました。"
    assert counted(shop, "open") == 1
    facts = list(JournalEntry.objects.order_by("id").values_list("event", flat=True))
    assert facts == ["shop.opened", "case.opened", "case.message_received"]


def test_a_case_is_due_after_the_shops_business_minutes(shop, now):
    """Friday 14:00 leaves four hours; the other four follow on Tuesday, because Monday 23 November is a holiday."""
    case = arrive(shop, "a@mail.example", at=now).case
    case.refresh_from_db()
    local = timezone.localtime(case.due_at, timezone.get_default_timezone())
    assert local.isoformat() == "2026-11-24T14:00:00+09:00"


def test_the_same_message_twice_changes_nothing(shop, now, later):
    first = arrive(shop, "a@mail.example", at=now)
    facts = JournalEntry.objects.count()
    second = receive_message(shop=shop, message=letter("a@mail.example", at=now), now=later)
    assert (second.outcome, second.message.pk) == ("duplicate", first.message.pk)
    assert (Case.objects.count(), Message.objects.count(), JournalEntry.objects.count()) == (1, 1, facts)
    assert counted(shop, "open") == 1


def test_the_same_message_id_in_two_shops_is_two_messages(shop, other_shop, now):
    arrive(shop, "a@mail.example", at=now)
    arrive(other_shop, "a@mail.example", at=now)
    assert Message.objects.count() == 2


def test_an_answer_to_our_reply_joins_its_case_and_gives_it_back_to_us(shop, agent, post, now, later):
    case = arrive(shop, "a@mail.example", at=now).case
    sent = reply(by=agent, case_id=case.pk, text="お写真をお送りください。", to=[KASHIWAGI], read_at_version=1, now=now)
    answer = arrive(shop, "b@mail.example", at=later, subject="Re: 別の件名", refers_to=(sent.message_key,))
    case.refresh_from_db()
    assert (answer.outcome, answer.reason, case.status, case.owner) == ("threaded", "reference", "open", agent)
    assert (counted(shop, "open", agent.pk), counted(shop, "waiting", agent.pk)) == (1, 0)


def test_a_stranger_who_knows_the_message_id_opens_a_case_of_their_own(shop, now, later):
    first = arrive(shop, "a@mail.example", at=now)
    other = arrive(shop, "b@mail.example", at=later, sender=MIKUMO, refers_to=("a@mail.example",))
    assert (other.outcome, other.reason) == ("new_case", "sender_is_not_a_party")
    opened = JournalEntry.objects.filter(event="case.opened", case_id=other.case.pk).get()
    assert opened.payload["related_case_id"] == first.case.pk


def test_a_case_number_in_the_subject_proves_nothing(shop, now, later):
    arrive(shop, "a@mail.example", at=now)
    other = arrive(shop, "b@mail.example", at=later, sender=MIKUMO, subject="#1 届いたバッグの色が写真と違います")
    assert other.outcome == "new_case"


def test_a_customer_writing_from_a_second_known_address_joins_the_case(shop, now, later):
    first = arrive(shop, "a@mail.example", at=now)
    customer = Customer.objects.get()
    add_contact(shop=shop, customer=customer, kind=ContactKind.MAIL, value="yukiko@docomo.example", now=now)
    second = arrive(
        shop, "b@mail.example", at=later, sender=Party("", "Yukiko@docomo.example"), refers_to=("a@mail.example",)
    )
    assert (second.case.pk, second.reason) == (first.case.pk, "reference")


def test_the_same_sender_and_subject_join_within_two_weeks(shop, now):
    first = arrive(shop, "a@mail.example", at=now)
    soon = arrive(shop, "b@mail.example", at=now + timedelta(days=13), subject="Re: 届いたバッグの色が写真と違います")
    late = arrive(shop, "c@mail.example", at=now + timedelta(days=40), subject="届いたバッグの色が写真と違います")
    assert (soon.case.pk, soon.reason) == (first.case.pk, "same_sender_and_subject")
    assert late.outcome == "new_case"


def test_a_closed_case_reopens_within_sixty_days_only(shop, agent, now):
    case = arrive(shop, "a@mail.example", at=now).case
    close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    again = arrive(shop, "b@mail.example", at=now + timedelta(days=59), refers_to=("a@mail.example",))
    case.refresh_from_db()
    assert (again.case.pk, case.status, case.resolution, case.closed_at) == (case.pk, "open", "", None)
    close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    much_later = arrive(shop, "c@mail.example", at=now + timedelta(days=130), refers_to=("b@mail.example",))
    assert (much_later.outcome, much_later.reason) == ("new_case", "closed_long_ago")


def test_an_automatic_mail_does_not_reopen_a_case(shop, agent, now, later):
    case = arrive(shop, "a@mail.example", at=now).case
    close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    arrive(shop, "b@mail.example", at=later, refers_to=("a@mail.example",), is_automatic=True)
    case.refresh_from_db()
    assert (case.status, case.messages.count()) == (Status.CLOSED, 2)
