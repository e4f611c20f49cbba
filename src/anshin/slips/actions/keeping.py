"""Files with names and addresses: removed after a month, and when somebody in them is erased."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from anshin.cases.ports import Scope, Sought, Trace
from anshin.plumbing.files import removal
from anshin.slips.models import NumberFile, ParcelAddress, SlipFileRow, SlipFileWritten

KEPT_FOR: Final = timedelta(days=30)
AT_ONCE: Final = 50


def remove_old_files(*, now: datetime) -> int:
    """Let go of the files of a month ago, in all shops; which parcels, numbers and people stay. How many files."""
    count = 0
    for model, moment in ((SlipFileWritten, "made_at"), (NumberFile, "read_at")):
        while portion := _remove_some(model, {f"{moment}__lt": now - KEPT_FOR}, now):
            count += portion
    return count


class SlipKeeper:
    """Fills cases.keepers: mended addresses, and the files in which an erased customer's parcel stands."""

    def traces(self, sought: Sought, scope: Scope) -> Iterator[Trace]:  # noqa: ARG002  addresses hold no such words
        """Nothing that somebody wrote."""
        return iter(())

    def erase(
        self,
        *,
        shop_id: int,
        message_ids: tuple[int, ...],
        mail_keys: tuple[str, ...],  # noqa: ARG002  a slip has no mail address
        now: datetime,  # noqa: ARG002  nor keeps the moment
    ) -> list[int]:
        """Take mended addresses away, and the whole file in which such a parcel stands, in both directions."""
        ParcelAddress.objects.filter(shop_id=shop_id, case__messages__in=message_ids).delete()
        rows = SlipFileRow.objects.filter(shop_id=shop_id, case__messages__in=message_ids)
        numbers = list(rows.values_list("number", flat=True).distinct())
        written = SlipFileWritten.objects.filter(shop_id=shop_id, rows__in=rows)
        read = NumberFile.objects.filter(shop_id=shop_id, rows__number__in=numbers)
        return _without_files(written) + _without_files(read)

    def erase_originals(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """Slips are written by us; they go when the customer does."""
        return []

    def erase_files(
        self,
        *,
        shop_id: int,  # noqa: ARG002  none of these files comes from a message
        message_ids: tuple[int, ...],  # noqa: ARG002
        gone: frozenset[str],  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> list[int]:
        """Nothing to do."""
        return []

    def erase_reports(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """Nothing comes back to a slip."""
        return []

    def copied_messages(self, shop_id: int) -> QuerySet[Any]:
        """No message stands here a second time."""
        return SlipFileRow.objects.filter(shop_id=shop_id, pk=0).values("case__messages")

    def erase_copies(self, *, shop_id: int, message_ids: tuple[int, ...]) -> None:
        """Nothing to do."""


def _remove_some(model: type[SlipFileWritten] | type[NumberFile], old: dict[str, datetime], now: datetime) -> int:
    with removal.without_traces(), transaction.atomic():
        rows = model._default_manager.filter(file__isnull=False, **old).select_for_update().order_by("id")[:AT_ONCE]
        freed = [(row.pk, row.shop_id, row.file_id) for row in rows]
        model._default_manager.filter(pk__in=[pk for pk, _shop, _file in freed]).update(file=None)
        for _pk, shop_id, file_id in freed:
            removal.let_go([file_id] if file_id else [], shop_id=shop_id, now=now)
    return len(freed)


def _without_files(found: QuerySet[Any]) -> list[int]:
    ids = list(found.values_list("pk", flat=True))
    rows = found.model.objects.filter(pk__in=ids, file__isnull=False)
    freed = [blob_id for blob_id in rows.values_list("file_id", flat=True) if blob_id]
    rows.update(file=None)
    return freed
