"""The reminder of the last day for a return: only where wanted, near the end, once an order, to whom it can reach."""

from datetime import date, timedelta

import icalendar
import pytest

from anshin.commerce.models import ContactPoint
from anshin.commerce.terms import Reach
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns import actions as returns
from anshin.returns.terms import Condition, Reason, Verdict, Wish
from anshin.shops.actions import NotAllowed
from anshin.visits import actions, jobs
from anshin.visits.models import Reminder
from anshin.visits.ports import LetterNotSent
from tests.returns.conftest import says, sold  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 11, 24)


@pytest.fixture
def wanted(owner, now):
    return actions.set_reminder(by=owner, is_on=True, days=3, now=now)


def test_nothing_without_the_shops_wish(shop, sold, says, slot, moved, now):  # noqa: F811
    says(until=UNTIL)
    sold()
    assert actions.remind_customers(shop=shop, now=now + timedelta(days=3)) == 0


@pytest.mark.parametrize(("days", "count"), [(0, 0), (1, 1), (4, 1), (5, 0)])
def test_three_days_before_the_end_and_until_it(shop, sold, says, wanted, now, days, count):  # noqa: F811
    says(until=UNTIL)
    sold()
    assert actions.remind_customers(shop=shop, now=now + timedelta(days=days)) == count


def test_once_an_order_with_a_calendar_entry(shop, sold, says, wanted, slot, moved, now):  # noqa: F811
    says(until=UNTIL)
    order = sold()
    for _ in range(3):
        actions.remind_customers(shop=shop, now=now + timedelta(days=2))
        moved(now + timedelta(days=2))
    (letter,) = slot.left
    assert letter.to == "y-kashiwagi@mail.example"
    assert "11月24日(火)" in letter.subject
    assert "/p/komorebi/?order=KM-20417" in letter.text
    (file,) = letter.files
    (event,) = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    assert (event["dtstart"].dt, event["dtend"].dt) == (UNTIL, UNTIL + timedelta(days=1))
    told = JournalEntry.objects.get(event="visits.reminder_written")
    assert told.order_id == order.pk


def test_not_for_what_comes_back_already_or_cannot(shop, sold, says, wanted, now):  # noqa: F811
    says(until=UNTIL)
    order = sold()
    asked = returns.Asked(order.pk, 1, 1, Reason.DEFECT, Condition.UNUSED)
    returns.request(shop=shop, customer=order.customer, asked=[asked], wish=Wish.REFUND, nonce="n", now=now)
    assert actions.remind_customers(shop=shop, now=now + timedelta(days=2)) == 0
    says(verdict=Verdict.REFUSED, until=UNTIL)
    sold("KM-20418")
    assert actions.remind_customers(shop=shop, now=now + timedelta(days=2)) == 0


def test_not_where_mail_does_not_arrive_and_not_twice_after_a_kill(shop, sold, says, wanted, slot, now):  # noqa: F811
    says(until=UNTIL)
    sold()
    actions.remind_customers(shop=shop, now=now + timedelta(days=2))
    reminder = Reminder.objects.get()
    slot.refusals = [LetterNotSent("later", permanent=False)]
    with pytest.raises(LetterNotSent):
        jobs.send_reminder.func(reminder.pk)
    ContactPoint.objects.update(
        reach=Reach.UNREACHABLE, bounce_kind="unknown_user", bounced_since_at=now, last_bounced_at=now
    )
    jobs.send_reminder.func(reminder.pk)
    assert slot.left == []
    ContactPoint.objects.update(reach=Reach.OK)
    jobs.send_reminder.func(reminder.pk)
    jobs.send_reminder.func(reminder.pk)
    assert len(slot.left) == 1


@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant", "ko"])
def test_in_five_languages(shop, sold, says, wanted, slot, moved, now, language):  # noqa: F811
    says(until=UNTIL)
    order = sold()
    type(order.customer).objects.filter(pk=order.customer_id).update(language=language)
    actions.remind_customers(shop=shop, now=now + timedelta(days=2))
    moved(now + timedelta(days=2))
    assert "$" not in slot.left[0].subject + slot.left[0].text


def test_only_who_runs_the_shop_sets_it(agent, owner, now):
    with pytest.raises(NotAllowed):
        actions.set_reminder(by=agent, is_on=True, days=3, now=now)
    for days in (0, 15):
        with pytest.raises(actions.WrongDays):
            actions.set_reminder(by=owner, is_on=True, days=days, now=now)
