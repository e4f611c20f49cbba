"""How well the shop kept its service levels: for its managers, as a chart, a table, a file, and case by case."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anshin.cases.queries import (
    ANSWER,
    NO_TOPIC,
    RESOLUTION,
    Figure,
    Pair,
    ServiceFigures,
    is_still_owed,
    missed_cases,
    own_topics,
    service_figures,
)
from anshin.cases.terms import Channel, Priority
from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.clock_words import OWED, minutes_words
from anshin.staff.desk import desk
from anshin.staff.service_figures_chart import chart
from anshin.staff.service_figures_forms import FiguresForm
from anshin.staff.spreadsheets import BOM, safe_cell
from anshin.staff.topic_words import topic_name

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership

GROUPINGS = {
    "topic": gettext_lazy("By topic"),
    "channel": gettext_lazy("By way of contact"),
    "priority": gettext_lazy("By priority"),
}
_DAYS = (7, 30, 90, 365)
_KINDS = {ANSWER: OWED["first_answer"], RESOLUTION: OWED["resolution"]}


@desk(Permission.SEE_FIGURES)
def figures(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Shares, times and trend of the chosen cases, by topic, way of contact or priority."""
    form, own, grouping = _form(request, by), _own(by), _grouping(request)
    request.desk_section = "figures"  # type: ignore[attr-defined]
    context: dict[str, Any] = {"form": form, "grouping": grouping}
    if not form.is_valid():
        return render(request, "staff/figures.html", context, status=422)
    found = _found(by, form, grouping)
    here = address("figures", by.shop.slug)
    context |= {
        "period": _period(form),
        "spans": _spans(form, grouping),
        "groupings": [
            {"label": label, "url": f"?{form.query(by=code)}", "on": code == grouping}
            for code, label in GROUPINGS.items()
        ],
        "tiles": [_tile(kind, figure, form, by) for kind, figure in zip(_KINDS, found.overall, strict=True)],
        "rows": [
            _row(_group_name(grouping, code, own), pair, form, by, **{grouping: code})
            for code, pair in found.groups.items()
        ],
        "chart": chart(found.trend, language=get_language() or "ja"),
        "csv_url": f"{address('figures_csv', by.shop.slug)}?{form.query(by=grouping)}",
        "all_url": f"{here}?{form.query(by=grouping, channel='', topic='', priority='')}",
        "is_narrowed": any(form.cleaned_data[name] for name in GROUPINGS),
    }
    return render(request, "staff/figures.html", context)


