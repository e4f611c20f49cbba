"""The words of this room: how a written date is to be understood, and what was read."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Leaning(StrEnum):
    """Which of the days a short form can mean: a purchase lies in the past, a promise in the future."""

    PAST = "past"
    FUTURE = "future"
    NEAREST = "nearest"


class Grounds(StrEnum):
    """Why the text was read as this date."""

    FULL_DATE = "full_date"
    ERA_DATE = "era_date"
    MONTH_AND_DAY = "month_and_day"
    DAY_OF_MONTH = "day_of_month"
    RELATIVE_DAY = "relative_day"
    RELATIVE_WEEK = "relative_week"
    RELATIVE_MONTH = "relative_month"
    WEEKDAY = "weekday"
    NAMED_DAY = "named_day"


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date that stood in a text: `on` is the best single day, `earliest_on` to `latest_on` what the words allow."""

    on: date
    earliest_on: date
    latest_on: date
    grounds: Grounds
    as_written: str
    start: int
    end: int

    @property
    def is_exact(self) -> bool:
        """Whether the words name one day; 先週 and 一週間ほど前 do not."""
        return self.earliest_on == self.latest_on
