"""Settings screens of the mail channel: mailboxes with their state, the ledger of a day, mail that waits for a person.

Under /s/<slug>/settings/mail/, for those who may run the shop; the ledger also for those who triage.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anshin.channels.email import actions, queries
from anshin.channels.email.consents.keeping import bearer_of, consent_of
from anshin.channels.email.forms import MailboxForm, SpamForm, initial_of, servers_of
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.servers.trying import Finding, try_imap, try_smtp
from anshin.channels.email.terms import Fate, MailTrouble, Service, SpamJudge, Trouble, sentence
from anshin.plumbing import clock
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.pages.keyset import BadCursor, page_of
from anshin.shops import queries as shops
from anshin.shops.actions import Refused
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, "Membership", P], HttpResponse]
PAGE_SIZE = 50
FIRST_LOOK_BACK = timedelta(days=7)


def desk(permission: Permission) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """A screen of one shop for members with `permission`: 404 for strangers, 403 for a role too small."""

    def screen(view: View[P]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def checked(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            by = shops.membership_of(int(request.user.pk or 0), slug, now=clock.now())
            if by is None:
                raise Http404
            if not shops.may(by, permission):
                raise PermissionDenied
            request.by, request.desk_section = by, "mail"  # type: ignore[attr-defined]
            with timezone.override(ZoneInfo(by.shop.zone)):
                return view(request, by, *args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]  # read by tests/house/gates
        return checked

    return screen


@require_GET
@desk(Permission.RUN_SHOP)
def mailboxes(request: HttpRequest, by: Membership) -> HttpResponse:
    """All mailboxes with what works and what does not, and what holds for all of them."""
    return _list(request, by)


def _list(
    request: HttpRequest, by: Membership, *, spam_form: SpamForm | None = None, status: int = 200
) -> HttpResponse:
    rows = [_mailbox_row(mailbox) for mailbox in queries.mailboxes_of(by.shop)]
    waiting_count = queries.waiting_for_a_person(by.shop).count()
    context = {"rows": rows, "waiting_count": waiting_count, "spam_form": spam_form or _spam_form(by.shop)}
    return render(request, "email/mailboxes.html", context, status=status)


@require_POST
@desk(Permission.RUN_SHOP)
def spam(request: HttpRequest, by: Membership) -> HttpResponse:
    """Whose spam marks count in all mailboxes of the shop."""
    form = SpamForm(request.POST)
    if not form.is_valid():
        return _list(request, by, spam_form=form, status=422)
    actions.choose_spam_judge(judge=SpamJudge(form.cleaned_data["judge"]), by=by, now=clock.now())
    messages.success(request, _("The choice is saved."))
    return redirect("email:mailboxes", slug=by.shop.slug)


@require_http_methods(["GET", "POST"])
@desk(Permission.RUN_SHOP)
def mailbox(request: HttpRequest, by: Membership, mailbox_id: int | None = None) -> HttpResponse:
    """Add or change a mailbox."""
    found = own_mailbox(by.shop, mailbox_id)
    if request.method == "GET":
        return _form_page(request, found, MailboxForm(initial=_initial(found, by.shop), mailbox=found))
    form = MailboxForm(request.POST, mailbox=found)
    if form.is_valid():
        try:
            saved = actions.save_mailbox(shop=by.shop, settings=form.settings(), by=by, now=clock.now(), mailbox=found)
        except actions.ServerInside as refusal:
            form.add_error(refusal.field, str(refusal))
        except Refused as refusal:
            form.add_error("address", str(refusal))
        else:
            fetch_soon(saved)
            messages.success(request, _("The mailbox is saved."))
            if bearer_of(saved) and consent_of(by.shop, saved) is None:
                return redirect("email:connect", slug=by.shop.slug, mailbox_id=saved.pk)
            return redirect("email:mailboxes", slug=by.shop.slug)
    return _form_page(request, found, form, status=422)


@require_POST
@desk(Permission.RUN_SHOP)
def test_mailbox(request: HttpRequest, by: Membership, mailbox_id: int | None = None) -> HttpResponse:
    """Try the servers as filled in and say what works; a fragment for the script, a whole page without."""
    found = own_mailbox(by.shop, mailbox_id)
    form = MailboxForm(request.POST, mailbox=found)
    findings = _findings(form, found) if form.is_valid() else []
    if "HX-Request" in request.headers:
        context = {"findings": findings, "form": form}
        return render(request, "email/_findings.html", context)
    return _form_page(request, found, form, findings=findings, status=200 if form.is_valid() else 422)


@require_GET
@desk(Permission.TRIAGE)
def ledger(request: HttpRequest, by: Membership, mailbox_id: int) -> HttpResponse:
    """Received = shown: every mail of one mailbox and one day with its fate."""
    found = own_mailbox(by.shop, mailbox_id)
    if found is None:
        raise Http404
    today = timezone.localdate(clock.now())
    day = _day(request.GET.get("on", ""), today)
    try:
        page = page_of(
            queries.arrivals_on(by.shop, found, day),
            order=("-received_at", "-id"),
            size=PAGE_SIZE,
            cursor=request.GET.get("page", ""),
        )
    except BadCursor as error:
        raise Http404 from error
    context = {
        "mailbox": found,
        "day": day,
        "day_before": day - timedelta(days=1),
        "day_after": day + timedelta(days=1) if day < today else None,
        "sheet": queries.day_sheet(by.shop, found, day, now=clock.now()),
        "rows": [arrival_row(arrival) for arrival in page.items],
        "page": page,
    }
    return render(request, "email/ledger.html", context)


@require_GET
@desk(Permission.TRIAGE)
def waiting(request: HttpRequest, by: Membership) -> HttpResponse:
    """What could not be read or was held back."""
    try:
        page = page_of(
            queries.waiting_for_a_person(by.shop), order=("-id",), size=PAGE_SIZE, cursor=request.GET.get("page", "")
        )
    except BadCursor as error:
        raise Http404 from error
    rows = [arrival_row(arrival) for arrival in page.items]
    return render(request, "email/waiting.html", {"rows": rows, "page": page})


@require_POST
@desk(Permission.TRIAGE)
def try_again(request: HttpRequest, by: Membership, arrival_id: int) -> HttpResponse:
    """Read one of them once more."""
    arrival = queries.arrival_of(by.shop, arrival_id)
    if arrival is None:
        raise Http404
    try:
        fate = actions.try_again(arrival=arrival, by=by, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if fate == Fate.QUARANTINED:
            messages.error(request, _("The mail still cannot be read. Nothing is lost; the original is kept."))
        else:
            messages.success(request, _("The mail has been taken in."))
    return redirect("email:waiting", slug=by.shop.slug)


def arrival_row(arrival: Arrival) -> dict[str, Any]:
    """A line of the ledger as finished words."""
    fate = Fate(arrival.fate)
    return {
        "arrival": arrival,
        "fate": fate.label,
        "kind": _KINDS.get(fate, ""),
        "icon": _ICONS.get(fate, "mail"),
        "why": _reason(arrival),
        "case_number": arrival.message.case.number if arrival.message else None,
        "can_try_again": fate in {Fate.QUARANTINED, Fate.WAITING} and not arrival.is_header_only,
    }


_KINDS = {Fate.TAKEN_IN: "good", Fate.QUARANTINED: "warn", Fate.WAITING: "warn", Fate.STORED: "info"}
_ICONS = {
    Fate.TAKEN_IN: "check",
    Fate.SPAM: "ban",
    Fate.QUARANTINED: "mail-warning",
    Fate.WAITING: "hourglass",
    Fate.STORED: "clock",
    Fate.DUPLICATE: "copy",
    Fate.LOOP: "refresh-cw",
    Fate.BOUNCE: "corner-up-left",
    Fate.AUTO_REPLY: "mail",
}


def _reason(arrival: Arrival) -> str:
    reasons = {
        "empty": _("The mail is empty."),
        "no_headers": _("These bytes are not a mail."),
        "no_sender": _("The mail names no sender."),
        "reader_failed": _("Anshin could not read the mail."),
        "taking_in_failed": _("Anshin could not take the mail in."),
        "bytes_damaged": _("The kept original is damaged on the disk."),
        "oversize": _("The mail is too large to be fetched."),
        "unfetchable": _("The mail server did not hand the mail out."),
        "connection_breaks": _("The connection always broke at this mail."),
        "too_many_automatic": _("Too many automatic mails from this address within an hour."),
        "too_many_alike": _("Too many nearly identical mails from this address within an hour."),
        "same_mailbox": _("It arrived twice in this mailbox."),
        "in_another_mailbox": _("It is in a case already, by way of another mailbox."),
        "unmatched": _("It names none of our mails."),
    }
    return reasons.get(arrival.reason_code, "")


def _mailbox_row(mailbox: Mailbox) -> dict[str, Any]:
    trouble = Trouble(mailbox.last_error_code) if mailbox.last_error_code else None
    return {
        "mailbox": mailbox,
        "trouble": sentence(trouble, mailbox.last_error_words) if trouble else "",
        "tidying": _tidying_trouble(mailbox),
        "can_connect": bearer_of(mailbox) is not None,
        "can_fetch": bool(mailbox.imap_host),
        "can_send": bool(mailbox.smtp_host)
        or mailbox.sends_by != Service.SMTP
        or settings.ANSHIN_OUTSIDE,  # in practice nothing needs a server
    }


def _tidying_trouble(mailbox: Mailbox) -> str:
    """What keeps the owner's wish for the mailbox on the server from being done."""
    row = getattr(mailbox, "tidying", None)
    return sentence(Trouble(row.error_code), row.error_words) if row and row.error_code else ""


