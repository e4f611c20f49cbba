"""A file that somebody brings to a page: taken by one action, or the sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _

from anshin.plumbing.files.store import StorageTrouble

if TYPE_CHECKING:
    from django.http import HttpRequest

Taken = TypeVar("Taken")


def brought(
    request: HttpRequest,
    take: Callable[[bytes, str], Taken],
    *,
    largest: int,
    refusals: tuple[type[Exception], ...] = (),
) -> tuple[Taken | None, str]:
    """What `take(content, file_name)` made of the file in the field "file", or None and why.

    Of a file beyond `largest` bytes one byte more is read, so that the action sees that it is too large. `refusals`
    are what the action raises with a sentence for the page.
    """
    file = request.FILES.get("file")
    expected: tuple[type[Exception], ...] = (StorageTrouble, *refusals)
    if file is None:
        return None, _("Choose a file first.")
    try:
        return take(file.read(largest + 1), file.name or ""), ""
    except expected as refusal:
        return None, str(refusal)
