"""The picture of an advisory: looked at before it is kept, redrawn small and without what the camera wrote into it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from anshin.plumbing.files.limits import LARGEST_FILE_BYTES
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import keep
from anshin.plumbing.files.thumbnails import as_jpeg
from anshin.safety.actions.refusals import BadPicture
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

LONGEST_SIDE_PX: Final = 960
"""It goes into every mail, three hundred a second: sharp on a telephone, some 100 kB."""


def keep_picture(*, by: Membership, content: bytes, now: datetime) -> int:
    """Id of the kept file, for `Facts.picture`. The same picture again is the same file.

    Raises NotAllowed, BadPicture, StorageFull, StorageUnwritable.
    """
    require(by, Permission.PREPARE_SAFETY)
    drawn = as_jpeg(content, longest_side_px=LONGEST_SIDE_PX) if len(content) <= LARGEST_FILE_BYTES else None
    if drawn is None:
        raise BadPicture
    return keep(by.shop_id, drawn, now=now).pk


def is_picture_of(shop_id: int, picture: int) -> bool:
    """Whether it is a file of this shop, and one that `keep_picture` made."""
    return Blob.objects.filter(shop_id=shop_id, pk=picture, kind="image/jpeg").exists()
