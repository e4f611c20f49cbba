"""The search page: what was typed, filters as menus and chips, and the cases that fit with the passage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anshin.cases.queries import FoundCase, Results, search_cases, search_unnamed
from anshin.cases.terms import Sorting, Status
from anshin.language.search_passages import Piece
from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.keyset import BadCursor
from anshin.plumbing.pages.templatetags.pages import tag_markup
from anshin.plumbing.search.terms import MOST_COUNTED, Ranking
from anshin.shops.queries import colleagues, may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.looks import CASE_LOOKS
from anshin.staff.rail import rail
from anshin.staff.veil import is_veiled

if TYPE_CHECKING:
    from anshin.language.search_queries import WantedFilter
    from anshin.shops.models import Membership


@desk(Permission.READ_CASES)
def search(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Cases that fit ?q=, newest or best first; without it, how to search."""
    typed = request.GET.get("q", "").strip()
    wanted = request.GET.get("sort", "")
    ranking = Ranking(wanted) if wanted in list(Ranking) else Ranking.NEWEST
    now = clock.now()
    try:
        if is_veiled(by):
            results = search_unnamed(by, typed, now=now)
        else:
            results = search_cases(by, typed, ranking=ranking, cursor=request.GET.get("page", ""), now=now)
    except BadCursor as error:
        raise Http404 from error
    here = _Here(address("search", by.shop.slug), typed, ranking)
    context = rail(by, view=None) | {
        "typed": typed,
        "results": results,
        "found": SafeString("".join(_found(each, by.shop.slug, now) for each in results.cases)),
        "count_words": _count_words(results.count),
        "sorts": []
        if is_veiled(by)
        else [{"label": _label(each), "url": here.url(sort=each), "on": each == ranking} for each in Ranking],
        "menus": _menus(by, here),
        "chips": [_chip(each, here, results) for each in results.query.filters],
        "unknown": [f"{each.name}:{each.value}" for each in results.filters.unknown],
        "next_url": here.url(page=results.next) if results.next else "",
        "first_url": here.url() if request.GET.get("page") else "",
        "is_empty": not typed,
        "is_veiled": is_veiled(by),
    }
    return render(request, "staff/search.html", context)


class _Here:
    """This search's address, with something changed."""

    def __init__(self, path: str, typed: str, ranking: Ranking) -> None:
        self.path, self.typed, self.ranking = path, typed, ranking

    def url(self, *, q: str | None = None, sort: Ranking | None = None, page: str = "") -> str:
        given = {"q": self.typed if q is None else q}
        sorting = sort or self.ranking
        if sorting != Ranking.NEWEST:
            given["sort"] = sorting.value
        if page:
            given["page"] = page
        return f"{self.path}?{urlencode(given)}"

    def with_filter(self, name: str, value: str) -> str:
        """What was typed with one more filter before it."""
        shown = f'"{value}"' if " " in value or "\u3000" in value else value
        return self.url(q=f"{name}:{shown} {self.typed}".strip())

    def without(self, given: WantedFilter) -> str:
        """What was typed without this filter."""
        return self.url(q=" ".join(f"{self.typed[: given.start]} {self.typed[given.end :]}".split(" ")).strip())


def _menus(by: Membership, here: _Here) -> list[dict[str, Any]]:
    """The filters as menus, in the words that a clerk would type."""
    is_japanese = (get_language() or "ja").startswith("ja")
    owner, status, period = ("担当", "状態", "期間") if is_japanese else ("owner", "status", "period")
    people = [("自分" if is_japanese else "me", _("Me")), ("なし" if is_japanese else "nobody", _("Nobody"))]
    people += [
        (each.person.name, str(each.person))
        for each in colleagues(by.shop)
        if each.pk != by.pk and may(each, Permission.ANSWER)
    ]
    statuses = [(str(each.label) if is_japanese else each.value, str(each.label)) for each in Status]
    names = ("今日", "昨日", "今週", "先週", "今月", "先月", "今年")
    periods = (
        [(each, each) for each in names]
        if is_japanese
        else [
            ("today", _("Today")),
            ("yesterday", _("Yesterday")),
            ("this week", _("This week")),
            ("last week", _("Last week")),
            ("this month", _("This month")),
            ("last month", _("Last month")),
            ("this year", _("This year")),
        ]
    )
    return [
        {"code": code, "label": label, "icon": icon, "items": _items(name, values, here)}
        for code, label, icon, name, values in (
            ("owner", _("Owner of the case"), "user-round", owner, people),
            ("status", _("Status"), "circle-dot", status, statuses),
            ("period", _("Period"), "calendar", period, periods),
        )
    ]


def _items(name: str, values: Iterable[tuple[str, str]], here: _Here) -> list[dict[str, str]]:
    return [{"label": shown, "url": here.with_filter(name, value)} for value, shown in values]


def _chip(given: WantedFilter, here: _Here, results: Results) -> dict[str, Any]:
    return {
        "label": f"{given.name}：{given.value}",
        "url": here.without(given),
        "is_unknown": given in results.filters.unknown,
    }


def _label(ranking: Ranking) -> str:
    return str(Sorting.NEWEST.label) if ranking == Ranking.NEWEST else _("Best first")


def _count_words(count: int) -> str:
    if count > MOST_COUNTED:
        return _("More than %(count)s cases") % {"count": f"{MOST_COUNTED:,}"}
    return ngettext("%(count)s case", "%(count)s cases", count) % {"count": f"{count:,}"}


def _found(each: FoundCase, slug: str, now: datetime) -> str:
    """One case as a list item; its looks are in frontend/css/search.css."""
    row, language = each.row, get_language() or "ja"
    kind, icon = CASE_LOOKS[Status(row.status)]
    subject = pieces_markup(each.subject) or escape(_("(no subject)"))
    who = escape(row.customer_name or _("Unknown sender"))
    owner = f"<i>·</i>{escape(row.owner_name)}" if row.owner_name else ""
    order = tag_markup(row.order_label, icon="package") if row.order_label else ""
    note = tag_markup(_("In a note"), kind="note", icon="lock") if each.is_note else ""
    words = f'<p class="found-passage">{note}{pieces_markup(each.passage)}</p>' if each.passage else ""
    when = f'<time datetime="{row.last_activity_at.isoformat(timespec="seconds")}">{dates.ago(row.last_activity_at, now=now, language=language)}</time>'  # noqa: E501
    status = tag_markup(str(Status(row.status).label), kind=kind, icon=icon)
    return (
        f'<li class="found row"><a class="found-link row-link" href="{address("case", slug, row.number)}">'
        f'<span class="found-1"><span class="found-subject">{subject}</span>{when}</span>'
        f'<span class="found-2"><span class="dim">#{row.number}</span><i>·</i>{who}{owner}{status}{order}</span>'
        f"{words}</a></li>\n"
    )


def pieces_markup(pieces: Sequence[Piece]) -> str:
    """A passage as HTML, with what was found in <mark>."""
    return "".join(f"<mark>{escape(each.text)}</mark>" if each.is_found else escape(each.text) for each in pieces)
