"""All evidence of a trouble in one file, with a list that says which bytes it was, from where and since when."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO

from anshin.delivery.models import FaultDecision
from anshin.delivery.queries import EvidenceLine, evidence_files, packing_record
from anshin.plumbing.files.names import harmless_name
from anshin.plumbing.files.placeless import NoPlacelessCopy, placeless, says_where
from anshin.plumbing.files.store import BlobDamaged, open_blob

if TYPE_CHECKING:
    from anshin.delivery.models import PackingRecord, Trouble
    from anshin.shops.models import Shop

MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PORTION_BYTES = 1024 * 1024


def bundle(shop: Shop, trouble: Trouble, *, now: datetime) -> BinaryIO:
    """A zip file, open and at its beginning: each piece under a numbered name, and manifest.json.

    The manifest names for each piece SHA-256, size, kind, source and when it came (UTC), the packing record and every
    decision. Photos are put in without the place where they were taken; the manifest names the SHA-256 of the kept file
    and of the copy. A piece whose bytes are damaged is named there without a file, and why.
    """
    file = TemporaryFile()  # noqa: SIM115  whoever asked closes it
    lines = evidence_files(shop, trouble)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as zipped:
        pieces = [_put(zipped, place, line) for place, line in enumerate(lines, 1)]
        manifest = _manifest(shop, trouble, pieces, now)
        written = json.dumps(manifest, ensure_ascii=False, indent=2)
        zipped.writestr(zipfile.ZipInfo(MANIFEST, _EPOCH), written)
    file.seek(0)
    return file


def _put(zipped: zipfile.ZipFile, place: int, line: EvidenceLine) -> dict[str, Any]:
    suffix = PurePath(harmless_name(line.name)).suffix
    told = {
        "name": line.name,
        "kind": line.kind,
        "source": line.source,
        "came_at": _utc(line.came_at),
        "sha256": line.blob.sha256,
        "size_bytes": line.blob.size_bytes,
        "media_type": line.blob.kind,
    }
    file_name = f"{place:02}-{line.kind}{suffix}"
    if says_where(line.blob.kind):
        return told | _put_copy(zipped, file_name, line)
    try:
        with open_blob(line.blob) as content, zipped.open(zipfile.ZipInfo(file_name, _EPOCH), "w") as kept:
            while portion := content.read(_PORTION_BYTES):
                kept.write(portion)
    except BlobDamaged as error:
        return told | {"file": "", "missing": str(error)}
    return told | {"file": file_name}


def _put_copy(zipped: zipfile.ZipFile, file_name: str, line: EvidenceLine) -> dict[str, Any]:
    """A photo as it may leave the house; `sha256` stays that of the file we keep, `copy_sha256` is that of this one."""
    try:
        copy = placeless(line.blob, name=file_name)
    except (BlobDamaged, NoPlacelessCopy) as error:
        return {"file": "", "missing": str(error)}
    zipped.writestr(zipfile.ZipInfo(copy.name, _EPOCH), copy.content)
    return {"file": copy.name, "copy_sha256": sha256(copy.content).hexdigest()}


def _manifest(shop: Shop, trouble: Trouble, pieces: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    record = packing_record(shop, trouble)
    decisions = FaultDecision.objects.filter(shop=shop, trouble=trouble).order_by("at", "id")
    return {
        "shop": shop.name,
        "trouble": str(trouble),
        "case": trouble.case.number,
        "order": trouble.order.number,
        "ordered": {
            "sku": trouble.sku,
            "name": trouble.name,
            "variant": trouble.variant,
            "quantity": trouble.quantity,
            "at": _utc(trouble.order.ordered_at),
        },
        "packed": _packed(record) if record else None,
        "arrived": {"as": trouble.arrived_as, "box": trouble.box, "words": trouble.arrived_words, "said": trouble.said},
        "decisions": [
            {
                "fault": each.fault,
                "proposed": each.proposed,
                "certainty": each.certainty,
                "reason": each.reason,
                "by": each.by_name,
                "at": _utc(each.at),
            }
            for each in decisions
        ],
        "pieces": pieces,
        "made_at": _utc(now),
    }


def _packed(record: PackingRecord) -> dict[str, Any]:
    return {
        "sku": record.sku,
        "name": record.name,
        "quantity": record.quantity,
        "weight_g": record.weight_g,
        "expected_g": record.expected_g,
        "by": record.packed_by,
        "at": _utc(record.packed_at),
        "written_at": _utc(record.written_at),
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
