"""Who is to be told is written down: a notice for each order and address, a mail for each address; latest first.

All orders are judged at once, which costs a fifth of judging them by portions. They are written in portions, each a
transaction of its own under a lock on the advisory. After kill -9 the next run looks for what is there already and goes
on; a second run adds nothing. The first portion is judged by itself and small, so that the first mail can leave while
the others are still being judged and written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from anshin.commerce import queries as commerce
from anshin.plumbing.bulk import draw_ids, insert_plain
from anshin.plumbing.one_of import one_of
from anshin.plumbing.planning import look_at
from anshin.safety.actions.calling import call_senders
from anshin.safety.actions.further import lock, write_further
from anshin.safety.actions.keeping import tell_progress
from anshin.safety.actions.listing import list_without_mail, tell_anew, tell_of_end
from anshin.safety.actions.withdrawing import drop_waiting, tell_of_withdrawal
from anshin.safety.models import Advisory, Edition, Notice, SafetyMail
from anshin.safety.queries import Judged, Meant, affected_orders, judged_orders, judgements, meant_lines
from anshin.safety.rules import reaching
from anshin.safety.terms import AdvisoryState, MailRound, MailState, Standing

FIRST_PORTION: Final = 50
LOOKED_THROUGH_FIRST: Final = 2_000
"""Among so many newest orders of the shop the first portion is looked for: their number bounds what it costs."""
PORTION: Final = 5_000
_TOLD_BEFORE: Final = (MailState.SENDING, MailState.SENT, MailState.UNSURE)
_ENDED: Final = (AdvisoryState.WITHDRAWN, AdvisoryState.CLOSED)
_OF_MAIL: Final = ("id", "customer_id", "address", "address_key", "language", "rank")
_OF_NOTICE: Final = (
    *("order_id", "customer_id", "address_key"),
    *("standing", "quantity", "is_gift", "is_lot_known", "mail_id"),
)
_Points = dict[int, tuple[str, str]]
"""Address and folded address of a contact point."""


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
        looked_at = 0
        for portion in _portions(work):
            written = _write(work, portion, now=now)
            if written is None:
                return added  # withdrawn meanwhile
            added += written
            if added > looked_at * 10:
                looked_at = added
                look_at(SafetyMail, Notice)
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


def _portions(work: _Work) -> Iterator[Sequence[Judged]]:
    """The orders, latest first: a few of the newest, then all in portions. What was written is skipped by `_write`, so
    that a few come twice."""
    newest = commerce.latest_orders(work.advisory.shop, until=work.until, how_many=LOOKED_THROUGH_FIRST)
    yield judgements(judged_orders(work.meant, newest)).portion(0, FIRST_PORTION)
    every = judgements(affected_orders(work.meant).filter(ordered_at__lte=work.until))
    start, size = 0, max(1, PORTION // 10)  # ten times as many each time, so that plans made early do not last
    while start < len(every):
        yield every.portion(start, start + size)
        start, size = start + size, PORTION


@transaction.atomic
def _write(work: _Work, portion: Sequence[Judged], *, now: datetime) -> int | None:
    """Notices and mails of these orders that are not there yet; None when nothing may be written any more."""
    if not lock(work.advisory, MailRound.FIRST):
        return None
    ids = [each.order_id for each in portion]
    told = Notice.objects.filter(one_of("order_id", ids), advisory=work.advisory)
    there = set(told.values_list("order_id", flat=True))
    rows, points = _with_points(work, [each for each in portion if each.order_id not in there])
    if not rows:
        return 0
    mails, fresh = _mails(work.advisory, rows, points)
    shop, advisory = work.advisory.shop_id, work.advisory.pk
    insert_plain(Notice, _OF_NOTICE, list(_notices(rows, points, mails)), shop_id=shop, advisory_id=advisory)
    list_without_mail(work.advisory, rows, now=now)
    if fresh:
        call_senders(work.advisory, at=now, now=now)
    tell_progress(work.advisory, now=now)
    return len(rows) + fresh


def _with_points(work: _Work, rows: list[Judged]) -> tuple[list[Judged], _Points]:
    """With the addresses as they are now. An order whose buyer's address was taken away since it was judged is judged
    again: an address that is gone, because its owner was forgotten, is not written to."""
    points = commerce.mail_points([each.mail_id for each in rows if each.mail_id])
    gone = {each.order_id for each in rows if each.mail_id and each.mail_id not in points}
    if gone:
        anew = judgements(judged_orders(work.meant, gone))
        again = anew.portion(0, len(anew))
        left = [each for each in rows if each.order_id not in gone]
        rows = sorted(left + again, key=lambda each: (-each.rank, -each.order_id))
        points |= commerce.mail_points([each.mail_id for each in again if each.mail_id])
    return rows, points


def _mails(advisory: Advisory, rows: Sequence[Judged], points: _Points) -> tuple[dict[str, int], int]:
    """By folded address the id of its mail, and how many are new."""
    wanted: dict[str, Judged] = {}
    for row in rows:
        if row.standing == Standing.BY_MAIL and row.mail_id:
            wanted.setdefault(points[row.mail_id][1], row)
    first = SafetyMail.objects.filter(advisory=advisory, round=MailRound.FIRST, turn=0)
    there = first.filter(one_of("address_key", wanted))
    known = dict(there.values_list("address_key", "pk"))
    fresh = [(points[row.mail_id or 0][0], key, row) for key, row in wanted.items() if key not in known]
    ids = draw_ids(SafetyMail, len(fresh))
    mails = [
        (pk, row.customer_id, address, key, row.language, row.rank)
        for pk, (address, key, row) in zip(ids, fresh, strict=True)
    ]
    insert_plain(SafetyMail, _OF_MAIL, mails, shop_id=advisory.shop_id, advisory_id=advisory.pk)
    return {**known, **{mail[3]: mail[0] for mail in mails}}, len(fresh)


def _notices(rows: Iterable[Judged], points: _Points, mails: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        key = points[row.mail_id][1] if row.standing == Standing.BY_MAIL and row.mail_id else ""
        told = (row.standing, row.quantity, row.is_gift, row.is_lot_known)
        yield row.order_id, row.customer_id, key, *told, mails.get(key)


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
