"""What the facts after a restore mean, for the journal's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]


def _fate(value: Any) -> Words:
    return _("What waited was given up") if value == "given_up" else _("What waited is done")


def _count(value: Any) -> Words:
    return f"{int(value):,}"


RESTORE_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "shop.went_on_after_restore": (
        _("Let the desk go on after a backup was put back"),
        (("held", "", _fate), ("jobs", _("Jobs"), _count), ("mails", _("Mails about product safety"), _count)),
    ),
}
