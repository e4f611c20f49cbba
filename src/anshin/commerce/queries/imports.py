"""Reading of imports: past ones, and what stands in the file of one; for the import screens."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext as _

from anshin.commerce.models import ColumnMapping, OrderImport, RefusedRow
from anshin.commerce.ports import ColumnPlan, NotAnOrderFile, OpenedFile, order_files
from anshin.commerce.terms import OrderField, SalesChannel
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def recent_imports(shop: Shop, *, cursor: str = "", size: int = 30) -> Page[OrderImport]:
    """One page of the shop's imports, newest first, with who started them: one query. Raises BadCursor."""
    found = OrderImport.objects.select_related("started_by__person").filter(shop=shop)
    return page_of(found, order=("-id",), size=size, cursor=cursor)


def import_by_id(shop: Shop, import_id: int) -> OrderImport | None:
    """One import of this shop, with its file and mapping."""
    found = OrderImport.objects.select_related("mapping", "file", "started_by__person")
    return found.filter(shop=shop, pk=import_id).first()


def refusal_reasons(run: OrderImport) -> Counter[str]:
    """Why rows of an import were refused, with the number of rows for each reason."""
    counted = run.refused_rows.values("reason").annotate(rows=Count("pk")).order_by("reason")
    return Counter({row["reason"]: row["rows"] for row in counted})


def refused_rows(run: OrderImport, *, most: int = 100) -> list[RefusedRow]:
    """The first rows of an import that were not taken in, with the reasons: one query."""
    return list(run.refused_rows.order_by("row_number")[:most])


def opened_file(run: OrderImport) -> OpenedFile:
    """The file of an import, with the columns as the clerk named them. Raises NotAnOrderFile, BlobDamaged."""
    if run.file is None:
        raise NotAnOrderFile(_("The file was removed a month after the import. Bring it again."))
    opened = order_files.get().open(read_bytes(run.file), run.file_name)
    plan = plan_of(run)
    return replace(opened, plan=plan) if plan else opened


def plan_of(run: OrderImport) -> ColumnPlan | None:
    """What the clerk said that the columns mean, None when nobody had to."""
    return _plan(run.mapping) if run.mapping else None


def remembered_plan(shop: Shop, opened: OpenedFile) -> ColumnPlan | None:
    """What a clerk of this shop once said of a file with the same headings."""
    mapping = ColumnMapping.objects.filter(shop=shop, header_key=opened.header_key).first()
    return _plan(mapping) if mapping else None


def _plan(mapping: ColumnMapping) -> ColumnPlan:
    fields = tuple(OrderField(name) if name else None for name in mapping.columns)
    return ColumnPlan(SalesChannel(mapping.channel), fields)