@desk(Permission.SEE_FIGURES)
def figures_csv(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The same figures for a spreadsheet: all cases, each group, each step of the trend."""
    form, grouping = _form(request, by), _grouping(request)
    if not form.is_valid():
        raise Http404
    file = io.StringIO()
    file.write(BOM)
    writer = csv.writer(file)
    writer.writerow(_columns())
    writer.writerows(_lines(_found(by, form, grouping), grouping, _own(by), form))
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    first, last = form.cleaned_data["since"], form.cleaned_data["until"]
    name = f"answering-times-{by.shop.slug}-{first:%Y%m%d}-{last:%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@desk(Permission.SEE_FIGURES)
def missed(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The cases behind a figure that were late, or still are."""
    form, what = _form(request, by), request.GET.get("what", ANSWER)
    if not form.is_valid() or what not in _KINDS:
        raise Http404
    now, own = clock.now(), _own(by)
    try:
        page = missed_cases(by.shop, form.span(), what=what, now=now, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    request.desk_section = "figures"  # type: ignore[attr-defined]
    grouping = _grouping(request)
    context = {
        "title": _("Missed: %(what)s") % {"what": _KINDS[what]},
        "narrowed": [_period(form), *_narrowed(form, own)],
        "kinds": [
            {"label": label, "url": f"?{form.query(what=kind, by=grouping)}", "on": kind == what}
            for kind, label in _KINDS.items()
        ],
        "rows": [_missed_row(case, what, own, by) for case in page.items],
        "page": page,
        "query": f"{form.query(what=what, by=grouping)}&",
        "back_url": f"{address('figures', by.shop.slug)}?{form.query(by=grouping)}",
        "now": now,
    }
    return render(request, "staff/figures_missed.html", context)


def _form(request: HttpRequest, by: Membership) -> FiguresForm:
    return FiguresForm(request.GET, own=_own(by), today=timezone.localtime(clock.now()).date())


def _own(by: Membership) -> dict[str, str]:
    return {each.code: each.name for each in own_topics(by.shop)}


def _grouping(request: HttpRequest) -> str:
    wanted = request.GET.get("by", "topic")
    if wanted not in GROUPINGS:
        raise Http404
    return wanted


def _found(by: Membership, form: FiguresForm, grouping: str) -> ServiceFigures:
    zone = timezone.get_current_timezone()
    return service_figures(by.shop, form.span(), by=grouping, zone=zone, now=clock.now())


def _period(form: FiguresForm) -> str:
    language = get_language() or "ja"
    first, last = (
        dates.full_day(form.cleaned_data[name], language=language, with_year=_needs_year(form)) for name in _ENDS
    )
    return f"{first} – {last}"


_ENDS = ("since", "until")


def _needs_year(form: FiguresForm) -> bool:
    return any(form.cleaned_data[name].year != form.today.year for name in _ENDS)


def _spans(form: FiguresForm, grouping: str) -> list[dict[str, Any]]:
    found = []
    for days in _DAYS:
        ends = (form.today - timedelta(days=days - 1), form.today)
        url = f"?{form.query(since=str(ends[0]), until=str(ends[1]), by=grouping)}"
        on = tuple(form.cleaned_data[name] for name in _ENDS) == ends
        found.append({"days": days, "url": url, "on": on})
    return found


def _tile(kind: str, figure: Figure, form: FiguresForm, by: Membership) -> dict[str, Any]:
    return _figure(figure) | {"label": _KINDS[kind], "total": figure.total, "url": _missed_url(kind, figure, form, by)}


def _row(label: str, pair: Pair, form: FiguresForm, by: Membership, **only: str) -> dict[str, Any]:
    """A group; its name leads to it alone, by another way of grouping."""
    further = "channel" if "topic" in only else "topic"
    return {
        "label": label,
        "url": f"?{form.query(**only, by=further)}",
        "figures": [
            _figure(figure)
            | {"total": figure.total, "label": _KINDS[kind], "url": _missed_url(kind, figure, form, by, **only)}
            for kind, figure in zip(_KINDS, pair, strict=True)
        ],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "percent": figure.percent,
        "met": figure.met,
        "missed": figure.missed,
        "late_open": figure.late_open,
        "median": "" if figure.median is None else minutes_words(figure.median),
        "ninth": "" if figure.ninth is None else minutes_words(figure.ninth),
    }


def _missed_url(kind: str, figure: Figure, form: FiguresForm, by: Membership, **only: str) -> str:
    if not figure.missed:
        return ""
    return f"{address('figures_missed', by.shop.slug)}?{form.query(what=kind, **only)}"


def _group_name(grouping: str, code: str, own: Mapping[str, str]) -> str:
    if grouping == "topic":
        return _("Without a topic") if code == NO_TOPIC else topic_name(code, own)
    return str((Channel if grouping == "channel" else Priority)(code).label)


def _narrowed(form: FiguresForm, own: Mapping[str, str]) -> list[str]:
    chosen = ((name, form.cleaned_data[name]) for name in GROUPINGS)
    return [_group_name(name, code, own) for name, code in chosen if code]


def _missed_row(case: Case, what: str, own: Mapping[str, str], by: Membership) -> dict[str, Any]:
    is_open = is_still_owed(case, what)
    minutes, target = case.first_answer_minutes, case.first_target_minutes
    due_at = case.answer_due_at
    if what == RESOLUTION:
        counted = case.counting_since_at is None
        minutes, target = case.resolution_used_seconds // 60 if counted else None, case.resolution_target_minutes
        due_at = case.resolution_due_at
    elif is_open:
        target = case.answer_target_minutes
    return {
        "number": case.number,
        "subject": case.subject or _("(no subject)"),
        "url": address("case", by.shop.slug, case.number),
        "who": case.customer.name if case.customer else "",
        "owner": str(case.owner.person) if case.owner else "",
        "kind": " · ".join((_group_name("topic", case.topic or NO_TOPIC, own), str(Channel(case.channel).label))),
        "is_urgent": case.is_urgent,
        "is_open": is_open,
        "due_at": due_at if is_open else None,
        "target": minutes_words(target) if target else "",
        "took": minutes_words(minutes) if minutes is not None and not is_open else "",
        "at": case.first_answered_at if what == ANSWER else case.closed_at,
    }


def _columns() -> list[str]:
    names = (
        _("met"),
        _("missed"),
        _("of which still open"),
        _("share met (%)"),
        _("median (min)"),
        _("90 % within (min)"),
    )
    return [
        _("Kind"),
        _("Which"),
        _("From"),
        _("Up to and including"),
        *(f"{kind}: {name}" for kind in _KINDS.values() for name in names),
    ]


def _lines(found: ServiceFigures, grouping: str, own: Mapping[str, str], form: FiguresForm) -> Iterator[list[Any]]:
    ends = (form.cleaned_data["since"], form.cleaned_data["until"])
    yield _line(_("All cases"), " · ".join(_narrowed(form, own)), *ends, found.overall)
    for code, pair in found.groups.items():
        yield _line(str(GROUPINGS[grouping]), _group_name(grouping, code, own), *ends, pair)
    for bucket in found.trend:
        yield _line(_("Trend"), "", bucket.first, bucket.last, bucket.pair)


def _line(kind: str, which: str, first: date, last: date, pair: Pair) -> list[Any]:
    values: list[Any] = [kind, safe_cell(which), first.isoformat(), last.isoformat()]
    for each in pair:
        values += [each.met, each.missed, each.late_open, each.percent, each.median, each.ninth]
    return values
