"""Who may do what, and how many business minutes lie between two moments."""

import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from anshin.shops.terms import Permission, Role

_LIMITED = frozenset(
    {
        Permission.READ_CASES,
        Permission.WRITE_NOTES,
        Permission.ANSWER,
        Permission.TRIAGE,
        Permission.SEE_ORDERS,
    }
)
"""Without SEE_PERSONAL: of every page that is open to it what tells who a customer is, is masked (decision 0032)."""
_AGENT = _LIMITED | frozenset(
    {
        Permission.SEE_PERSONAL,
        Permission.HANDLE_RETURNS,
        Permission.RECEIVE_GOODS,
        Permission.PREPARE_SAFETY,
        Permission.WRITE_SLIPS,
        Permission.SEE_PROMOTERS,
    }
)
_MANAGER = _AGENT | {
    Permission.KEEP_PROMOTERS,
    Permission.SET_TARGETS,
    Permission.SEE_FIGURES,
    Permission.MAKE_RULES,
    Permission.IMPORT,
    Permission.EXPORT,
    Permission.SEE_JOURNAL,
    Permission.SEE_NUMBERS,
    Permission.STRIKE,
    Permission.WATCH_MAIL,
    Permission.EDIT_MACROS,
    Permission.EDIT_TOPICS,
    Permission.SET_POLICY,
    Permission.SET_SURVEY,
    Permission.APPROVE,
    Permission.PAY_BACK,
    Permission.APPROVE_REFUNDS,
    Permission.APPROVE_SAFETY,
}
MAY: Mapping[str, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: _MANAGER,
    Role.AGENT: _AGENT,
    Role.LIMITED: _LIMITED,
    Role.WAREHOUSE: frozenset(
        {
            Permission.READ_CASES,
            Permission.WRITE_NOTES,
            Permission.SEE_ORDERS,
            Permission.SEE_PERSONAL,
            Permission.RECEIVE_GOODS,
            Permission.WRITE_SLIPS,
        }
    ),
}
_LONGEST_SEARCH_DAYS = 370
_DAY = timedelta(days=1)


def network_of(address: str) -> str:
    """Where a browser is, without which of its network it is: 203.0.113.x, 2001:db8:0:x; "" for what is no address."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(read, ipaddress.IPv6Address) and read.ipv4_mapped:
        read = read.ipv4_mapped
    if isinstance(read, ipaddress.IPv4Address):
        return str(read).rpartition(".")[0] + ".x"
    return ":".join(f"{int(part, 16):x}" for part in read.exploded.split(":")[:3]) + ":x"


class NeverOpen(ValueError):
    """The opening hours leave no business minute within a year."""


def may(role: str, permission: Permission) -> bool:
    """Whether `role` holds `permission`; an unknown role holds none."""
    return permission in MAY.get(role, frozenset())


def after_business_time(
    start: datetime,
    left: timedelta,
    *,
    hours: Mapping[int, tuple[time, time]],
    is_holiday: Callable[[date], bool],
    zone: ZoneInfo,
) -> datetime:
    """The moment when so much opening time has passed since `start`.

    `hours`: weekday (0 = Monday) to opening and closing time on the shop's clock; a missing day is closed.
    Raises NeverOpen when a year holds less.
    """
    local = start.astimezone(zone)
    for offset in range(_LONGEST_SEARCH_DAYS):
        day = local.date() + timedelta(days=offset)
        if day.weekday() not in hours or is_holiday(day):
            continue
        opens, closes = (datetime.combine(day, moment, zone) for moment in hours[day.weekday()])
        begin = max(opens, local)
        if closes - begin >= left and begin < closes:
            return (begin + left).astimezone(start.tzinfo)
        left -= max(closes - begin, timedelta(0))
    raise NeverOpen


def open_spans(
    begin: datetime,
    end: datetime,
    *,
    hours: Mapping[int, tuple[time, time]],
    is_holiday: Callable[[date], bool],
    zone: ZoneInfo,
) -> list[tuple[datetime, datetime]]:
    """The stretches of opening time between two moments, in UTC, oldest first.

    `hours`: as in after_business_time; a shop without any counts as open all day, but for holidays.
    """
    spans = []
    day = begin.astimezone(zone).date()
    while day <= end.astimezone(zone).date():
        opens, closes = hours.get(day.weekday(), (None, None)) if hours else (time(), None)
        if opens is not None and not is_holiday(day):
            first = datetime.combine(day, opens, zone)
            last = datetime.combine(day, closes, zone) if closes else datetime.combine(day + _DAY, time(), zone)
            if max(first, begin) < min(last, end):
                spans.append((max(first, begin).astimezone(UTC), min(last, end).astimezone(UTC)))
        day += _DAY
    return spans
