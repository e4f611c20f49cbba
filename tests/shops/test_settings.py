"""What the owner sets, who may, and what is written down about it."""

from datetime import date, time

import pytest

from anshin.plumbing.journal.models import JournalEntry
from anshin.shops import actions, queries

pytestmark = pytest.mark.django_db
WANTED = {
    "name": "こもれび雑貨店 本店",
    "name_en": "Komorebi",
    "contact_mail": "hello@komorebi.example",
    "order_formats": ["ＫＭ－#####", "", "KM-#####", "SF-####"],
    "reply_target_minutes": 240,
    "signature": "こもれび雑貨店",
}


def facts(name):
    return [entry.payload for entry in JournalEntry.objects.filter(event=name).order_by("id")]


def test_change_shop_saves_everything_and_names_what_changed(owner, now):
    shop = actions.change_shop(by=owner, now=now, **WANTED)
    shop.refresh_from_db()
    assert (shop.name, shop.contact_mail, shop.reply_target_minutes) == (
        "こもれび雑貨店 本店",
        "hello@komorebi.example",
        240,
    )
    assert shop.order_formats == ["KM-#####", "SF-####"]
    assert facts("shop.changed") == [{"what": "name,name_en,contact_mail,order_formats,reply_target_minutes,signature"}]


def test_change_shop_asked_twice_writes_one_fact(owner, now):
    actions.change_shop(by=owner, now=now, **WANTED)
    actions.change_shop(by=owner, now=now, **WANTED)
    assert len(facts("shop.changed")) == 1


@pytest.mark.parametrize("written", ["KM-##", "注文#####", "#" * 41])
def test_change_shop_refuses_a_shape_that_finds_nothing(owner, now, written):
    with pytest.raises(actions.BadOrderFormat):
        actions.change_shop(by=owner, now=now, **(WANTED | {"order_formats": [written]}))
    owner.shop.refresh_from_db()
    assert (owner.shop.name, owner.shop.order_formats) == ("こもれび雑貨店", ["KM-#####"])
    assert facts("shop.changed") == []


@pytest.mark.parametrize("role", ["manager", "agent", "warehouse"])
def test_change_shop_refuses_everybody_but_the_owner(request, role, now):
    by = request.getfixturevalue(role)
    with pytest.raises(actions.NotAllowed):
        actions.change_shop(by=by, now=now, **WANTED)
    by.shop.refresh_from_db()
    assert (by.shop.name, facts("shop.changed")) == ("こもれび雑貨店", [])


def test_opening_hours_replace_the_former_week(owner, now):
    week = {0: (time(9), time(17)), 5: (time(10), time(15, 30))}
    actions.set_opening_hours(by=owner, hours=week, now=now)
    assert queries.week_of(owner.shop) == week
    assert facts("shop.opening_hours_set") == [{"days": ["0 09:00-17:00", "5 10:00-15:30"]}]


def test_the_same_opening_hours_write_no_fact(owner, now):
    actions.set_opening_hours(by=owner, hours=queries.week_of(owner.shop), now=now)
    assert facts("shop.opening_hours_set") == []


def test_opening_hours_that_end_before_they_begin_are_refused(owner, now):
    former = queries.week_of(owner.shop)
    with pytest.raises(actions.BadHours):
        actions.set_opening_hours(by=owner, hours={0: (time(18), time(9))}, now=now)
    assert queries.week_of(owner.shop) == former


def test_a_holiday_moves_due_times(owner, now):
    friday_two = queries.due_moment(owner.shop, now, 480)
    actions.add_holiday(by=owner, on=date(2026, 11, 24), name="棚卸し", now=now)
    assert [holiday.name for holiday in queries.holidays_of(owner.shop, since=date(2026, 11, 20))] == ["棚卸し"]
    # Monday the 23rd is a national holiday: the second half falls on Tuesday, or on Wednesday when that is closed.
    assert (friday_two.day, queries.due_moment(owner.shop, now, 480).day) == (24, 25)


def test_a_holiday_is_kept_once(owner, now):
    actions.add_holiday(by=owner, on=date(2026, 11, 24), name="棚卸し", now=now)
    with pytest.raises(actions.HolidayKnown):
        actions.add_holiday(by=owner, on=date(2026, 11, 24), name="休み", now=now)
    assert facts("shop.holiday_added") == [{"on": "2026-11-24", "label": "棚卸し"}]


def test_a_holiday_of_another_shop_cannot_be_removed(owner, stranger, now):
    mine = actions.add_holiday(by=owner, on=date(2026, 11, 24), name="棚卸し", now=now)
    stranger.role = "owner"
    actions.remove_holiday(by=stranger, holiday_id=mine.pk, now=now)
    assert queries.holidays_of(owner.shop, since=date(2026, 11, 1)).count() == 1
    actions.remove_holiday(by=owner, holiday_id=mine.pk, now=now)
    assert queries.holidays_of(owner.shop, since=date(2026, 11, 1)).count() == 0
    assert facts("shop.holiday_removed") == [{"on": "2026-11-24", "label": "棚卸し"}]


def test_national_holidays_are_named_in_both_languages():
    days = queries.next_national_holidays(date(2026, 11, 20), language="ja", most=1)
    assert days == [(date(2026, 11, 23), "勤労感謝の日")]
    assert queries.next_national_holidays(date(2026, 11, 20), language="en", most=1)[0][1] == "Labor Thanksgiving Day"
