"""The audit journal: who did what, when; narrowed by event, person, case and days; as pages and as a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django import forms
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.cases.queries import case_by_number, case_numbers
from anshin.plumbing import clock
from anshin.plumbing.journal import queries as journal
from anshin.plumbing.journal.actors import Actor
from anshin.shops.queries import everybody_of
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.journal_groups import GROUPS
from anshin.staff.journal_words import EVENTS, details, label
from anshin.staff.rule_actor import who_acted

if TYPE_CHECKING:
    from anshin.plumbing.journal.models import JournalEntry
    from anshin.shops.models import Membership

BOM = "\ufeff"  # without it, spreadsheets read UTF-8 as cp932
ROWS_A_PORTION = 500
_NO_CASE = -1


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")


class Filters(forms.Form):
    """What the journal can be narrowed to. Days are the shop's, both included."""

    event = forms.ChoiceField(label=gettext_lazy("What"), required=False, widget=forms.Select({"class": "select"}))
    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False, widget=forms.Select({"class": "select"}))
    case = forms.RegexField(
        label=gettext_lazy("Case number"),
        regex=r"^\s*[#＃]?[0-9０-９]{1,9}\s*$",
        required=False,
        widget=forms.TextInput({"class": "input", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Write the number only, like 1042.")},
    )
    since = forms.DateField(label=gettext_lazy("First day"), required=False, widget=_day())
    until = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=_day())

    def __init__(self, data: Any, *, staff: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["event"].choices = _event_choices()  # type: ignore[attr-defined]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", _("Everybody")),
            *staff,
            ("customer", _("Customers")),
            ("system", _("Anshin itself")),
        ]

    def clean_case(self) -> int | None:
        written: str = self.cleaned_data["case"].strip().lstrip("#＃")
        return int(written) if written else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filters mean for the journal's queries."""

    event: str | None = None
    actor: Actor | None = None
    case_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def terms(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@desk(Permission.SEE_JOURNAL)
def journal_page(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Entries, newest first, 50 a page."""
    form = _filters(request, by)
    wanted = _wanted(form, by)
    before = request.GET.get("before", "")
    before_id = int(before) if before.isdecimal() and len(before) < 19 else None
    page = journal.entries(by.shop_id, before_id=before_id, **wanted.terms())
    query = urlencode({name: request.GET[name] for name in form.fields if request.GET.get(name)})
    request.desk_section = "journal"  # type: ignore[attr-defined]
    context = {
        "form": form,
        "rows": _rows(by, page.rows),
        "query": f"{query}&" if query else "",
        "before": page.before_id,
        "is_later_page": before_id is not None,
        "is_narrowed": bool(query),
    }
    return render(request, "staff/journal.html", context)


@desk(Permission.SEE_JOURNAL)
def journal_csv(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """All entries that the filters leave, oldest first, for a spreadsheet; written while it is being sent."""
    wanted = _wanted(_filters(request, by), by)
    zone = timezone.get_current_timezone()
    portions = _portions(journal.csv_rows(by.shop_id, zone=zone, **wanted.terms()))
    content = _later(portions) if isinstance(request, ASGIRequest) else portions
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    today = timezone.localtime(clock.now()).date()
    response["Content-Disposition"] = f'attachment; filename="journal-{by.shop.slug}-{today:%Y%m%d}.csv"'
    return response


def _filters(request: HttpRequest, by: Membership) -> Filters:
    staff = [(str(each.pk), str(each.person)) for each in everybody_of(by.shop)]
    form = Filters(request.GET, staff=staff)
    form.is_valid()
    return form


def _wanted(form: Filters, by: Membership) -> Wanted:
    """A filter that cannot be read narrows nothing and is marked; a case that does not exist has no entries."""
    values = form.cleaned_data
    number = values.get("case")
    case = case_by_number(by.shop, number) if number else None
    return Wanted(
        event=values.get("event") or None,
        actor=_actor(values.get("who", "")),
        case_id=(case.pk if case else _NO_CASE) if number else None,
        since=_begin(values.get("since")),
        until=_begin(values["until"] + timedelta(days=1)) if values.get("until") else None,
    )


def _actor(who: str) -> Actor | None:
    if who == "customer":
        return Actor.customer(None, "")
    if who == "system":
        return Actor.system()
    return Actor.staff(int(who), "") if who else None


def _begin(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), timezone.get_current_timezone()) if day else None


def _rows(by: Membership, entries: tuple[JournalEntry, ...]) -> list[dict[str, Any]]:
    numbers = case_numbers(by.shop, {entry.case_id for entry in entries if entry.case_id})
    return [
        {
            "at": entry.at,
            "who": _who(entry),
            "what": label(entry.event),
            "details": details(entry.event, entry.payload),
            "case": numbers.get(entry.case_id or 0),
        }
        for entry in entries
    ]


def _who(entry: JournalEntry) -> str:
    if entry.actor_kind == "customer":
        return _("%(name)s 様") % {"name": entry.actor_name} if entry.actor_name else _("Customer")
    return who_acted(entry) or _("Anshin")


def _event_choices() -> list[tuple[Any, Any]]:
    groups = [
        (words, [(name, said) for name, (said, _pieces) in EVENTS.items() if name.partition(".")[0] == room])
        for room, words in GROUPS.items()
    ]
    return [("", _("Everything")), *groups]


def _portions(rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """The file piece by piece, with the event's words as a further column."""
    header = next(rows)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow((*header, "event_words"))
    for count, row in enumerate(rows, start=1):
        writer.writerow((*row, label(row[5])))
        if count % ROWS_A_PORTION == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


async def _later(portions: Iterator[str]) -> AsyncIterator[str]:
    """The same from a thread, so that a long file does not hold up the other pages."""
    while (portion := await sync_to_async(_next)(portions)) is not None:
        yield portion


def _next(portions: Iterator[str]) -> str | None:
    try:
        return next(portions, None)
    finally:
        close_old_connections()
