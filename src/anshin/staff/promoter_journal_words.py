"""What the promoters room's facts mean, for the journal's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anshin.promoters.terms import Disclosure, Reason, Seen, Verdict

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]


def _verdict(value: Any) -> Words:
    return Verdict(value).label if value in Verdict.values else str(value)


def _reason(value: Any) -> Words:
    return Reason(value).label if value in Reason.values else str(value)


def _disclosure(value: Any) -> Words:
    return Disclosure(value).label if value in Disclosure.values else str(value)


def _seen(value: Any) -> Words:
    return Seen(value).label if value in Seen.values else str(value)


_WHO: tuple[Piece, ...] = (("promoter_id", _("Number in the register"), str),)
PROMOTER_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "promoter.added": (_("Wrote a promoter into the register"), _WHO),
    "promoter.changed": (_("Changed a promoter’s entry"), _WHO),
    "promoter.removed": (_("Took a promoter out of the register"), _WHO),
    "promoter.checked": (
        _("Checked a promoter’s followers"),
        (*_WHO, ("verdict", "", _verdict), ("reason", "", _reason)),
    ),
    "promoter.sample_sent": (_("Recorded a sample for a promoter"), (*_WHO, ("disclosure", "", _disclosure))),
    "promoter.post_noted": (_("Noted what a promoter published"), (*_WHO, ("seen", "", _seen))),
}
