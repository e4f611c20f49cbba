"""Calendar files read into what a person wants to know: what, when, where, from whom, and whether it is off; for
`bodies`.

The library reads RFC 5545; what it cannot read is no invitation, and the file stays a file. At most 100 kB and ten
events. Zones: an IANA or Windows name, else the sender's own VTIMEZONE when it has one offset all year; any other
leaves the time as written. The library never sees a VTIMEZONE: a rule in it "every second since 1601" stops it for
hours.

Source: RFC 5545 sections 3.1 (folding), 3.6.1 (VEVENT); RFC 5546 section 1.4 (methods); read 2026-11-26.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from anshin.plumbing.mail import charsets
from anshin.plumbing.mail.composed import composed
from anshin.plumbing.mail.values import Address, Invitation

if TYPE_CHECKING:
    from icalendar import Component

MAX_BYTES = 100_000
MAX_EVENTS = 10
MAX_WORDS = 200
MAX_DESCRIPTION = 2_000

CALENDAR_TYPES = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
_METHOD = re.compile(r"[a-z]{3,20}")


def read_invitations(content: bytes, charset: str = "") -> tuple[Invitation, ...]:
    """The events of a calendar file, in order; () when there are none or it cannot be read. Never raises."""
    if len(content) > MAX_BYTES or b"BEGIN:VEVENT" not in content.upper():
        return ()
    whole = re.sub(rb"\r?\n[ \t]", b"", content)  # before decoding: lines are folded inside characters
    try:
        return _read(charsets.decode(whole, charset).text)
    except Exception:  # the library raises what it likes on what is not RFC 5545
        return ()


def _read(text: str) -> tuple[Invitation, ...]:
    from icalendar import Calendar  # half a second to import, and few mails need it

    found: list[Invitation] = []
    zones = _fixed_zones(text)
    plain = _GLOBAL_ZONE.sub(r"TZID=\1", _ZONE.sub("", text))
    for calendar in Calendar.from_ical(plain, multiple=True):
        method = str(calendar.get("METHOD", "")).strip().lower()
        events = [calendar] if calendar.name == "VEVENT" else calendar.walk("VEVENT")
        for event in events[: MAX_EVENTS - len(found)]:
            found.append(_invitation(event, method if _METHOD.fullmatch(method) else "", zones))
    return tuple(found)


_ZONE = re.compile(r"^BEGIN:VTIMEZONE\s*$.*?^END:VTIMEZONE\s*$\n?", re.DOTALL | re.MULTILINE | re.IGNORECASE)
_ZONE_NAME = re.compile(r"^TZID(?:;[^:\r\n]*)?:(.{1,200}?)\s*$", re.MULTILINE | re.IGNORECASE)
_GLOBAL_ZONE = re.compile(r"TZID=\"?/[^:;\"\r\n]{0,80}/([A-Z][A-Za-z_]{1,30}/[A-Z][A-Za-z_]{1,30})\"?(?=[:;])")
_OFFSET = re.compile(r"^TZOFFSETTO(?:;[^:\r\n]*)?:([+-])([0-9]{2})([0-9]{2})", re.MULTILINE | re.IGNORECASE)


def _fixed_zones(text: str) -> dict[str, timezone]:
    """The zones that the file itself describes, as far as they have one offset."""
    found: dict[str, timezone] = {}
    for block in _ZONE.findall(text):
        name, offsets = _ZONE_NAME.search(block), set(_OFFSET.findall(block))
        if name and len(offsets) == 1:
            sign, hours, minutes = offsets.pop()
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            if offset < timedelta(hours=24):
                found[name.group(1)] = timezone(-offset if sign == "-" else offset)
    return found


def _invitation(event: Component, method: str, zones: dict[str, timezone]) -> Invitation:
    starts, zone = _moment(event, "DTSTART", zones)
    ends = _end(event, starts, zones)
    is_off = str(event.get("STATUS", "")).strip().upper() == "CANCELLED"
    return Invitation(
        method="cancel" if is_off else method,
        summary=_words(event, "SUMMARY"),
        starts=starts,
        ends=ends,
        zone=zone,
        place=_words(event, "LOCATION"),
        organiser=_person(event.get("ORGANIZER")),
        answer=_answer(event) if method == "reply" else "",
        is_repeated="RRULE" in event or "RDATE" in event,
        description=_words(event, "DESCRIPTION", most=MAX_DESCRIPTION),
    )


def _moment(event: Component, name: str, zones: dict[str, timezone]) -> tuple[datetime | date | None, str]:
    """The moment in UTC, or as written with the name of its unknown zone."""
    sent = _first(event.get(name))
    moment = _value(sent)
    if isinstance(moment, datetime):
        if moment.tzinfo is not None:
            return moment.astimezone(UTC), ""
        zone = str(getattr(sent, "params", {}).get("TZID", ""))
        if zone in zones:
            return moment.replace(tzinfo=zones[zone]).astimezone(UTC), ""
        return moment, zone[:60]
    return (moment, "") if isinstance(moment, date) else (None, "")


def _end(event: Component, starts: datetime | date | None, zones: dict[str, timezone]) -> datetime | date | None:
    """The end; of whole days the last one (the file names the one after it)."""
    ends, _zone = _moment(event, "DTEND", zones)
    length = _value(_first(event.get("DURATION")))
    if ends is None and starts is not None and isinstance(length, timedelta):
        ends = starts + length
    if ends is None or starts is None or isinstance(ends, datetime) != isinstance(starts, datetime):
        return None
    if not isinstance(ends, datetime):
        ends -= timedelta(days=1)
    try:
        return ends if ends > starts else None
    except TypeError:  # one with a zone, one without
        return None


def _value(sent: Any) -> Any:
    """The Python value of a property; None for a missing one and for one that the library could not read."""
    try:
        return getattr(sent, "dt", None)
    except ValueError:
        return None


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _words(event: Component, name: str, *, most: int = MAX_WORDS) -> str:
    value = _first(event.get(name))
    text = composed(re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", "", str(value))) if value is not None else ""
    return text.strip()[:most]


def _person(value: Any) -> Address:
    sent = _first(value)
    if sent is None:
        return Address("", "")
    mail = re.sub(r"(?i)^mailto:", "", str(sent)).strip()
    name = str(getattr(sent, "params", {}).get("CN", "")).strip("\"' ")
    return Address(composed(name)[:MAX_WORDS], mail[:320] if "@" in mail else "")


def _answer(event: Component) -> str:
    guest = _first(event.get("ATTENDEE"))
    said = str(getattr(guest, "params", {}).get("PARTSTAT", "")).strip().lower()
    return said if said in ("accepted", "declined", "tentative") else ""
