"""Who is at something right now ("who has this case open, who is writing an answer"), so that two do not answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from anshin.plumbing.live.actions import publish
from anshin.plumbing.live.models import Presence
from anshin.plumbing.prepared import Prepared

WINDOW = timedelta(seconds=40)
"""A page tells every 15 seconds that it is still there; after this time it is taken to be gone."""
KIND = "presence.changed"

_HERE = Prepared(
    lambda shop, subject, since: Presence.objects.filter(shop_id=shop, subject=subject, seen_at__gt=since).order_by(
        "name", "person_id"
    ),
    shop=int,
    subject=str,
    since=datetime,
)


@dataclass(frozen=True, slots=True)
class Here:
    """One person at the subject."""

    person_id: int
    name: str
    is_writing: bool


def here(shop_id: int, subject: str, now: datetime) -> tuple[Here, ...]:
    """Who was heard of within the last 40 seconds, by name."""
    rows = _HERE.rows(shop=shop_id, subject=subject, since=now - WINDOW)
    return tuple(Here(row.person_id, row.name, row.is_writing) for row in rows)


def touch(
    *, shop_id: int, subject: str, person_id: int, name: str, is_writing: bool, now: datetime
) -> tuple[Here, ...]:
    """Note that the person is at `subject` ("case:123"), and get who is there.

    Pages that follow the channel `subject` hear of it only when somebody has come or begun or ceased to write.
    """
    with transaction.atomic():
        row, is_new = Presence.objects.select_for_update().get_or_create(
            shop_id=shop_id,
            subject=subject,
            person_id=person_id,
            defaults={"name": name[:200], "is_writing": is_writing, "seen_at": now},
        )
        has_changed = is_new or row.seen_at <= now - WINDOW or row.is_writing != is_writing
        if not is_new:
            row.name, row.is_writing, row.seen_at = name[:200], is_writing, now
            row.save(update_fields=["name", "is_writing", "seen_at"])
        present = here(shop_id, subject, now)
        if has_changed:
            _tell(shop_id, subject, present, now)
    return present


def leave(*, shop_id: int, subject: str, person_id: int, now: datetime) -> None:
    """Note that the person has closed the page; nothing happens if they were not there."""
    with transaction.atomic():
        gone, _ = Presence.objects.filter(shop_id=shop_id, subject=subject, person_id=person_id).delete()
        if gone:
            _tell(shop_id, subject, here(shop_id, subject, now), now)


def _tell(shop_id: int, subject: str, present: tuple[Here, ...], now: datetime) -> None:
    people = [{"id": p.person_id, "name": p.name, "is_writing": p.is_writing} for p in present[:20]]
    publish(shop_id=shop_id, channel=subject, kind=KIND, payload={"people": people}, now=now)
