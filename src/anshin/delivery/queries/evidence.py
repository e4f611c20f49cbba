"""What can be looked at, and what it says about whose doing it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from anshin.commerce.queries import order_parts
from anshin.delivery import rules
from anshin.delivery.models import EvidenceFile, PackingRecord, Trouble
from anshin.delivery.terms import (
    ArrivedAs,
    BoxState,
    Evidence,
    EvidenceKind,
    Finding,
    Ordered,
    Packed,
    TroubleKind,
)

if TYPE_CHECKING:
    from anshin.plumbing.files.models import Blob
    from anshin.shops.models import Shop

_SHOWS_ARRIVAL = (EvidenceKind.ARRIVED, EvidenceKind.BOX)


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One piece as it stands in the bundle: where it is from (`case`, `packing`), when it came, which bytes."""

    name: str
    kind: str
    came_at: datetime
    source: str
    blob: Blob


def evidence_file(shop: Shop, file_id: int) -> EvidenceFile | None:
    """One piece of this shop, with its bytes. One query."""
    return EvidenceFile.objects.select_related("blob", "trouble").filter(shop=shop, pk=file_id).first()


def packing_record(shop: Shop, trouble: Trouble) -> PackingRecord | None:
    """What was packed for the line of the trouble, as written down last. One query, two when the line is known."""
    rows = PackingRecord.objects.select_related("photo").filter(shop=shop, order_id=trouble.order_id)
    if trouble.line is not None:
        rows = rows.filter(position=trouble.line.position)
    return rows.order_by("-written_at", "-id").first()


def packing_photo(shop: Shop, record_id: int) -> Blob | None:
    """The photo of a packing record of this shop. One query."""
    record = PackingRecord.objects.select_related("photo").filter(shop=shop, pk=record_id).first()
    return record.photo if record else None


def evidence_files(shop: Shop, trouble: Trouble) -> list[EvidenceLine]:
    """Everything with bytes, in the order in which it came: for the bundle. Two or three queries."""
    files = EvidenceFile.objects.select_related("blob").filter(shop=shop, trouble=trouble)
    lines = [
        EvidenceLine(file.name, file.kind, file.came_at, "case" if file.message_id else "upload", file.blob)
        for file in files.order_by("came_at", "id")
    ]
    record = packing_record(shop, trouble)
    if record is not None and record.photo is not None:
        lines.append(EvidenceLine("packing", EvidenceKind.PACKED, record.packed_at, "packing", record.photo))
    return lines


def evidence_of(shop: Shop, trouble: Trouble) -> Evidence:
    """What a finding is made from. Four or five queries."""
    record = packing_record(shop, trouble)
    kinds = set(EvidenceFile.objects.filter(shop=shop, trouble=trouble).values_list("kind", flat=True))
    parcels = order_parts(shop, [trouble.order_id])[trouble.order_id].shipments
    return Evidence(
        kind=TroubleKind(trouble.kind),
        ordered=Ordered(trouble.sku, trouble.name, trouble.variant, trouble.quantity),
        packed=_packed(record, has_photo=EvidenceKind.PACKED in kinds) if record else None,
        arrived_as=ArrivedAs(trouble.arrived_as),
        box=BoxState(trouble.box),
        has_photos=bool(kinds & set(_SHOWS_ARRIVAL)),
        page_differs=trouble.page_differs,
        was_shipped=any(parcel.shipped_at for parcel in parcels),
    )


def finding_of(shop: Shop, trouble: Trouble) -> Finding:
    """What the evidence says now: a proposal. Queries as in evidence_of."""
    return rules.weigh(evidence_of(shop, trouble))


def _packed(record: PackingRecord, *, has_photo: bool) -> Packed:
    return Packed(
        sku=record.sku,
        name=record.name,
        quantity=record.quantity,
        weight_g=record.weight_g,
        expected_g=record.expected_g,
        has_photo=has_photo or record.photo_id is not None,
    )
