"""What customers said and photographed about a trouble, as a place where struck and erased words stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from anshin.cases.ports import Place, Scope, Sought, Trace
from anshin.cases.terms import PlaceKind
from anshin.delivery.models import EvidenceFile, FaultDecision, Snapshot, Trouble
from anshin.plumbing.mail.markup_words import replaced

_WORDS = ("said", "arrived_words")
_MASKED = ("buyer_name", "recipient_name", "recipient_postcode", "recipient_address", "recipient_phone")
_GONE = "-"


class TroubleKeeper:
    """Fills cases.keepers for troubles: words beside them, and files that are evidence."""

    def traces(self, sought: Sought, scope: Scope) -> Iterator[Trace]:
        """Words about the cases of these messages, and files of them that go as a whole."""
        for trouble in _about(scope.shop_id, scope.message_ids).select_related("case").order_by("pk"):
            struck = {name: replaced(getattr(trouble, name), sought.find(getattr(trouble, name))) for name in _WORDS}
            changed = {name: words for name, words in struck.items() if words != getattr(trouble, name)}
            place = Place(PlaceKind.TROUBLE, trouble.created_at, trouble.case.number)
            if changed:
                yield Trace(place, partial(_write, trouble, changed))
            for decision in trouble.decisions.order_by("pk"):
                words = replaced(decision.reason, sought.find(decision.reason))
                if words != decision.reason:
                    yield Trace(place, partial(_write, decision, {"reason": words}))
            gone = trouble.files.filter(blob__sha256__in=sought.gone)
            for file in gone.order_by("pk") if sought.gone else ():
                named = Place(PlaceKind.TROUBLE, file.came_at, trouble.case.number, file.message_id, file.name)
                yield Trace(named, partial(_delete, file))

    def erase(
        self,
        *,
        shop_id: int,
        message_ids: tuple[int, ...],
        mail_keys: tuple[str, ...],  # noqa: ARG002  a trouble has no address
        now: datetime,  # noqa: ARG002  nor keeps the moment
    ) -> list[int]:
        """Take words, names and files away; what was decided, arranged and paid stays."""
        troubles = _about(shop_id, message_ids)
        FaultDecision.objects.filter(trouble__in=troubles).update(reason=_GONE)
        for snapshot in Snapshot.objects.filter(trouble__in=troubles):
            snapshot.facts |= dict.fromkeys(_MASKED, "")
            snapshot.save(update_fields=["facts"])
        freed = _freed(EvidenceFile.objects.filter(trouble__in=troubles))
        Trouble.objects.filter(pk__in=list(troubles.values_list("pk", flat=True))).update(said="", arrived_words="")
        return freed

    def erase_originals(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """Evidence goes with the files of the messages."""
        return _freed(EvidenceFile.objects.filter(shop_id=shop_id, message_id__in=message_ids))

    def erase_files(
        self,
        *,
        shop_id: int,
        message_ids: tuple[int, ...],
        gone: frozenset[str],
        now: datetime,  # noqa: ARG002  the files are gone at once
    ) -> list[int]:
        """Delete these files among the evidence of these messages' cases."""
        files = EvidenceFile.objects.filter(trouble__in=_about(shop_id, message_ids), blob__sha256__in=gone)
        return _freed(files)

    def erase_reports(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """Nothing comes back to a trouble."""
        return []

    def copied_messages(self, shop_id: int) -> QuerySet[Any]:
        """No message stands here a second time."""
        return EvidenceFile.objects.filter(shop_id=shop_id, pk=0).values("message_id")

    def erase_copies(self, *, shop_id: int, message_ids: tuple[int, ...]) -> None:
        """Nothing to do."""


def _about(shop_id: int, message_ids: tuple[int, ...]) -> QuerySet[Trouble]:
    return Trouble.objects.filter(shop_id=shop_id, case__messages__in=message_ids).distinct()


def _freed(files: QuerySet[EvidenceFile]) -> list[int]:
    blob_ids = list(files.values_list("blob_id", flat=True))
    files.delete()
    return blob_ids


def _write(row: Trouble | FaultDecision, words: dict[str, str], _now: datetime) -> list[int]:
    for name, value in words.items():
        setattr(row, name, value)
    row.save(update_fields=list(words))
    return []


def _delete(file: EvidenceFile, _now: datetime) -> list[int]:
    former = file.blob_id
    file.delete()
    return [former]
