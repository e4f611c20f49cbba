"""Files of the form: kept when they are fit, refused with a sentence when not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from anshin.channels.web_form.actions import KeptFile
from anshin.channels.web_form.rules import MOST_PHOTOS
from anshin.plumbing.files.kinds import HEAD_BYTES, kind_of
from anshin.plumbing.files.limits import FileRefused, check_file
from anshin.plumbing.files.names import harmless_name
from anshin.plumbing.files.store import keep


def keep_fit(
    shop_id: int, uploads: Sequence[UploadedFile], *, already: int, now: datetime
) -> tuple[list[KeptFile], list[str]]:
    """The files that were kept, and a sentence for each refused one. `already` files came before.

    Raises StorageTrouble.
    """
    kept: list[KeptFile] = []
    refused: list[str] = []
    for upload in uploads:
        name = harmless_name(upload.name or "")
        if already + len(kept) >= MOST_PHOTOS:
            refused.append(
                _("At most %(n)d files can be sent. “%(name)s” was left out.") % {"n": MOST_PHOTOS, "name": name}
            )
            continue
        head = upload.read(HEAD_BYTES)
        upload.seek(0)
        try:
            check_file(name=name, kind=kind_of(head), size_bytes=upload.size or 0)
        except FileRefused as refusal:
            refused.append(str(refusal))
            continue
        kept.append(KeptFile(keep(shop_id, upload, now=now), name))  # type: ignore[arg-type]
    return kept, refused
