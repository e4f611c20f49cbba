"""The page "received = shown" of a mailbox, and its button that compares now. Under /s/<slug>/settings/mail/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anshin.channels.email import queries
from anshin.channels.email.alerts import alert_words
from anshin.channels.email.models import Comparison, MailAlert, Mailbox
from anshin.channels.email.screens.mailboxes import desk
from anshin.channels.email.sheets import comparisons, days
from anshin.channels.email.terms import Alert, ComparisonState, Trouble, sentence
from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops import queries as shops
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.channels.email.sheets.days import SheetLine
    from anshin.shops.models import Membership

_UNDER_WAY = (ComparisonState.WAITING, ComparisonState.READING, ComparisonState.RUNNING)


@require_GET
@desk(Permission.TRIAGE)
def first_sheet(request: HttpRequest, by: Membership) -> HttpResponse:
    """The sheet of the shop's first mailbox, or how to begin where there is none."""
    first = queries.mailboxes_of(by.shop).first()
    if first is not None:
        return redirect("email:sheet", by.shop.slug, first.pk)
    request.desk_section = "mail_sheet"  # type: ignore[attr-defined]
    return render(request, "email/sheet.html", {"may_set_up": shops.may(by, Permission.RUN_SHOP)})


@require_GET
@desk(Permission.TRIAGE)
def sheet(request: HttpRequest, by: Membership, mailbox_id: int) -> HttpResponse:
    """One line a day: what was received, what is shown, and what to do where the two differ."""
    found = _mailbox(by, mailbox_id)
    try:
        page = days.sheet_page(by.shop, found, now=clock.now(), cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    alerts = queries.alerts_of(by.shop, found)
    request.desk_section = "mail_sheet"  # type: ignore[attr-defined]
    context = {
        "mailbox": found,
        "others": [each for each in queries.mailboxes_of(by.shop) if each.pk != found.pk],
        "page": page,
        "rows": [_row(line, found) for line in page.items],
        "totals": _totals(page.items),
        "alerts": [_alert(alert) for alert in alerts if alert.ended_at is None],
        "is_told": any(alert.kind == Alert.DIFFER and alert.ended_at is None for alert in alerts),
        "past_alerts": [_alert(alert) for alert in alerts if alert.ended_at is not None],
        **_comparison(by, found),
    }
    return render(request, "email/sheet.html", context)


@require_POST
@desk(Permission.WATCH_MAIL)
def compare(request: HttpRequest, by: Membership, mailbox_id: int) -> HttpResponse:
    """Compare with the server now."""
    found = _mailbox(by, mailbox_id)
    comparisons.ask(mailbox=found, by=by, now=clock.now())
    messages.success(request, _("The mailbox is being compared. You may leave this page."))
    return redirect("email:sheet", by.shop.slug, found.pk)


@require_GET
@desk(Permission.TRIAGE)
def comparison(request: HttpRequest, by: Membership, mailbox_id: int) -> HttpResponse:
    """How far the comparison has come, as a fragment; when it has ended the whole page is drawn again."""
    context = _comparison(by, _mailbox(by, mailbox_id))
    response = render(request, "email/_comparison.html", context)
    if not context["is_under_way"]:
        response["HX-Refresh"] = "true"
    return response


def _mailbox(by: Membership, mailbox_id: int) -> Mailbox:
    found = queries.mailbox_of(by.shop, mailbox_id)
    if found is None:
        raise Http404
    return found


def _comparison(by: Membership, mailbox: Mailbox) -> dict[str, Any]:
    found = Comparison.objects.filter(shop=by.shop, mailbox=mailbox).first()
    trouble = sentence(Trouble(found.trouble_code), found.trouble_words) if found and found.trouble_code else ""
    counts = {"done": found.done_count, "of": found.total_count} if found else {}
    words = (
        _("%(done)s of %(of)s mails compared") % {name: f"{count:,}" for name, count in counts.items()} if found else ""
    )
    return {
        "mailbox": mailbox,
        "comparison": found,
        "is_under_way": found is not None and found.state in _UNDER_WAY,
        "is_reading": found is not None and found.state == ComparisonState.READING,
        "trouble": trouble,
        "done": counts.get("done", 0),
        "total": counts.get("of", 0),
        "words": words,
        "may_compare": mailbox.is_active and shops.may(by, Permission.WATCH_MAIL),
    }


def _row(line: SheetLine, mailbox: Mailbox) -> dict[str, Any]:
    """A line as finished decisions: its mark, and whether there is anything to say below it."""
    if not line.is_equal:
        mark = "bad"
    elif line.compared_at is None and mailbox.imap_host:
        mark = "open"
    else:
        mark = "good"
    language, year = get_language() or "ja", timezone.localdate(clock.now()).year
    return {
        "line": line,
        "day": dates.full_day(line.on, language=language, with_year=line.on.year != year),
        "mark": mark,
        "elsewhere": [(fate.label, count) for fate, count in line.elsewhere],
        "elsewhere_count": sum(count for _fate, count in line.elsewhere),
    }


def _alert(alert: MailAlert) -> dict[str, Any]:
    return {
        "alert": alert,
        "title": alert_words.title(alert),
        "reason": alert_words.reason(alert, language=get_language() or "ja", now=clock.now()),
        "kind": Alert(alert.kind).label,
        "look": "bad" if alert.kind == Alert.DIFFER else "warn",
    }


def _totals(lines: list[SheetLine]) -> dict[str, int]:
    return {
        "received": sum(line.received_count for line in lines),
        "shown": sum(line.shown_count for line in lines),
        "missing": sum(line.missing_count for line in lines),
        "late": sum(line.late_count for line in lines),
        "waiting": sum(line.waiting_count for line in lines),
        "elsewhere": sum(count for line in lines for _fate, count in line.elsewhere),
    }
