"""Reading the journal: the audit list, a case's facts, rows for CSV, and reactions that are stuck."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from django.db.models import QuerySet

from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.events import Event
from anshin.plumbing.journal.models import JournalEntry, ReactionCursor
from anshin.plumbing.prepared import Prepared

CSV_HEADER = ("id", "at", "actor_kind", "actor_id", "actor_name", "event", "case_id", "order_id", "values")
_AT_ONCE = 1000
_CASE_FACTS = Prepared(
    lambda shop, case: JournalEntry.objects.filter(shop_id=shop, case_id=case).order_by("id"), shop=int, case=int
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest entry first. `before_id` asks for the next page; None on the last one."""

    rows: tuple[JournalEntry, ...]
    before_id: int | None


def entries(
    shop_id: int,
    *,
    event: type[Event] | str | None = None,
    actor: Actor | None = None,
    case_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Page:
    """Entries from `since` (included) to `until` (excluded), newest first, paged by id."""
    chosen = _chosen(shop_id, event=event, actor=actor, case_id=case_id, since=since, until=until)
    if before_id is not None:
        chosen = chosen.filter(pk__lt=before_id)
    rows = tuple(chosen.order_by("-id")[: limit + 1])
    return Page(rows=rows[:limit], before_id=rows[limit - 1].pk if len(rows) > limit else None)


def case_facts(shop_id: int, case_id: int) -> QuerySet[JournalEntry]:
    """Everything recorded about one case, oldest first, for its timeline."""
    return JournalEntry.objects.filter(shop_id=shop_id, case_id=case_id).order_by("id")


def facts_of_case(shop_id: int, case_id: int) -> list[JournalEntry]:
    """The same as a list: one query, put together beforehand."""
    return _CASE_FACTS.rows(shop=shop_id, case=case_id)


def order_facts(shop_id: int, order_id: int) -> QuerySet[JournalEntry]:
    """Everything recorded about one order, oldest first."""
    return JournalEntry.objects.filter(shop_id=shop_id, order_id=order_id).order_by("id")


def csv_rows(
    shop_id: int,
    *,
    zone: tzinfo = UTC,
    event: type[Event] | str | None = None,
    actor: Actor | None = None,
    case_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[tuple[str, ...]]:
    """The header, then one row an entry, oldest first, read in portions; moments in `zone` as ISO 8601.

    A text that a spreadsheet would take for a formula is given a leading apostrophe.
    """
    yield CSV_HEADER
    chosen = _chosen(shop_id, event=event, actor=actor, case_id=case_id, since=since, until=until).order_by("id")
    last_id = 0
    while rows := list(chosen.filter(pk__gt=last_id)[:_AT_ONCE]):
        for row in rows:
            yield _csv_row(row, zone)
        last_id = rows[-1].pk


def stuck_reactions(shop_id: int) -> QuerySet[ReactionCursor]:
    """Reactions that fail in this shop, waiting for another try (`next_try_at`) or given up (`stuck_at`)."""
    return ReactionCursor.objects.filter(shop_id=shop_id, tries__gt=0).order_by("reaction")


def _chosen(
    shop_id: int,
    *,
    event: type[Event] | str | None,
    actor: Actor | None,
    case_id: int | None,
    since: datetime | None,
    until: datetime | None,
) -> QuerySet[JournalEntry]:
    wanted = {
        "event": event if event is None or isinstance(event, str) else event.name,
        "actor_kind": actor and actor.kind,
        "actor_id": actor and actor.id,
        "case_id": case_id,
        "at__gte": since,
        "at__lt": until,
    }
    return JournalEntry.objects.filter(
        shop_id=shop_id, **{field: value for field, value in wanted.items() if value is not None}
    )


def _csv_row(row: JournalEntry, zone: tzinfo) -> tuple[str, ...]:
    values = " ".join(f"{key}={value}" for key, value in sorted(row.payload.items()))
    return (
        str(row.pk),
        row.at.astimezone(zone).isoformat(timespec="seconds"),
        row.actor_kind,
        _number(row.actor_id),
        _text(row.actor_name),
        row.event,
        _number(row.case_id),
        _number(row.order_id),
        _text(values),
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
