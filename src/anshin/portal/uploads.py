"""Photos on customers' pages: what the browser sent, what is said about it, and how those kept are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from anshin.plumbing.files.thumbnails import can_be_shown
from anshin.visits.actions import Looked, Upload

if TYPE_CHECKING:
    from anshin.plumbing.files.models import Blob
    from anshin.portal.pages import Page


def uploads_of(page: Page, field: str = "photos") -> list[Upload]:
    """The files of a field of the request; an empty file input sends none."""
    sent = page.request.FILES.getlist(field)
    return [Upload(each.name or "", each.size or 0, each.file) for each in sent]  # type: ignore[arg-type]


def photo_sentences(page: Page, looked: Sequence[Looked]) -> list[dict[str, Any]]:
    """A sentence for each photo of which there is something to say; `is_bad` when it was not kept."""
    return [
        {"words": page.words("request", name=each.name)[f"photo_{each.fault}"], "is_bad": each.blob is None}
        for each in looked
        if each.fault
    ]


def photo_rows(page: Page, kept: Iterable[tuple[int, str, Blob]], url: str, *where: object) -> list[dict[str, Any]]:
    """The photos as they are shown, numbered from 1: id, name and file of each."""
    return [
        {
            "pk": pk,
            "label": page.words("request", n=place)["photo"],
            "url": page.url(url, *where, pk) if can_be_shown(blob.kind) else "",
            "remove": page.words("request", name=name)["remove"],
        }
        for place, (pk, name, blob) in enumerate(kept, 1)
    ]
