"""Photos that the warehouse takes: kept as soon as they arrive, carried along while the form is being filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, cast

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anshin.plumbing import clock
from anshin.plumbing.files.kinds import HEAD_BYTES, kind_of
from anshin.plumbing.files.limits import LARGEST_FILE_BYTES, MOST_FILES
from anshin.plumbing.files.names import harmless_name
from anshin.plumbing.files.serve import preview
from anshin.plumbing.files.store import StorageTrouble, keep
from anshin.plumbing.files.thumbnails import Side, can_be_shown, is_sane, thumbnail
from anshin.returns.actions import KeptPhoto
from anshin.returns.queries import parcel_photo_of, photo_of
from anshin.shops.terms import Permission
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.plumbing.files.models import Blob
    from anshin.shops.models import Membership

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Photos:
    """What came with a form: the photos that are kept, and a sentence for each file that is none."""

    kept: list[KeptPhoto]
    said: list[str]


def photos_from(request: HttpRequest, by: Membership, *, now: datetime) -> Photos:
    """The files `photos` of a form, and those which an earlier try of the same form had brought (`kept`)."""
    kept = list(_carried(request.POST.getlist("kept"), by))
    said: list[str] = []
    for file in request.FILES.getlist("photos"):
        sentence = (
            _refusal(file) if len(kept) < MOST_FILES else _("At most %(n)d photos at a time.") % {"n": MOST_FILES}
        )
        if not sentence:
            try:
                kept.append(
                    KeptPhoto(keep(by.shop_id, cast("BinaryIO", file.file), now=now).pk, harmless_name(file.name or ""))
                )
            except StorageTrouble as trouble:
                sentence = str(trouble)
        if sentence:
            said.append(sentence)
    return Photos(kept, said)


def tokens(photos: Photos, by: Membership) -> list[dict[str, str]]:
    """The kept photos as the form carries them: nobody can name another file of the shop this way."""
    return [
        {"name": photo.name, "token": signing.dumps([photo.blob_id, photo.name], salt=_salt(by))}
        for photo in photos.kept
    ]


@require_GET
@desk(Permission.RECEIVE_GOODS)
def photo(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A picture of a return, drawn by us."""
    found = photo_of(by.shop, pk)
    return _drawn(request, found.blob if found else None)


@require_GET
@desk(Permission.RECEIVE_GOODS)
def parcel_photo(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A picture of a parcel, drawn by us."""
    found = parcel_photo_of(by.shop, pk)
    return _drawn(request, found.blob if found else None)


def _drawn(request: HttpRequest, blob: Blob | None) -> HttpResponseBase:
    side: Side = 1600 if request.GET.get("size") == "large" else 480
    small = thumbnail(blob, longest_side_px=side, now=clock.now()) if blob else None
    if small is None:
        raise Http404
    return preview(request, small)


def _carried(written: Iterable[str], by: Membership) -> Iterable[KeptPhoto]:
    for token in written:
        try:
            blob_id, name = signing.loads(token, salt=_salt(by))
        except signing.BadSignature:
            continue
        yield KeptPhoto(blob_id, name)


def _refusal(file: UploadedFile) -> str:
    name = harmless_name(file.name or "")
    if (file.size or 0) > LARGEST_FILE_BYTES:
        return _("“%(name)s” is larger than %(mb)d MB. Take the photo smaller, then choose it again.") % {
            "name": name,
            "mb": LARGEST_FILE_BYTES // MEGABYTE,
        }
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if not can_be_shown(kind_of(head)):
        return _("“%(name)s” is not a photo. Choose a picture of the camera (JPEG, PNG, HEIC or WebP).") % {
            "name": name
        }
    if not is_sane(cast("BinaryIO", file.file), kind_of(head)):
        return _("“%(name)s” cannot be opened: it is broken or far too large. Take the photo again.") % {"name": name}
    return ""


def _salt(by: Membership) -> str:
    return f"warehouse-photo:{by.shop_id}"
