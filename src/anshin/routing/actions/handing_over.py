"""Notes from one shift to the next: written, read, done."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.events import Event
from anshin.plumbing.live.actions import publish
from anshin.routing import events
from anshin.routing.actions.refusals import RuleRefused
from anshin.routing.models import Handover, HandoverRead
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

LONGEST_HANDOVER = 2_000


@transaction.atomic
def hand_over(*, by: Membership, text: str, receiver_id: int | None, on: date, now: datetime) -> Handover:
    """A note for everybody, or for one; the writer has read it. Raises NotAllowed, RuleRefused."""
    require(by, Permission.WRITE_NOTES)
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise RuleRefused(_("There is no text yet. Write something first."), part="text")
    if len(said) > LONGEST_HANDOVER:
        raise RuleRefused(_("Write at most %(most)s characters.") % {"most": LONGEST_HANDOVER}, part="text")
    receiver = None
    if receiver_id is not None:
        receiver = shops.staff_of(by.shop).filter(pk=receiver_id).first()
        if receiver is None:
            raise RuleRefused(_("This person does not work in this shop. Choose somebody else."), part="receiver")
    note = Handover.objects.create(shop_id=by.shop_id, on=on, text=said, author=by, receiver=receiver, written_at=now)
    HandoverRead.objects.create(shop_id=by.shop_id, handover=note, member=by, at=now)
    who = str(receiver.person) if receiver else ""
    _told(by, events.HandedOver(handover_id=note.pk, receiver=who), note.pk, now)
    return note


@transaction.atomic
def read_handovers(*, by: Membership, ids: list[int], now: datetime) -> int:
    """Say that one has read these notes of one's shop; how many were new. Asked twice: nothing further."""
    require(by, Permission.READ_CASES)
    known = Handover.objects.filter(shop_id=by.shop_id, pk__in=ids[:200])
    fresh = known.exclude(reads__member=by).values_list("pk", flat=True)
    rows = [HandoverRead(shop_id=by.shop_id, handover_id=pk, member=by, at=now) for pk in fresh]
    HandoverRead.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def finish_handover(*, by: Membership, handover_id: int, now: datetime) -> Handover:
    """The note is done and is not carried over any more. Raises NotAllowed, RuleRefused."""
    note = _locked(by, handover_id)
    if note.done_at is None:
        note.done_at, note.done_by = now, by
        note.save(update_fields=["done_at", "done_by"])
        _told(by, events.HandoverDone(handover_id=note.pk, is_done=True), note.pk, now)
    return note


@transaction.atomic
def reopen_handover(*, by: Membership, handover_id: int, now: datetime) -> Handover:
    """The undo of `finish_handover`. Raises NotAllowed, RuleRefused."""
    note = _locked(by, handover_id)
    if note.done_at is not None:
        note.done_at, note.done_by = None, None
        note.save(update_fields=["done_at", "done_by"])
        _told(by, events.HandoverDone(handover_id=note.pk, is_done=False), note.pk, now)
    return note


def _locked(by: Membership, handover_id: int) -> Handover:
    require(by, Permission.WRITE_NOTES)
    note = Handover.objects.select_for_update().filter(shop_id=by.shop_id, pk=handover_id).first()
    if note is None:
        raise RuleRefused(_("This note does not exist any more. Go back to the list."))
    return note


def _told(by: Membership, fact: Event, note_id: int, now: datetime) -> None:
    """In the journal, and to open desks: these fetch what their reader may see."""
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    said = {"handover_id": note_id}
    publish(shop_id=by.shop_id, channel="shop", kind="handover.changed", payload=said, now=now)
