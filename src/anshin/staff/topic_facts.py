"""What the head of a case says about its topics and its urgency."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from anshin.cases.queries import own_topics
from anshin.language.topics.codes import TopicSource
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.topic_words import chips, choices, urgent_words

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership


def topic_facts(by: Membership, found: Case, *, now: datetime) -> dict[str, Any]:
    """The part of staff/_case_head.html's `case` about topics. One query where the shop has topics of its own."""
    has_own = getattr(found, "has_own_topics", True)
    known = own_topics(by.shop) if has_own else []
    own = {each.code: each.name for each in known}
    retired = {each.code for each in known if each.retired_at}
    offered = {code: name for code, name in own.items() if code not in retired}
    is_hands_on, codes = may(by, Permission.TRIAGE), [code for code, _share in found.topics]

    def post(name: str) -> str:
        return address(name, by.shop.slug, found.number) if is_hands_on else ""

    today = timezone.localdate(now)
    return {
        "topics": chips(found.topics, found.topic_source, own),
        "topic_is_proposed": found.topic_source == TopicSource.MODEL,
        "topic_is_unsure": found.topic_source == TopicSource.UNSURE,
        "topic_menu": _menu(get_language() or "ja", tuple(codes), tuple(offered.items())) if is_hands_on else "",
        "topics_url": post("topics"),
        "is_urgent": found.is_urgent,
        "urgent_words": urgent_words(found.urgent_kind, found.urgent_on, today=today) if found.is_urgent else "",
        "urgent_url": post("urgent"),
    }


@lru_cache(maxsize=256)
def _menu(_language: str, chosen: tuple[str, ...], own: tuple[tuple[str, str], ...]) -> str:
    """The menu's buttons, the same for all cases of these topics; drawn anew they were a tenth of a case's page."""
    return render_to_string("staff/_topic_menu.html", {"groups": choices(chosen, dict(own))})
