"""The shop's macros: one, a page of the list, the versions of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from anshin.plumbing.pages.keyset import Page, page_of
from anshin.replies import rules
from anshin.replies.models import Macro, MacroVersion
from anshin.replies.terms import MacroContent

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_ORDER = ("topic_place", "name", "id")
_MOST_VERSIONS = 50


def macro_of(shop: Shop, macro_id: int) -> Macro | None:
    """The macro of this shop, an archived one too."""
    return Macro.objects.filter(shop=shop, pk=macro_id).first()


def has_macros(shop: Shop) -> bool:
    """Whether the shop ever had a macro."""
    return Macro.objects.filter(shop=shop).exists()


def macros_page(
    shop: Shop,
    *,
    wanted: str = "",
    topic_place: int | None = None,
    archived: bool = False,
    cursor: str = "",
    size: int = 50,
) -> Page[Macro]:
    """The shop's macros by topic and name: one query. Raises BadCursor."""
    rows = fitting(Macro.objects.filter(shop=shop, archived_at__isnull=not archived), wanted)
    if topic_place is not None:
        rows = rows.filter(topic_place=topic_place)
    return page_of(rows, order=_ORDER, size=size, cursor=cursor)


def fitting(rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
    """Those rows whose search key holds every word of `wanted`, in whatever kana and width it was typed."""
    words = rules.search_key(wanted).split()
    return rows.filter(*[Q(search_key__contains=word) for word in words]) if words else rows


def versions_of(macro: Macro) -> list[MacroVersion]:
    """How the macro was saved, newest first, with who saved it; at most fifty."""
    rows = MacroVersion.objects.filter(macro=macro).select_related("by__person").order_by("-number")
    return list(rows[:_MOST_VERSIONS])


def content_of(saved: Macro | MacroVersion) -> MacroContent:
    """What a person wrote: of a macro as it is now, or of one of its versions."""
    if isinstance(saved, MacroVersion):
        return MacroContent(
            name=saved.content["name"],
            topics=tuple(saved.content["topics"]),
            texts=dict(saved.content["texts"]),
            closes_with=saved.content["closes_with"],
            adds_tags=tuple(saved.content["adds_tags"]),
            steps=tuple(saved.content.get("steps", ())),
            snooze_days=saved.content.get("snooze_days", 0),
        )
    return MacroContent(
        name=saved.name,
        topics=tuple(saved.topics),
        texts=dict(saved.texts),
        closes_with=saved.closes_with,
        adds_tags=tuple(saved.adds_tags),
        steps=tuple(saved.steps),
        snooze_days=saved.snooze_days,
    )
