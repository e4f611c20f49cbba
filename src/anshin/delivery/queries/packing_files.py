"""Reading of imports of packing records: past ones, and what stands in the file of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext as _

from anshin.delivery.models import PackingImport
from anshin.delivery.ports import NotAPackingFile, OpenedPackingFile, packing_files
from anshin.delivery.terms import PackingField
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def packing_imports(shop: Shop, *, cursor: str = "", size: int = 30) -> Page[PackingImport]:
    """One page of the shop's imports, newest first, with who started them: one query. Raises BadCursor."""
    found = PackingImport.objects.select_related("started_by__person").filter(shop=shop)
    return page_of(found, order=("-id",), size=size, cursor=cursor)


def packing_import_by_id(shop: Shop, import_id: int) -> PackingImport | None:
    """One import of this shop, with its file."""
    found = PackingImport.objects.select_related("file", "started_by__person")
    return found.filter(shop=shop, pk=import_id).first()


def packing_refusals(run: PackingImport) -> Counter[str]:
    """Why rows of an import were refused, with the number of rows for each reason."""
    counted = run.refused_rows.values("reason").annotate(rows=Count("pk")).order_by("reason")
    return Counter({row["reason"]: row["rows"] for row in counted})


def opened_packing_file(run: PackingImport) -> OpenedPackingFile:
    """The file of an import, with the columns as they are known. Raises NotAPackingFile, BlobDamaged."""
    if run.file is None:
        raise NotAPackingFile(_("The file was removed a month after the import. Bring it again."))
    opened = packing_files.get().open(read_bytes(run.file))
    return replace(opened, fields=fields_of(run.columns)) if run.columns else opened


def fields_of(columns: Sequence[str]) -> tuple[PackingField | None, ...]:
    """Columns as they are stored, as codes."""
    return tuple(PackingField(name) if name else None for name in columns)
