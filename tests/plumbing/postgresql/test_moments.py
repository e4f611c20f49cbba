"""How moments come out of PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DataError, connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL alone"),
]
TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-26 08:00:06.27+00", datetime(2026, 11, 26, 8, 0, 6, 270_000, tzinfo=UTC)),
        ("2026-11-26 08:00:06.000001+00", datetime(2026, 11, 26, 8, 0, 6, 1, tzinfo=UTC)),
        ("2026-11-26 17:00:06+09", datetime(2026, 11, 26, 8, 0, 6, tzinfo=UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31 23:59:59.999999+00", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_moment_is_read_in_utc(written: str | None, moment: datetime | None) -> None:
    read = _read(written)

    assert read == moment
    assert read is None or read.tzinfo is UTC


def test_a_session_of_another_zone_means_the_same_moment() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Tokyo'")
    assert _read("2026-11-26 08:00:06+00") == datetime(2026, 11, 26, 17, 0, 6, tzinfo=TOKYO)


@pytest.mark.parametrize("written", ["infinity", "0044-03-15 12:00:00+00 BC"])
def test_what_python_cannot_hold_is_refused(written: str) -> None:
    with pytest.raises(DataError):
        _read(written)


def _read(written: str | None) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [written])
        found: datetime | None = cursor.fetchone()[0]
    return found
