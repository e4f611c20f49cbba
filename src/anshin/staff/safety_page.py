"""What the page of one product-safety notice shows, read for one person who may see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from anshin.safety import queries
from anshin.safety.terms import LANGUAGES, AdvisoryState, MatchReason, MatchState, Origin, RemedyKind, Severity
from anshin.shops.queries import colleagues, may
from anshin.shops.terms import Permission
from anshin.staff import safety_audience, safety_warning_words
from anshin.staff import safety_words as words
from anshin.staff.addresses import address
from anshin.staff.safety_forms import zones
from anshin.staff.safety_journal_words import SAFETY_EVENTS

if TYPE_CHECKING:
    from anshin.plumbing.pages.keyset import Page
    from anshin.safety.models import Advisory, AdvisoryWording, Insider, SealedFact
    from anshin.safety.terms import Content
    from anshin.shops.models import Membership


def page_of(
    by: Membership,
    advisory: Advisory,
    now: datetime,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    language: str = "",
    history: str = "",
) -> dict[str, Any]:
    """Context of staff/safety_page.html. `errors`: name of a form to the sentence beside it; `typed`: what was typed
    there. Raises BadCursor."""
    content = queries.working_content(advisory)
    state = AdvisoryState(advisory.state)
    may_write = may(by, Permission.PREPARE_SAFETY) and state in {
        AdvisoryState.DRAFT,
        AdvisoryState.APPROVED,
        AdvisoryState.RELEASED,
    }
    insiders, preparations = queries.insiders_of(advisory), queries.preparations_of(advisory)
    return {
        "advisory": advisory,
        "name": words.name_of(advisory),
        "sub": words.sub_line(advisory, content.facts.products),
        "state": words.state_tag(advisory),
        "is_sealed": state.is_sealed,
        "is_public": advisory.number is not None,
        **_time(by, advisory, now),
        "may_write": may_write,
        "may_rehearse": may(by, Permission.PREPARE_SAFETY),
        "approval": approval(by, advisory, insiders),
        "warnings": safety_warning_words.cards(by, advisory, now),
        "origin_item": _origin_item(by, advisory),
        "audience": safety_audience.card(by, advisory, now),
        "insiders": _insiders(by, advisory, insiders),
        "nameable": _nameable(by, insiders) if may_write else [],
        "preparations": preparations,
        "done_count": sum(each.done_at is not None for each in preparations),
        "zones": zones() if may_write else [],
        "facts": facts_rows(content),
        "products": [_product(each) for each in content.facts.products],
        "matches": [_match(each) for each in queries.matches_of(advisory)],
        "wordings": wordings(by, advisory),
        "shown": page_notice(advisory, content, language, now),
        "reminders": _reminders(by, advisory),
        "ends": _ends(by, advisory),
        "history": _history(queries.sealed_facts_of(advisory, cursor=history)),
        "errors": errors or {},
        "typed": typed or {},
        "now": now,
    }


def _time(by: Membership, advisory: Advisory, now: datetime) -> dict[str, Any]:
    return {
        "publish": words.publish_words(advisory, now),
        "countdown": words.countdown(advisory, now),
        "overdue": words.overdue(advisory, now),
        "may_be_public": queries.may_be_public(advisory),
        "may_release": may(by, Permission.APPROVE_SAFETY),
    }


def approval(by: Membership, advisory: Advisory, insiders: list[Insider]) -> dict[str, Any]:
    """The card of the two people: who they are, what is missing, what the reader may do."""
    found = queries.standing_in_the_way(advisory)
    is_correction = advisory.state == AdvisoryState.RELEASED and (
        (advisory.approved_version or 0) < advisory.facts_version
    )
    is_open = advisory.state == AdvisoryState.DRAFT or is_correction
    is_own = advisory.author_id == by.pk
    may_approve = may(by, Permission.APPROVE_SAFETY)
    others = [
        str(each.membership.person)
        for each in insiders
        if each.membership_id != advisory.author_id and may(each.membership, Permission.APPROVE_SAFETY)
    ]
    return {
        "author": advisory.author,
        "approved_by": None if is_open else advisory.approved_by,
        "is_open": is_open,
        "is_correction": is_correction,
        "is_yours": is_open and may_approve and not is_own,
        "is_own": is_own,
        "may_send_back": may_approve and AdvisoryState(advisory.state).is_sealed and not is_own,
        "is_ready": found.is_ready,
        "missing": words.missing(advisory, found, advisory.shop.slug) if is_open else [],
        "others": others,
        "done": 1 + (not is_open and advisory.approved_by_id is not None),
    }


def page_notice(advisory: Advisory, content: Content, language: str, now: datetime) -> dict[str, Any]:
    """The notice as it will look on the product's page, drawn by the template that shops' pages get."""
    if content.facts.lead_language not in content.words:
        return {}
    chosen = language if language in LANGUAGES else content.facts.lead_language
    notice = queries.shown_notice(
        content,
        language=chosen,
        number=advisory.number,
        released_at=advisory.released_at or advisory.publish_at or now,
        picture=address("safety_picture", advisory.shop.slug, advisory.key) if content.facts.picture else "",
    )
    return {
        "notices": [notice],
        "words": queries.words_around(chosen),
        "stands_in": notice["language"] != chosen,
        "languages": [
            {"code": each, "name": words.language_name(each), "on": each == chosen, "is_there": each in content.words}
            for each in LANGUAGES
        ],
    }


def facts_rows(content: Content) -> list[tuple[str, Any]]:
    """Facts as pairs of name and value; empty ones are left out."""
    facts = content.facts
    contact = " · ".join(
        filter(None, [facts.contact_name, facts.contact_phone, facts.contact_mail, facts.contact_hours])
    )
    return [
        (name, value)
        for name, value in (
            (_("Publisher"), facts.agency),
            (_("How bad"), Severity(facts.severity).label),
            (_("Stop using it"), _("Yes") if facts.stop_using else _("No")),
            (_("Remedy"), RemedyKind(facts.remedy).label),
            (_("Has to be sent back"), _("Yes") if facts.must_come_back else _("No")),
            (_("Contact"), contact),
        )
        if value
    ]


def wordings(by: Membership, advisory: Advisory) -> list[dict[str, Any]]:
    """Each language with whether its words are there, and whether they are for the facts as they are now."""
    written = queries.wordings_of(advisory)
    return [_wording(by, advisory, each, written.get(each)) for each in LANGUAGES]


def _wording(by: Membership, advisory: Advisory, language: str, written: AdvisoryWording | None) -> dict[str, Any]:
    return {
        "code": language,
        "name": words.language_name(language),
        "is_lead": language == advisory.lead_language,
        "is_there": written is not None,
        "is_stale": written is not None and written.version < advisory.facts_version,
        "by": str(written.written_by.person) if written and written.written_by else "",
        "at": written.written_at if written else None,
        "url": address("safety_wording", by.shop.slug, advisory.key, language),
    }


def _insiders(by: Membership, advisory: Advisory, insiders: list[Insider]) -> list[dict[str, Any]]:
    last = queries.last_looks(advisory)
    return [
        {
            "pk": each.membership_id,
            "name": str(each.membership.person),
            "role": each.membership.get_role_display(),
            "is_you": each.membership_id == by.pk,
            "is_author": each.membership_id == advisory.author_id,
            "at": last.get(each.membership_id),
        }
        for each in insiders
    ]


def _nameable(by: Membership, insiders: list[Insider]) -> list[dict[str, Any]]:
    named = {each.membership_id for each in insiders}
    return [
        {"pk": each.pk, "name": str(each.person), "role": each.get_role_display()}
        for each in colleagues(by.shop)
        if each.pk not in named
    ]


def _product(product: Any) -> dict[str, Any]:
    return {
        "name": product.name,
        "gtin": product.gtin,
        "sku": product.sku,
        "model": product.model_number,
        "lots": words.lots_text(product.lots),
        "sold_from": product.sold_from,
        "sold_to": product.sold_to,
    }


def _match(match: Any) -> dict[str, Any]:
    return {
        "pk": match.pk,
        "named": str(match.affected),
        "name": f"{match.product.name} {match.product.variant}".strip(),
        "sku": match.product.sku,
        "reason": MatchReason(match.reason).label,
        "certainty": match.certainty,
        "is_open": match.is_open,
        "is_meant": match.state == MatchState.CONFIRMED,
        "state": MatchState(match.state).label,
        "by": str(match.decided_by.person) if match.decided_by else "",
    }


def _reminders(by: Membership, advisory: Advisory) -> dict[str, Any]:
    found = queries.reminders_of(advisory)
    ended = advisory.state in {AdvisoryState.WITHDRAWN, AdvisoryState.CLOSED}
    return {
        "every_days": advisory.remind_every_days,
        "most": advisory.remind_most,
        "turns": found.turns,
        "next_on": found.next_on,
        "may_set": not ended and may(by, Permission.APPROVE_SAFETY),
    }


def _origin_item(by: Membership, advisory: Advisory) -> dict[str, Any] | None:
    """The publisher's entry from which it was begun, and whether the publisher has changed it since."""
    item = queries.item_of(advisory) if advisory.origin == Origin.FEED else None
    if item is None:
        return None
    return {
        "url": address("safety_item", by.shop.slug, item.pk),
        "title": item.title,
        "feed": item.feed.name,
        "gone_at": item.gone_at,
        "changed_at": item.changed_at if item.changed_at and item.changed_at > advisory.created_at else None,
    }


def _ends(by: Membership, advisory: Advisory) -> dict[str, bool]:
    needed = Permission.PREPARE_SAFETY if advisory.number is None else Permission.APPROVE_SAFETY
    is_public = advisory.state == AdvisoryState.RELEASED
    return {
        "withdraw": (is_public or AdvisoryState(advisory.state).is_sealed) and may(by, needed),
        "close": is_public and may(by, Permission.APPROVE_SAFETY),
        "reopen": advisory.state == AdvisoryState.CLOSED and may(by, Permission.APPROVE_SAFETY),
    }


def _history(page: Page[SealedFact]) -> dict[str, Any]:
    return {"rows": [_fact(each) for each in page.items], "page": page}


def _fact(fact: SealedFact) -> dict[str, Any]:
    label, pieces = SAFETY_EVENTS.get(fact.event, (fact.event, ()))
    said = []
    for name, title, shown in pieces:
        if fact.payload.get(name) is not None:
            value = str(shown(fact.payload[name]))
            said.append(f"{title} {value}" if title else value)
    return {"label": label, "words": " · ".join(said), "by": str(fact.by.person) if fact.by else "", "at": fact.at}
