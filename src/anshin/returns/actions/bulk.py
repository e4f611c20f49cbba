"""The same step for several returns: each through its own verb, once, and each with its answer.

A run is written down first and then worked off return by return, each in a transaction of its own together with its
mark. Whatever ends the work in between, the job goes on with what still waits; nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation

from anshin.commerce.terms import RefundWay
from anshin.plumbing.files.store import keep
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.returns import events
from anshin.returns.actions import stepping
from anshin.returns.actions.deciding import authorise
from anshin.returns.actions.refusals import (
    IllegalStep,
    NoLabelNow,
    NotAsked,
    NothingChosen,
    TooManyAtOnce,
    UnknownReturn,
)
from anshin.returns.actions.settling import confirm
from anshin.returns.models import BulkItem, BulkRun, Return
from anshin.returns.ports import labels
from anshin.returns.queries.labels import facts_of_labels, label_paper
from anshin.returns.rules.bulk import may_print
from anshin.returns.terms import Approval, BulkState, BulkVerb, LabelPaper
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

MOST_AT_ONCE = 200
FEW = 20
"""So many are worked off while the person waits; more than these by a job."""
_JOB = "anshin.returns.jobs.run_bulk"
_IN_CASE = timedelta(minutes=1)
_KEEP_RUN, _KEEP_FILE = timedelta(days=30), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Picked:
    """One return that was chosen; for a refund also the sum, the way and the account that stood on the page."""

    return_id: int
    seen_yen: int | None = None
    way: RefundWay | None = None
    account_id: int | None = None


def begin_bulk(
    *, by: Membership, verb: BulkVerb, picked: Sequence[Picked], nonce: str, language: str, now: datetime
) -> BulkRun:
    """The run, finished already when only a few were chosen; the same nonce again is the same run.

    Raises NotAllowed, NothingChosen, TooManyAtOnce, UnknownReturn (one of another shop; then nothing is done). What is
    refused for a single return stands in its item.
    """
    require(by, Permission.HANDLE_RETURNS)
    run = _write_down(by=by, verb=verb, picked=picked, nonce=nonce, language=language, now=now)
    if run.done_at is None and len(picked) <= FEW:
        return run_bulk(bulk_id=run.pk, now=now)
    return run


def run_bulk(*, bulk_id: int, now: datetime) -> BulkRun:
    """Work off what still waits in a run, return by return."""
    run = BulkRun.objects.select_related("asked_by__shop", "asked_by__person").get(pk=bulk_id)
    with translation.override(run.language):
        for item_id in run.items.filter(state=BulkState.WAITING).values_list("pk", flat=True):
            _do_one(run, item_id, now)
        _finish(run, now)
    return run


def forget_bulk(*, now: datetime) -> None:
    """Labels go after a day, since addresses stand on them; the runs themselves after a month."""
    BulkRun.objects.filter(asked_at__lt=now - _KEEP_FILE, file__isnull=False).update(file=None)
    BulkRun.objects.filter(asked_at__lt=now - _KEEP_RUN).delete()


@transaction.atomic
def _write_down(
    *, by: Membership, verb: BulkVerb, picked: Sequence[Picked], nonce: str, language: str, now: datetime
) -> BulkRun:
    known = BulkRun.objects.filter(shop=by.shop, nonce=nonce).first()
    if known is not None:
        return known
    if not picked:
        raise NothingChosen
    if len(picked) > MOST_AT_ONCE:
        raise TooManyAtOnce(MOST_AT_ONCE)
    ids = {each.return_id for each in picked}
    if Return.objects.filter(shop=by.shop, pk__in=ids).count() != len(ids) or len(ids) != len(picked):
        raise UnknownReturn
    run = BulkRun.objects.create(
        shop=by.shop,
        nonce=nonce,
        verb=verb,
        asked_by=by,
        asked_at=now,
        language=language,
        paper=label_paper(by.shop) if verb == BulkVerb.LABELS else "",
    )
    BulkItem.objects.bulk_create(
        BulkItem(
            shop=by.shop,
            run=run,
            place=place,
            returned_id=each.return_id,
            seen_yen=each.seen_yen,
            way=each.way or "",
            account=each.account_id,
        )
        for place, each in enumerate(picked, 1)
    )
    run_at = now + _IN_CASE if len(picked) <= FEW else None  # few are done by the page; the job only in case it dies
    enqueue(_JOB, run.pk, now=now, run_at=run_at, unique_key=f"returns.bulk.{run.pk}", shop_id=by.shop_id)
    fact = events.BulkBegun(bulk_id=run.pk, verb=str(verb), count=len(picked))
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return run


@transaction.atomic
def _do_one(run: BulkRun, item_id: int, now: datetime) -> None:
    """One return and its mark, both or neither."""
    item = BulkItem.objects.select_for_update(of=("self",)).select_related("returned").get(pk=item_id)
    if item.state != BulkState.WAITING:
        return
    try:
        with transaction.atomic():  # what a refused verb had begun is taken back, the reason stays
            item.became = _VERBS[BulkVerb(run.verb)](run.asked_by, item, now)
        item.state = BulkState.DONE
    except Refused as refusal:
        item.state, item.why = BulkState.REFUSED, str(refusal)[:500]
    item.save(update_fields=["state", "became", "why"])


def _approve(by: Membership, item: BulkItem, now: datetime) -> str:
    returned = stepping.locked_return(by.shop_id, item.returned_id)
    if returned.approval != Approval.ASKED:
        raise NotAsked(returned.get_approval_display())
    return str(authorise(by=by, return_id=item.returned_id, now=now).approval)


def _confirm(by: Membership, item: BulkItem, now: datetime) -> str:
    if item.seen_yen is None or item.way not in RefundWay.values:  # no sum stood on the page
        raise IllegalStep
    confirmed = confirm(
        by=by,
        return_id=item.returned_id,
        seen_total_yen=item.seen_yen,
        way=RefundWay(item.way),
        account_id=item.account,
        now=now,
    )
    return str(confirmed.money)


def _look_at_label(by: Membership, item: BulkItem, now: datetime) -> str:  # noqa: ARG001  a verb's shape
    if not may_print(item.returned):
        raise NoLabelNow(item.returned.get_parcel_display())
    return str(item.returned.parcel)


_VERBS: dict[BulkVerb, Callable[[Membership, BulkItem, datetime], str]] = {
    BulkVerb.APPROVE: _approve,
    BulkVerb.CONFIRM: _confirm,
    BulkVerb.LABELS: _look_at_label,
}


@transaction.atomic
def _finish(run: BulkRun, now: datetime) -> None:
    held = BulkRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.done_at is None and not held.items.filter(state=BulkState.WAITING).exists():
        if held.verb == BulkVerb.LABELS:
            held.file_id = _printed(held, now)
        held.done_at = now
        held.save(update_fields=["done_at", "file"])
    run.done_at, run.file_id = held.done_at, held.file_id


def _printed(run: BulkRun, now: datetime) -> int | None:
    """The blob of all labels in one PDF, in the order in which they were chosen; None without any."""
    ids = list(run.items.filter(state=BulkState.DONE).values_list("returned_id", flat=True))
    if not ids:
        return None
    facts = facts_of_labels(run.asked_by.shop, ids)
    return keep(run.shop_id, labels.get().pdf(facts, paper=LabelPaper(run.paper)), now=now).pk
