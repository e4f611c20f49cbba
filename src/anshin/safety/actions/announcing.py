"""Who is to be told is written down: a notice for each order and address, a mail for each address; latest first.

Works in portions, each a transaction of its own under a lock on the advisory. After kill -9 the next run looks for what
is there already and goes on; a second run adds nothing. The first portion is small, so that the first mail can leave
while the others are still being written.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from anshin.commerce import queries as commerce
from anshin.plumbing.bulk import insert_many
from anshin.safety.actions.calling import call_senders
from anshin.safety.actions.further import lock, write_further
from anshin.safety.actions.keeping import tell_progress
from anshin.safety.actions.listing import list_without_mail, tell_anew, tell_of_end
from anshin.safety.actions.withdrawing import drop_waiting, tell_of_withdrawal
from anshin.safety.models import Advisory, Edition, Notice, SafetyMail
from anshin.safety.queries import Meant, affected_orders, judged_orders, meant_lines
from anshin.safety.rules import reaching
from anshin.safety.terms import AdvisoryState, MailRound, MailState, Standing

FIRST_PORTION: Final = 50
LOOKED_THROUGH_FIRST: Final = 2_000
"""Among so many newest orders of the shop the first portion is looked for: their number bounds what it costs."""
PORTION: Final = 5_000
_TOLD_BEFORE: Final = (MailState.SENDING, MailState.SENT, MailState.UNSURE)
_ENDED: Final = (AdvisoryState.WITHDRAWN, AdvisoryState.CLOSED)
_COLUMNS: Final = (
    *("pk", "customer_id", "ordered_at", "is_gift", "language"),
    *("mail_id", "quantity", "standing", "is_lot_known"),
)


@dataclass(frozen=True, slots=True)
class _Work:
    """An edition to be made known."""

    advisory: Advisory
    edition: Edition
    meant: Meant
    until: datetime


def announce(advisory_id: int, *, now: datetime) -> int:
    """Write notices and mails for every live edition that was not made known yet, or, after a withdrawal, the mails
    that say so; how many rows were added. What is not to leave any more is dropped."""
    ended = Advisory.objects.filter(pk=advisory_id, number__isnull=False, state__in=_ENDED).first()
    if ended is not None:
        drop_waiting(ended)
        if ended.state == AdvisoryState.WITHDRAWN:
            tell_of_end(ended)
            return tell_of_withdrawal(ended, now=now)
    added = 0
    while (work := _next_work(advisory_id)) is not None:
        if not _is_first(work.edition):
            added += _correct(work, now=now)
        for portion in _portions(work):
            written = _write(work, portion, now=now)
            if written is None:
                return added  # withdrawn meanwhile
            added += written
        _finish(work, now=now)
    return added


def _next_work(advisory_id: int) -> _Work | None:
    public = (AdvisoryState.RELEASED, AdvisoryState.CLOSED)
    advisory = Advisory.objects.select_related("shop").filter(pk=advisory_id, state__in=public).first()
    if advisory is None:
        return None
    waiting = Edition.objects.filter(advisory=advisory, live_at__isnull=False, announced_at=None).order_by("pk")
    edition = waiting.first()
    if edition is None:
        return None
    assert edition.live_at is not None  # noqa: S101  by the filter
    return _Work(advisory, edition, meant_lines(advisory.shop, reaching.from_json(edition.reach)), edition.live_at)


def _is_first(edition: Edition) -> bool:
    earlier = Edition.objects.filter(advisory_id=edition.advisory_id, pk__lt=edition.pk, live_at__isnull=False)
    return not earlier.exists()


def _portions(work: _Work) -> Iterator[Sequence[int]]:
    """Ids of the orders, latest first: a few of the newest, then all in large portions. What was written is skipped by
    `_write`, so that a few come twice."""
    newest = commerce.latest_orders(work.advisory.shop, until=work.until, how_many=LOOKED_THROUGH_FIRST)
    judged: Any = judged_orders(work.meant, newest)  # Any: what was added is unknown to the checker
    few = {pk for pk, quantity in judged.values_list("pk", "quantity") if quantity}
    yield [pk for pk in newest if pk in few][:FIRST_PORTION]
    bought = affected_orders(work.meant).filter(ordered_at__lte=work.until)
    latest_first = bought.order_by("-ordered_at", "-id").values_list("pk", flat=True)
    every = array("q", latest_first.iterator(chunk_size=PORTION))
    for start in range(0, len(every), PORTION):
        yield every[start : start + PORTION]


@transaction.atomic
def _write(work: _Work, portion: Sequence[int], *, now: datetime) -> int | None:
    """Notices and mails of these orders that are not there yet; None when nothing may be written any more."""
    if not lock(work.advisory, MailRound.FIRST):
        return None
    there = Notice.objects.filter(advisory=work.advisory, order__in=list(portion)).values_list("order_id", flat=True)
    missing = set(portion).difference(there)
    if not missing:
        return 0
    judged: Any = judged_orders(work.meant, sorted(missing)).order_by("-ordered_at", "-id")
    rows = [row for row in judged.values(*_COLUMNS) if row["quantity"]]
    points = commerce.mail_points([row["mail_id"] for row in rows if row["standing"] == Standing.BY_MAIL])
    mails, fresh = _mails(work.advisory, rows, points)
    insert_many([_notice(work.advisory, row, points, mails) for row in rows])
    list_without_mail(work.advisory, rows, now=now)
    if fresh:
        call_senders(work.advisory, at=now, now=now)
    tell_progress(work.advisory, now=now)
    return len(rows) + fresh


def _mails(
    advisory: Advisory, rows: Sequence[dict[str, Any]], points: dict[int, tuple[str, str]]
) -> tuple[dict[str, int], int]:
    """By folded address the id of its mail, and how many are new."""
    wanted: dict[str, SafetyMail] = {}
    for row in rows:
        if row["standing"] == Standing.BY_MAIL:
            address, key = points[row["mail_id"]]
            wanted.setdefault(key, _mail(advisory, row, address, key))
    there = SafetyMail.objects.filter(advisory=advisory, round=MailRound.FIRST, turn=0, address_key__in=list(wanted))
    known = dict(there.values_list("address_key", "pk"))
    fresh = [mail for key, mail in wanted.items() if key not in known]
    insert_many(fresh)
    return {**known, **{mail.address_key: mail.pk for mail in fresh}}, len(fresh)


def _mail(advisory: Advisory, row: dict[str, Any], address: str, key: str) -> SafetyMail:
    return SafetyMail(
        shop_id=advisory.shop_id,
        advisory_id=advisory.pk,
        customer_id=row["customer_id"],
        address=address,
        address_key=key,
        language=row["language"],
        rank=int(row["ordered_at"].timestamp()),
    )


def _notice(
    advisory: Advisory, row: dict[str, Any], points: dict[int, tuple[str, str]], mails: dict[str, int]
) -> Notice:
    key = points[row["mail_id"]][1] if row["standing"] == Standing.BY_MAIL else ""
    return Notice(
        shop_id=advisory.shop_id,
        advisory_id=advisory.pk,
        order_id=row["pk"],
        customer_id=row["customer_id"],
        address_key=key,
        standing=row["standing"],
        quantity=row["quantity"],
        is_gift=row["is_gift"],
        is_lot_known=row["is_lot_known"],
        mail_id=mails.get(key),
    )


def _correct(work: _Work, *, now: datetime) -> int:
    """A mail to everybody who was told something else before; whoever still waits for the first mail reads the new
    facts in it."""
    version = work.edition.version
    tell_anew(work.advisory, version=version)
    told = SafetyMail.objects.filter(advisory=work.advisory, round=MailRound.FIRST, state__in=_TOLD_BEFORE)
    told = told.filter(version__gt=0, version__lt=version)
    return write_further(work.advisory, told, which=MailRound.CORRECTION, turn=version, now=now) or 0


@transaction.atomic
def _finish(work: _Work, *, now: datetime) -> None:
    Edition.objects.filter(pk=work.edition.pk).update(announced_at=now)
    Advisory.objects.filter(pk=work.advisory.pk, announced_at=None).update(announced_at=now)
