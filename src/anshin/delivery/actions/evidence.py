"""Keeping what can be looked at: files of the conversation, uploads, what was packed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from django.db import transaction

from anshin.cases.queries import attachment_of
from anshin.commerce.queries import order_with_details
from anshin.delivery import events
from anshin.delivery.actions import standing
from anshin.delivery.actions.refusals import UnknownTrouble, WrongOrder
from anshin.delivery.models import EvidenceFile, PackingRecord, Trouble
from anshin.delivery.terms import EvidenceKind
from anshin.plumbing.files.names import harmless_name
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.cases.models import Message
    from anshin.plumbing.files.models import Blob
    from anshin.shops.models import Membership


@transaction.atomic
def add_attachment(
    *, by: Membership, trouble_id: int, attachment_id: int, kind: EvidenceKind, now: datetime
) -> EvidenceFile:
    """A file of the conversation as evidence; the same again only says anew what it shows.

    Raises NotAllowed, UnknownTrouble.
    """
    trouble = standing.locked(by, trouble_id)
    file = attachment_of(by.shop, attachment_id)
    if file is None:
        raise UnknownTrouble
    return _added(trouble, file.blob, kind, file.name, message=file.message, by=by, now=now)


@transaction.atomic
def add_upload(
    *, by: Membership, trouble_id: int, name: str, content: BinaryIO, kind: EvidenceKind, now: datetime
) -> EvidenceFile:
    """A file from a colleague's computer as evidence. Raises NotAllowed, UnknownTrouble, StorageTrouble."""
    trouble = standing.locked(by, trouble_id)
    blob = keep(by.shop_id, content, now=now)
    return _added(trouble, blob, kind, harmless_name(name), by=by, now=now)


@transaction.atomic
def record_packing(
    *,
    by: Membership,
    order_id: int,
    position: int,
    sku: str,
    name: str = "",
    quantity: int,
    weight_g: int | None = None,
    expected_g: int | None = None,
    packed_by: str = "",
    packed_at: datetime,
    photo: BinaryIO | None = None,
    now: datetime,
) -> PackingRecord:
    """What was packed for a line of an order. What was written before stays; the newest counts.

    Whoever sees orders may write it: the warehouse does. Raises NotAllowed, WrongOrder.
    """
    require(by, Permission.SEE_ORDERS)
    order = order_with_details(by.shop, order_id)
    if order is None or position not in {line.position for line in order.lines.all()} or not (sku or name).strip():
        raise WrongOrder
    written = PackingRecord.objects.create(
        shop=by.shop,
        order=order,
        position=position,
        sku=sku.strip()[:80],
        name=name.strip()[:300],
        quantity=quantity,
        weight_g=weight_g,
        expected_g=expected_g,
        photo=keep(by.shop_id, photo, now=now) if photo else None,
        packed_at=packed_at,
        packed_by=packed_by.strip()[:100],
        written_by=by,
        written_at=now,
    )
    fact = events.PackingRecorded(record_id=written.pk, order_id=order.pk)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return written


def _added(
    trouble: Trouble,
    blob: Blob,
    kind: EvidenceKind,
    name: str,
    *,
    by: Membership,
    now: datetime,
    message: Message | None = None,
) -> EvidenceFile:
    kind = EvidenceKind(kind)
    file, is_new = EvidenceFile.objects.get_or_create(
        trouble=trouble,
        blob=blob,
        defaults={
            "shop_id": trouble.shop_id,
            "kind": kind,
            "name": name,
            "message": message,
            "came_at": message.at if message else now,
            "added_by": by,
            "added_at": now,
        },
    )
    if not is_new and file.kind == kind:
        return file
    if not is_new:
        file.kind = kind
        file.save(update_fields=["kind"])
    fact = events.EvidenceAdded(trouble_id=trouble.pk, evidence_id=file.pk, kind=kind, sha256=blob.sha256)
    standing.tell(trouble, fact, shops.actor(by), now)
    return file
