"""Files that were written for carriers' programs, and files with numbers that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q

from anshin.plumbing.pages.keyset import Page, page_of
from anshin.slips.models import NumberFile, NumberRow, SlipDownload, SlipFileRow, SlipFileWritten

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def slip_files_of(shop: Shop, *, cursor: str = "", size: int = 30) -> Page[SlipFileWritten]:
    """One page of files, newest first, with `parcels` and `numbered`, how many of them have a number. One query.
    Raises BadCursor."""
    found = SlipFileWritten.objects.select_related("account", "made_by__person").filter(shop=shop)
    counted = found.annotate(
        parcels=Count("rows", distinct=True),
        numbered=Count("rows", filter=~Q(rows__tracking_number=""), distinct=True),
    )
    return page_of(counted, order=("-id",), size=size, cursor=cursor)


def file_by_id(shop: Shop, file_id: int) -> SlipFileWritten | None:
    """One file with its rows and who took it: three queries. At most MOST_PARCELS rows."""
    rows = Prefetch("rows", SlipFileRow.objects.select_related("case").order_by("id"))
    downloads = Prefetch("downloads", SlipDownload.objects.order_by("-id"))
    found = SlipFileWritten.objects.select_related("account", "file", "made_by__person")
    return found.filter(shop=shop, pk=file_id).prefetch_related(rows, downloads).first()


def last_written(shop: Shop, nonce: str) -> SlipFileWritten | None:
    """The file that a page with this nonce has written already. One query."""
    return SlipFileWritten.objects.filter(shop=shop, nonce=nonce).first()


def number_files(shop: Shop, *, cursor: str = "", size: int = 30) -> Page[NumberFile]:
    """One page of files with numbers, newest first. One query. Raises BadCursor."""
    found = NumberFile.objects.select_related("read_by__person").filter(shop=shop)
    return page_of(found, order=("-id",), size=size, cursor=cursor)


def number_file_by_id(shop: Shop, file_id: int) -> NumberFile | None:
    """One of them. One query."""
    return NumberFile.objects.select_related("read_by__person").filter(shop=shop, pk=file_id).first()


def number_rows(found: NumberFile, *, cursor: str = "", size: int = 200) -> Page[NumberRow]:
    """One page of its rows as they stand in the file. One query. Raises BadCursor."""
    return page_of(NumberRow.objects.filter(number_file=found), order=("row",), size=size, cursor=cursor)
