"""When a shop changes its hours, holidays or general target, the deadlines of its open cases are counted anew."""

from anshin.cases.actions.targets import ask_to_count_anew
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.journal.reactions import reacts_to
from anshin.shops.events import HolidayAdded, HolidayRemoved, OpeningHoursSet, ShopChanged


@reacts_to(OpeningHoursSet, name="cases.count_anew_after_hours")
def after_hours(entry: JournalEntry, event: OpeningHoursSet) -> None:  # noqa: ARG001  a reaction
    _count_anew(entry)


@reacts_to(HolidayAdded, name="cases.count_anew_after_holiday")
def after_holiday(entry: JournalEntry, event: HolidayAdded) -> None:  # noqa: ARG001  a reaction
    _count_anew(entry)


@reacts_to(HolidayRemoved, name="cases.count_anew_after_holiday_removed")
def after_holiday_removed(entry: JournalEntry, event: HolidayRemoved) -> None:  # noqa: ARG001  a reaction
    _count_anew(entry)


@reacts_to(ShopChanged, name="cases.count_anew_after_shop")
def after_shop(entry: JournalEntry, event: ShopChanged) -> None:
    if "reply_target_minutes" in event.what.split(","):
        _count_anew(entry)


def _count_anew(entry: JournalEntry) -> None:
    if entry.shop_id is not None:
        ask_to_count_anew(entry.shop_id, now=entry.at)