def own_mailbox(shop: Shop, mailbox_id: int | None) -> Mailbox | None:
    """The shop's mailbox with this number, None for a new one. Raises Http404."""
    if mailbox_id is None:
        return None
    found = queries.mailbox_of(shop, mailbox_id)
    if found is None:
        raise Http404
    return found


def _spam_form(shop: Shop) -> SpamForm:
    return SpamForm(initial={"judge": queries.spam_judge_of(shop.pk)})


def _initial(found: Mailbox | None, shop: Shop) -> dict[str, Any]:
    if found is not None:
        return initial_of(found)
    since = timezone.localdate(clock.now() - FIRST_LOOK_BACK)
    return {"address": shop.contact_mail, "take_in_since_on": since, "is_active": True}


def _form_page(
    request: HttpRequest,
    found: Mailbox | None,
    form: MailboxForm,
    *,
    findings: list[Finding] | None = None,
    status: int = 200,
) -> HttpResponse:
    judge = queries.spam_judge_of(request.by.shop_id).label  # type: ignore[attr-defined]
    context = {"mailbox": found, "form": form, "findings": findings or [], "spam_judge": judge}
    return render(request, "email/mailbox.html", context, status=status)


def _findings(form: MailboxForm, found: Mailbox | None) -> list[Finding]:
    stated = form.settings()
    try:
        imap, smtp = servers_of(stated, found)
    except MailTrouble as trouble:
        return [Finding(False, trouble.sentence)]
    findings = try_imap(imap) if imap else [Finding(False, _("No IMAP server is filled in, so nothing is fetched."))]
    if smtp:
        return findings + try_smtp(smtp, stated.address)
    return [*findings, Finding(False, _("No SMTP server is filled in, so nothing can be sent."))]


def fetch_soon(mailbox: Mailbox) -> None:
    """Have a mailbox fetched by the next free worker."""
    if mailbox.is_active and mailbox.imap_host:
        enqueue(
            "anshin.channels.email.jobs.fetch_mailbox",
            mailbox.pk,
            now=clock.now(),
            unique_key=f"fetch:{mailbox.pk}",
            shop_id=mailbox.shop_id,
        )


def _day(said: str, today: date) -> date:
    if not said:
        return today
    try:
        return min(datetime.strptime(said, "%Y-%m-%d").date(), today)  # noqa: DTZ007  a day, no moment
    except ValueError as error:
        raise Http404 from error
