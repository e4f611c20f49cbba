"""Photos that a customer takes: kept when they are photos, refused with a reason when not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, Final

from django.db import transaction

from anshin.plumbing.files.kinds import HEAD_BYTES, kind_of
from anshin.plumbing.files.limits import LARGEST_FILE_BYTES
from anshin.plumbing.files.names import harmless_name
from anshin.plumbing.files.removal import let_go
from anshin.plumbing.files.store import keep
from anshin.plumbing.files.thumbnails import can_be_shown, thumbnail
from anshin.visits.actions.drafting import open_draft
from anshin.visits.models import DraftPhoto
from anshin.visits.terms import MOST_PHOTOS, PhotoFault

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.plumbing.files.models import Blob
    from anshin.shops.models import Shop

_UNSEEN: Final = frozenset({"image/heic", "image/avif", "image/tiff"})
SHOWN_PX: Final = 480


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it."""

    name: str
    size_bytes: int
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of an upload: `blob` None when it was refused; `fault` "" when there is nothing to say."""

    name: str
    blob: Blob | None
    fault: PhotoFault | str = ""


def keep_photos(*, shop: Shop, uploads: Sequence[Upload], already: int, now: datetime) -> list[Looked]:
    """Each upload looked at, and kept when it is a photo. `already` photos came before.

    Only the bytes count, not what the browser says of them. HEIC that we cannot read is kept all the same.
    Raises StorageTrouble.
    """
    looked: list[Looked] = []
    for upload in uploads:
        room = MOST_PHOTOS - already - sum(each.blob is not None for each in looked)
        looked.append(_look(shop, upload, room, now))
    return looked


def add_draft_photos(
    *, shop: Shop, customer: Customer, nonce: str, uploads: Sequence[Upload], key: int = 0, now: datetime
) -> list[Looked]:
    """Photos for a draft, of the part with this key or of all (0); the same picture again is one. Raises UnknownDraft,
    StorageTrouble."""
    with transaction.atomic():
        draft = open_draft(shop, customer, nonce)
        part = key if draft.has_own_reasons and key in {part.key for part in draft.parts} else 0
        looked = keep_photos(shop=shop, uploads=uploads, already=draft.photos.filter(part=part).count(), now=now)
        for each in looked:
            if each.blob is not None:
                DraftPhoto.objects.get_or_create(
                    draft=draft, part=part, blob=each.blob, defaults={"shop": shop, "name": each.name, "at": now}
                )
    return looked


@transaction.atomic
def remove_draft_photo(*, shop: Shop, customer: Customer, nonce: str, photo_id: int, now: datetime) -> None:
    """Take a photo away again; one that is gone already is no trouble. Raises UnknownDraft."""
    draft = open_draft(shop, customer, nonce)
    photo = draft.photos.filter(pk=photo_id).first()
    if photo is not None:
        photo.delete()
        if draft.photos.filter(blob_id=photo.blob_id).exists():
            return
        let_go([photo.blob_id], shop_id=shop.pk, now=now)


def _look(shop: Shop, upload: Upload, room: int, now: datetime) -> Looked:
    name = harmless_name(upload.name)[:200]
    head = upload.content.read(HEAD_BYTES)
    upload.content.seek(0)
    kind = kind_of(head)
    if room <= 0:
        return Looked(name, None, PhotoFault.TOO_MANY)
    if not can_be_shown(kind) and kind not in _UNSEEN:
        return Looked(name, None, PhotoFault.NOT_A_PHOTO)
    if upload.size_bytes > LARGEST_FILE_BYTES:
        return Looked(name, None, PhotoFault.TOO_LARGE)
    blob = keep(shop.pk, upload.content, now=now)
    if thumbnail(blob, longest_side_px=SHOWN_PX, now=now) is None:
        if kind in _UNSEEN:
            return Looked(name, blob, PhotoFault.KEPT_UNSEEN)
        let_go([blob.pk], shop_id=shop.pk, now=now)
        return Looked(name, None, PhotoFault.BROKEN)
    return Looked(name, blob)
