"""How the pages of product-safety notices say things: states, hazards, times with their zone, what is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anshin.plumbing.pages import dates
from anshin.safety.terms import AdvisoryState, Affected, HazardClass, HazardType
from anshin.staff.addresses import address
from anshin.staff.safety_journal_words import LANGUAGE_NAMES

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.safety.queries import Approval
    from anshin.shops.models import Membership

_TAGS: Final = {
    AdvisoryState.DRAFT: ("bad", "lock"),
    AdvisoryState.APPROVED: ("warn", "lock"),
    AdvisoryState.RELEASED: ("good", "megaphone"),
    AdvisoryState.WITHDRAWN: ("", "ban"),
    AdvisoryState.CLOSED: ("", "circle-check"),
}
_SHOWN_PRODUCTS = 3
_PATIENCE = timedelta(minutes=1)
"""So long the clockwork may take before a person is asked to do it."""


def state_tag(advisory: Advisory) -> dict[str, str]:
    """Kind, icon and label of where it stands."""
    kind, icon = _TAGS[AdvisoryState(advisory.state)]
    return {"kind": kind, "icon": icon, "label": str(AdvisoryState(advisory.state).label)}


def name_of(advisory: Advisory) -> str:
    """S-0007, or that it is not public yet."""
    return str(advisory) if advisory.number is not None else _("Not public")


def hazard_of(advisory: Advisory) -> str:
    """危険(起きるおそれ) · 発火・発煙."""
    return f"{HazardClass(advisory.hazard_class).label} · {HazardType(advisory.hazard_type).label}"


def product_line(product: Affected) -> str:
    """型番 KZ-20 ロット 2509〜2511, or the name where no number is known."""
    parts = []
    if product.model_number:
        parts.append(_("Model %(number)s") % {"number": product.model_number})
    elif product.gtin or product.sku:
        parts.append(product.gtin.lstrip("0") or product.sku)
    else:
        parts.append(product.name)
    if product.lots:
        parts.append(_("lot %(lots)s") % {"lots": lots_text(product.lots)})
    return " ".join(parts)


def lots_text(lots: tuple[tuple[str, str], ...]) -> str:
    """2509〜2511、2603."""
    return "、".join(start if start == end else f"{start}〜{end}" for start, end in lots)


def publish_words(advisory: Advisory, now: datetime) -> str:
    """The publication time as the shop's clock tells it; in the publisher's zone, named, where that is another."""
    if advisory.publish_at is None:
        return ""
    language, here = get_language() or "ja", timezone.get_current_timezone()
    zone = ZoneInfo(advisory.publish_zone)
    there = dates.when(advisory.publish_at, now=now, language=language)
    if advisory.publish_at.astimezone(zone).utcoffset() == advisory.publish_at.astimezone(here).utcoffset():
        return there
    with timezone.override(zone):
        told = dates.when(advisory.publish_at, now=now, language=language)
    return _("%(there)s here (%(told)s in %(zone)s)") % {"there": there, "told": told, "zone": advisory.publish_zone}


def countdown(advisory: Advisory, now: datetime) -> dict[str, Any] | None:
    """Days, hours, minutes until the publication time; None when there is none or it is over."""
    if advisory.publish_at is None or not AdvisoryState(advisory.state).is_sealed or advisory.publish_at <= now:
        return None
    minutes = int((advisory.publish_at - now).total_seconds() // 60)
    return {
        "days": minutes // (24 * 60),
        "hours": minutes // 60 % 24,
        "minutes": minutes % 60,
        "at": advisory.publish_at.isoformat(),
    }


def overdue(advisory: Advisory, now: datetime) -> str:
    """For how long an approved notice has not become public although its time is over, "" within the first seconds."""
    if advisory.state != AdvisoryState.APPROVED or advisory.publish_at is None:
        return ""
    late = now - advisory.publish_at
    if late < _PATIENCE:
        return ""
    minutes = int(late.total_seconds() // 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def waits_for(advisory: Advisory, ready: frozenset[int], by: Membership) -> str:
    """Whom it waits for, in the list. `ready`: ids that wait for `by`."""
    state = AdvisoryState(advisory.state)
    if advisory.pk in ready:
        return _("Waits for your approval")
    if state == AdvisoryState.APPROVED:
        return _("Waits for the publication time")
    if state == AdvisoryState.DRAFT:
        if advisory.author_id == by.pk:
            return _("You are writing it") if not advisory.sent_back_words else _("Sent back to you")
        author = str(advisory.author.person) if advisory.author else ""
        return _("%(name)s is writing it") % {"name": author} if author else ""
    if state == AdvisoryState.RELEASED and (advisory.approved_version or 0) < advisory.facts_version:
        return _("A correction waits for approval")
    return ""


def missing(advisory: Advisory, found: Approval, slug: str) -> list[dict[str, str]]:
    """What stands in the way of the approval, in the order in which it is done, each with where it is done."""
    facts = address("safety_facts", slug, advisory.key)
    words = address("safety_wording", slug, advisory.key, advisory.lead_language)
    told = [
        (found.has_source, _("Publisher, source and day of reading"), facts),
        (found.has_time, _("Publication time"), "#time"),
        (found.has_products, _("The products that the publisher names"), facts),
        (
            not found.open_matches,
            ngettext(
                "%(count)s product to confirm or reject", "%(count)s products to confirm or reject", found.open_matches
            )
            % {"count": found.open_matches},
            "#products",
        ),
        (
            found.has_lead_words,
            _("Words in %(language)s for the facts as they are now")
            % {"language": language_name(advisory.lead_language)},
            words,
        ),
    ]
    return [{"words": said, "url": url} for is_there, said, url in told if not is_there]


def language_name(code: str) -> str:
    """The language's own name."""
    return LANGUAGE_NAMES.get(code, code)


def sub_line(advisory: Advisory, products: tuple[Affected, ...]) -> str:
    """What stands below the title."""
    shown = [product_line(each) for each in products[:_SHOWN_PRODUCTS]]
    if len(products) > _SHOWN_PRODUCTS:
        shown.append(_("and %(count)s more") % {"count": len(products) - _SHOWN_PRODUCTS})
    return " · ".join(filter(None, [name_of(advisory), hazard_of(advisory), *shown]))
