"""Time runs forward in the demo shop's story."""

import re
from datetime import date

import pytest

from anshin.project.demo_shop.shape import ShopStory, Story
from tests.project.demo_story.parts import SLUGS, entries


@pytest.mark.parametrize("slug", SLUGS)
def test_entries_of_a_case_are_in_order_and_not_after_now(story: Story, slug: str) -> None:
    for one in story.of_shop(slug).cases:
        for told in (one.messages, one.notes):
            moments = [entry.at for entry in told]
            assert moments == sorted(moments), one.number
            assert all(moment <= story.now for moment in moments), one.number
        assert all(note.at >= one.opened_at for note in one.notes), one.number


@pytest.mark.parametrize("slug", SLUGS)
def test_case_numbers_rise_with_time(story: Story, slug: str) -> None:
    opened = [one.opened_at for one in story.of_shop(slug).cases]
    assert opened == sorted(opened)


@pytest.mark.parametrize("slug", SLUGS)
def test_orders_are_placed_then_shipped_then_delivered(story: Story, slug: str) -> None:
    for one in story.of_shop(slug).orders:
        assert one.ordered_at < story.now, one.number
        for parcel in one.shipments:
            assert one.ordered_at < parcel.shipped_at < story.now, one.number
            if parcel.delivered_at:
                assert parcel.shipped_at < parcel.delivered_at < story.now, one.number
        if one.payment.paid_at:
            assert one.ordered_at <= one.payment.paid_at < story.now, one.number
        if one.cancelled_at:
            assert one.ordered_at < one.cancelled_at < story.now, one.number
            assert one.shipments == (), one.number


@pytest.mark.parametrize("slug", SLUGS)
def test_nobody_orders_before_joining(story: Story, slug: str) -> None:
    shop = story.of_shop(slug)
    since = {one.key: one.since for one in shop.customers}
    for one in shop.orders:
        joined = since[one.customer]
        assert joined is None or joined <= one.ordered_at.date(), one.number


@pytest.mark.parametrize("slug", SLUGS)
def test_unpaid_prepaid_orders_are_not_shipped(story: Story, slug: str) -> None:
    for one in story.of_shop(slug).orders:
        if one.payment.paid_at is None and one.payment.method not in {"cod", "deferred"}:
            assert one.shipments == (), one.number


def test_own_order_numbers_rise_with_time(komorebi: ShopStory) -> None:
    numbers = [one.number for one in komorebi.orders if one.channel == "own"]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_case_has_what_its_status_needs(story: Story, slug: str) -> None:
    for one in story.of_shop(slug).cases:
        last = one.messages[-1].sender
        assert (one.closed_at is not None) == (one.status == "closed") == bool(one.resolution), one.number
        assert (one.snoozed_until is not None) == (one.status == "snoozed"), one.number
        assert (one.due_at is not None) == (one.status == "open"), one.number
        assert not one.unread or one.status == "open", one.number
        if one.closed_at:
            assert max(entry.at for entry in entries(one)) <= one.closed_at <= story.now, one.number
        if one.snoozed_until:
            assert one.snoozed_until > story.now, one.number
        if one.status == "waiting":
            assert last not in {"customer", "outside"}, one.number
        if one.status == "open":
            assert last == "customer", one.number
            assert one.due_at > one.last_message_at, one.number


@pytest.mark.parametrize("slug", SLUGS)
def test_web_forms_and_phone_memos_say_where_they_come_from(story: Story, slug: str) -> None:
    staff = {one.key for one in story.people_of(slug)}
    for one in story.of_shop(slug).cases:
        assert (one.form is not None) == (one.channel == "web_form"), one.number
        assert (one.taken_by in staff) == (one.channel == "phone_memo"), one.number


@pytest.mark.parametrize("slug", SLUGS)
def test_weekdays_written_in_texts_are_right(story: Story, slug: str) -> None:
    """A date with its weekday, e.g. 11月24日(火) or 30日(月); without a month it is the month of writing."""
    form = re.compile(r"(?:(20\d\d)年)?(?:(\d{1,2})月)?(\d{1,2})日\(([月火水木金土日])\)")
    found = 0
    for one in story.of_shop(slug).cases:
        for entry in entries(one):
            for year, month, day, weekday in form.findall(entry.text):
                told = date(int(year or 2026), int(month or entry.at.month), int(day))
                assert "月火水木金土日"[told.weekday()] == weekday, (one.number, told)
                found += 1
    assert found > 0 or slug == "shiosai"


@pytest.mark.parametrize("slug", SLUGS)
def test_staff_write_while_the_shop_is_open(story: Story, slug: str) -> None:
    """The one exception is in the picture: Takeuchi's early answer on the bag."""
    shop = story.of_shop(slug).shop
    hours = {day.weekday: day for day in shop.open_days}
    early = []
    for one in story.of_shop(slug).cases:
        for message in one.messages:
            if message.sender not in {"customer", "outside"}:
                day = hours.get(message.at.weekday())
                closed = day is None or message.at.date() in shop.holidays
                if closed or not day.opens <= message.at.time() <= day.closes:
                    early.append(f"{one.number} {message.at:%m-%d %H:%M}")
    assert early == (["1042 11-22 09:12"] if slug == "komorebi" else [])
