"""What is done on the page of a product-safety notice. A refusal stands beside the form it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.plumbing import clock
from anshin.safety import actions, queries
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.safety import SECTION, looked_at
from anshin.staff.safety_page import page_of

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.shops.models import Membership

_MOST_DIGITS = 18
Doing = Callable[[HttpRequest, "Membership", "Advisory", datetime], str]


def posted(permission: Permission, *, form: str) -> Callable[[Doing], Callable[..., HttpResponseBase]]:
    """An address that does one thing to a notice and leads back to it; `form` names where a refusal is shown."""

    def made(doing: Doing) -> Callable[..., HttpResponseBase]:
        @require_POST
        @desk(permission)
        @wraps(doing)
        def view(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:
            now = clock.now()
            advisory = found(by, key)
            try:
                said = doing(request, by, advisory, now)
            except NotAllowed:
                raise
            except actions.UnknownAdvisory as error:
                raise Http404 from error
            except Refused as refusal:
                return refused(request, by, key, now, {form: str(refusal)})
            messages.success(request, said)
            if queries.advisory_by_key(by, key) is None:  # who took themselves off
                return redirect("staff:safety", by.shop.slug)
            return redirect(f"{address('safety_page', by.shop.slug, key)}#{form}")

        return view

    return made


def found(by: Membership, key: str) -> Advisory:
    """The notice for this person. Raises Http404."""
    advisory = queries.advisory_by_key(by, key)
    if advisory is None:
        raise Http404
    return advisory


def refused(request: HttpRequest, by: Membership, key: str, now: datetime, errors: dict[str, str]) -> HttpResponseBase:
    """The page again, with what was typed and why it was refused."""
    typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    request.desk_section = SECTION  # type: ignore[attr-defined]
    context = page_of(by, looked_at(by, key, now), now, errors=errors, typed=typed)
    return render(request, "staff/safety_page.html", context, status=422)


@posted(Permission.APPROVE_SAFETY, form="approval")
def approve(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """Approve what was seen (version=)."""
    actions.approve(by=by, advisory_id=advisory.pk, seen_version=number(request, "version"), now=now)
    if advisory.number is not None:
        return _("Approved. The correction is public now.")
    return _("Approved. It becomes public by itself at the publication time.")


@posted(Permission.PREPARE_SAFETY, form="audience")
def wide(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """Say a second time that half of the catalogue is meant (products=: how many were seen)."""
    actions.confirm_wide(by=by, advisory_id=advisory.pk, products=number(request, "products"), now=now)
    return _("Written down: all of these products are meant.")


@posted(Permission.APPROVE_SAFETY, form="approval")
def send_back(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """Not as it is: words= says what has to change."""
    actions.send_back(by=by, advisory_id=advisory.pk, words=request.POST.get("words", "")[:500], now=now)
    return _("Sent back. The author reads your words on this page.")


@posted(Permission.PREPARE_SAFETY, form="preparations")
def prepare(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """done= or undone= ticks one of the list, words= with due= adds one."""
    for name, is_done in (("done", True), ("undone", False)):
        if name in request.POST:
            actions.tick(by=by, advisory_id=advisory.pk, preparation_id=number(request, name), is_done=is_done, now=now)
            return _("Written down.")
    due = local_moment(request.POST.get("due", ""), by.shop.zone)
    added = actions.add_preparation(by=by, advisory_id=advisory.pk, words=request.POST.get("words", ""), due_at=due)
    if added is None:
        raise Refused(_("Write what has to be done."))
    return _("Added to the list.")


@posted(Permission.PREPARE_SAFETY, form="people")
def people(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """name= lets a colleague see it, remove= takes somebody off."""
    if "remove" in request.POST:
        actions.remove_insider(by=by, advisory_id=advisory.pk, membership_id=number(request, "remove"), now=now)
        return _("That person does not see the notice any more.")
    actions.name_insider(by=by, advisory_id=advisory.pk, membership_id=number(request, "name"), now=now)
    return _("That person sees the notice from now on. Tell them yourself: no mail is sent.")


@posted(Permission.PREPARE_SAFETY, form="time")
def move(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """at= (day and time of that zone), zone=, is_published=1 for a publisher who has already."""
    zone = request.POST.get("zone", "")
    told = request.POST.get("at", "")
    at = local_moment(told, zone)
    if told and at is None:
        raise actions.TimeWithoutZone
    actions.move_time(
        by=by,
        advisory_id=advisory.pk,
        publish_at=at,
        zone=zone,
        is_published=request.POST.get("is_published") == "1",
        now=now,
    )
    return _("The publication time is moved. Page and mails follow it.")


@posted(Permission.APPROVE_SAFETY, form="release")
def release(_request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """After the publication time, when it has not become public by itself. Earlier it is refused."""
    ahead = clock.ahead_of_database()
    actions.release_by_hand(by=by, advisory_id=advisory.pk, now=now, ahead=ahead)
    return _("It is public now. Page and mails follow.")


@posted(Permission.PREPARE_SAFETY, form="end")
def withdraw(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """The publisher takes it back: words= says why."""
    actions.withdraw(by=by, advisory_id=advisory.pk, words=request.POST.get("words", "")[:500], now=now)
    return _("Withdrawn.")


@posted(Permission.APPROVE_SAFETY, form="end")
def close(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """Remind nobody any more: words= says why."""
    actions.close(by=by, advisory_id=advisory.pk, words=request.POST.get("words", "")[:500], now=now)
    return _("Closed. The notice stays on the product page.")


@posted(Permission.APPROVE_SAFETY, form="end")
def reopen(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """Go on with a closed one: words= says why."""
    actions.reopen(by=by, advisory_id=advisory.pk, words=request.POST.get("words", "")[:500], now=now)
    return _("Opened again. Whoever has not answered is reminded again.")


@posted(Permission.APPROVE_SAFETY, form="reminders")
def remind(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """every= days, most= times; 0 days: nobody is reminded."""
    told = (number(request, "every"), number(request, "most"))
    try:
        actions.set_reminders(by=by, advisory_id=advisory.pk, every_days=told[0], most=told[1], now=now)
    except ValueError as error:
        raise Refused(_("Write days from 0 to 365 and times from 0 to 24.")) from error
    return _("Written down.")


@posted(Permission.PREPARE_SAFETY, form="products")
def match(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """meant= or other= decides a proposal; affected= with product= chooses by hand."""
    for name, is_meant in (("meant", True), ("other", False)):
        if name in request.POST:
            actions.decide(by=by, advisory_id=advisory.pk, match_id=number(request, name), is_meant=is_meant, now=now)
            return _("Confirmed.") if is_meant else _("Rejected. Its buyers are not told.")
    actions.choose(
        by=by,
        advisory_id=advisory.pk,
        affected_id=number(request, "affected"),
        product_id=number(request, "product"),
        now=now,
    )
    return _("Confirmed.")


def number(request: HttpRequest, name: str) -> int:
    """A number of ours from a form. Raises Http404."""
    told = request.POST.get(name, "")
    if not told.isascii() or not told.isdecimal() or len(told) > _MOST_DIGITS:
        raise Http404
    return int(told)


def local_moment(told: str, zone: str) -> datetime | None:
    """Day and time of a zone as a moment; None for none, and where either makes no sense."""
    try:
        read = datetime.fromisoformat(told)
        there: Any = ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        return None
    return read.replace(tzinfo=there) if read.tzinfo is None else None
