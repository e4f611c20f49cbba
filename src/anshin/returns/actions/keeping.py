"""What customers wrote and photographed about a return, as a place where struck and erased words stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from anshin.cases.ports import Place, Scope, Sought, Trace
from anshin.cases.terms import PlaceKind
from anshin.commerce.queries import names_of_mails
from anshin.language.names import reading_key
from anshin.plumbing.mail.markup_words import replaced
from anshin.returns.models import BulkItem, BulkRun, Inspection, Parcel, ParcelPhoto, Return, ReturnPhoto, Step


class ReturnKeeper:
    """Fills cases.keepers for returns: words of the customer and of steps, names on parcels, photos."""

    def traces(self, sought: Sought, scope: Scope) -> Iterator[Trace]:
        """Words about the cases of these messages, and photos of them that go as a whole."""
        for returned in _about(scope.shop_id, scope.message_ids).select_related("case").order_by("pk"):
            place = Place(PlaceKind.RETURN, returned.asked_at, returned.case.number)
            for row, names in _worded(returned):
                struck = {name: replaced(getattr(row, name), sought.find(getattr(row, name))) for name in names}
                changed = {name: words for name, words in struck.items() if words != getattr(row, name)}
                if changed:
                    yield Trace(place, partial(_write, row, changed))
            gone = returned.photos.filter(blob__sha256__in=sought.gone)
            for photo in gone.order_by("pk") if sought.gone else ():
                named = Place(PlaceKind.RETURN, photo.at, returned.case.number, None, photo.name)
                yield Trace(named, partial(_delete, photo))

    def erase(
        self,
        *,
        shop_id: int,
        message_ids: tuple[int, ...],
        mail_keys: tuple[str, ...],
        now: datetime,  # noqa: ARG002  a return does not keep the moment
    ) -> list[int]:
        """Take words, names and photos away; what was sold, decided, found and paid stays."""
        ids = list(_about(shop_id, message_ids).values_list("pk", flat=True))
        Return.objects.filter(pk__in=ids).update(words="", wanted="", tracking_number="")
        Step.objects.filter(returned__in=ids).update(why="")
        Step.objects.filter(returned__in=ids, by=None).update(by_name="")
        Parcel.objects.filter(pk__in=_parcels(ids)).update(sender_name="", note="", tracking_number="")
        Inspection.objects.filter(line__returned__in=ids).update(note="")
        photos = _freed(ReturnPhoto.objects.filter(returned__in=ids))
        return [*photos, *_printed(ids), *_unsorted(shop_id, mail_keys)]

    def erase_originals(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """Photos of a return are its own; they go when its customer does."""
        return []

    def erase_files(
        self,
        *,
        shop_id: int,
        message_ids: tuple[int, ...],
        gone: frozenset[str],
        now: datetime,  # noqa: ARG002  the files are gone at once
    ) -> list[int]:
        """Delete these files among the photos of these messages' cases."""
        returns = _about(shop_id, message_ids).values("pk")
        return _freed(ReturnPhoto.objects.filter(returned__in=returns, blob__sha256__in=gone))

    def erase_reports(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """Nothing comes back to a return."""
        return []

    def copied_messages(self, shop_id: int) -> QuerySet[Any]:
        """No message stands here a second time."""
        return Return.objects.filter(shop_id=shop_id, pk=0).values("case__messages")

    def erase_copies(self, *, shop_id: int, message_ids: tuple[int, ...]) -> None:
        """Nothing to do."""


def _about(shop_id: int, message_ids: tuple[int, ...]) -> QuerySet[Return]:
    theirs = Return.objects.filter(shop_id=shop_id, case__messages__in=message_ids).values("pk")
    return Return.objects.filter(pk__in=theirs)


def _parcels(return_ids: list[int]) -> list[int]:
    return list(Parcel.objects.filter(contents__returned__in=return_ids).values_list("pk", flat=True).distinct())


def _worded(returned: Return) -> Iterator[tuple[Return | Step | Parcel | Inspection, tuple[str, ...]]]:
    yield returned, ("words", "wanted")
    for step in returned.steps.exclude(why=""):
        yield step, ("why",)
    for parcel in Parcel.objects.filter(pk__in=_parcels([returned.pk])):
        yield parcel, ("sender_name", "note")
    for inspection in Inspection.objects.filter(line__returned=returned):
        yield inspection, ("note", "appearance_note", "accessories_note", "operation_note")


def _freed(photos: QuerySet[ReturnPhoto]) -> list[int]:
    blob_ids = list(photos.values_list("blob_id", flat=True))
    photos.delete()
    return blob_ids


def _unsorted(shop_id: int, mail_keys: tuple[str, ...]) -> list[int]:
    """Parcels that belong to no return yet whose slip bears the name of a customer with one of these addresses."""
    names = names_of_mails(shop_id, mail_keys) if mail_keys else set()
    waiting = Parcel.objects.filter(shop_id=shop_id, is_announced=False, sorted_at=None).exclude(sender_name="")
    theirs = [each.pk for each in waiting if reading_key(each.sender_name) in names] if names else []
    Parcel.objects.filter(pk__in=theirs).update(sender_name="", note="", tracking_number="")
    photos = ParcelPhoto.objects.filter(parcel__in=theirs)
    blob_ids = list(photos.values_list("blob_id", flat=True))
    photos.delete()
    return blob_ids


def _printed(return_ids: list[int]) -> list[int]:
    """Labels that were printed together and are kept for a day: the whole file goes; a click prints them again."""
    runs = BulkRun.objects.filter(
        pk__in=BulkItem.objects.filter(returned__in=return_ids).values("run"), file__isnull=False
    )
    blob_ids = list(runs.values_list("file_id", flat=True))
    runs.update(file=None)
    return [blob_id for blob_id in blob_ids if blob_id]


def _write(row: Return | Step | Parcel | Inspection, words: dict[str, str], _now: datetime) -> list[int]:
    for name, value in words.items():
        setattr(row, name, value)
    row.save(update_fields=list(words))
    return []


def _delete(photo: ReturnPhoto, _now: datetime) -> list[int]:
    former = photo.blob_id
    photo.delete()
    return [former]
