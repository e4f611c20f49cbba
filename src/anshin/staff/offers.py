"""What stands beside a reply that was begun with a macro: the Japanese of it, what is missing, what it offers to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from anshin.cases.queries import CasePage
from anshin.cases.terms import Resolution
from anshin.replies import queries
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.macro_words import gap_words, language_name, language_short

if TYPE_CHECKING:
    from anshin.replies.models import MacroUse
    from anshin.shops.models import Membership


def offers(by: Membership, page: CasePage, *, now: datetime) -> dict[str, Any] | None:
    """What staff/_macro_offers.html shows; nothing when no macro is in the draft. One query."""
    uses = queries.open_uses(by, page.case.pk)
    if not uses:
        return None
    can_triage = may(by, Permission.TRIAGE)
    closing = next((use.macro.closes_with for use in uses if use.macro.closes_with), "")
    tags = dict.fromkeys(tag for use in uses for tag in use.macro.adds_tags if tag not in page.case.tag_names)
    return {
        "uses": [_use(by, page, use, now) for use in uses],
        "gaps": gap_words(gap for use in uses for gap in _filled(by, page, use, use.language, now).gaps),
        "closes_with": closing if can_triage else "",
        "closing_words": _("Close the case: %(how)s") % {"how": Resolution(closing).label} if closing else "",
        "snooze_days": next((use.macro.snooze_days for use in uses if use.macro.snooze_days), 0) if can_triage else 0,
        "tags": list(tags) if can_triage else [],
    }


def chosen(ids: Sequence[str]) -> tuple[int, ...]:
    """The ids of uses that a form names."""
    return tuple(int(pk) for pk in ids if pk.isdecimal() and len(pk) < 12)


def _use(by: Membership, page: CasePage, use: MacroUse, now: datetime) -> dict[str, Any]:
    foreign = use.language != "ja"
    others = [code for code in use.macro.texts if code != use.language]
    return {
        "id": use.pk,
        "name": use.macro.name,
        "language": language_name(use.language) if foreign else "",
        "japanese": _filled(by, page, use, "ja", now).text if foreign and "ja" in use.macro.texts else "",
        "drop_url": address("case_macro_drop", by.shop.slug, page.case.number, use.pk),
        "url": address("case_macro", by.shop.slug, page.case.number, use.macro_id),
        "others": [{"code": code, "label": language_name(code), "short": language_short(code)} for code in others],
    }


def _filled(by: Membership, page: CasePage, use: MacroUse, language: str, now: datetime) -> Any:
    return queries.filled(by, page, use.macro.texts.get(language, ""), language=language, now=now)
