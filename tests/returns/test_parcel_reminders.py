"""Customers whose approved return does not arrive are reminded: each interval once, a few times, then no more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anshin.cases.models import Message
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns import actions, jobs, letters
from anshin.returns.actions import reminding
from anshin.returns.models import ParcelReminder
from anshin.returns.terms import Verdict
from tests.conftest import NOW

WEEK = timedelta(days=7)


def told(returned):
    return Message.objects.filter(case=returned.case, subject__contains="お荷物について").count()


def test_each_interval_once_and_at_most_twice(ask, sold, shop):
    returned = ask(sold())
    due_on = [6, 7, 8, 13, 14, 20, 21, 28, 60]
    sent = [actions.remind_of_parcels(shop=shop, now=NOW + timedelta(days=days)) for days in due_on]
    assert sent == [0, 1, 0, 0, 1, 0, 0, 0, 0]
    assert told(returned) == 2
    mail = Message.objects.filter(case=returned.case).order_by("id").last()
    assert "帆布トートバッグ M" in mail.text
    assert "/p/komorebi/returns/1" in mail.text
    assert JournalEntry.objects.filter(event="return.parcel_reminded").count() == 2


@pytest.mark.parametrize("how", ["announced", "booked in", "withdrawn", "not approved", "off"])
def test_nobody_is_reminded_who_need_not_be(ask, sold, shop, arrive, says, owner, how):
    if how == "not approved":
        says(Verdict.NEEDS_PERSON)
    returned = ask(sold())
    who = {"shop": shop, "customer": returned.customer, "number": 1, "now": NOW}
    if how == "announced":
        actions.announce_parcel(carrier="yamato", tracking_number="444413758703", **who)
    if how == "booked in":
        arrive(returned)
    if how == "withdrawn":
        actions.withdraw(**who)
    if how == "off":
        actions.change_setting(by=owner, remind_parcel_days=0, now=NOW)
    assert actions.remind_of_parcels(shop=shop, now=NOW + WEEK) == 0
    assert told(returned) == 0


def test_killed_in_between_everybody_is_written_to_once(ask, sold, shop, monkeypatch):
    """The process ends right after the mail was written and before the commit: nothing of it stays, and the next run
    writes it; what was committed before is not written again."""
    first, second = ask(sold("KM-1")), ask(sold("KM-2"), nonce="n-2")
    tell = reminding.telling.tell

    def killed(returned, *args, **values):
        tell(returned, *args, **values)
        if returned.pk == second.pk:
            raise SystemExit

    monkeypatch.setattr(reminding.telling, "tell", killed)
    with pytest.raises(SystemExit):
        actions.remind_of_parcels(shop=shop, now=NOW + WEEK)
    monkeypatch.undo()
    assert (told(first), told(second)) == (1, 0)
    assert actions.remind_of_parcels(shop=shop, now=NOW + WEEK) == 1
    assert (told(first), told(second)) == (1, 1)
    assert ParcelReminder.objects.count() == 2


def test_another_shop_is_not_touched(ask, sold, stranger):
    ask(sold())
    assert actions.remind_of_parcels(shop=stranger.shop, now=NOW + WEEK) == 0


def test_the_timetable_goes_through_every_shop(ask, sold, monkeypatch):
    ask(sold())
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: NOW + WEEK)
    jobs.remind_of_parcels.call()
    assert ParcelReminder.objects.count() == 1


def test_in_five_languages():
    values = dict.fromkeys(
        ("name", "shop", "number", "items", "clause", "payer", "until", "amount", "why", "link", "place"), "x"
    )
    written = {letters.letter("waiting", language, **values).text for language in letters.LANGUAGES}
    assert len(written) == 5
