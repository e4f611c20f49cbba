"""From a sent page to a kept submission to a case, and what to tell the customer when it goes no further."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.channels.web_form import actions, queries, rules, tickets, uploads
from anshin.channels.web_form.forms import IntakeForm
from anshin.channels.web_form.terms import Fate, Kind
from anshin.language.mails import mail_key
from anshin.plumbing import callers
from anshin.plumbing.files.limits import FileRefused, check_total
from anshin.plumbing.files.store import StorageTrouble

if TYPE_CHECKING:
    from anshin.channels.web_form.models import Submission
    from anshin.shops.models import Shop

log = logging.getLogger(__name__)
_VALUES = ("text", "order_number", "bought", "product", "since", "wish", "name", "mail", "phone", "website", "asked")


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a sent page. `form` is None when it is kept for good; `ticket` is the one to send again with."""

    submission: Submission | None
    form: IntakeForm | None
    ticket: str = ""
    sentence: str = ""
    status: int = 422


def send(request: HttpRequest, shop: Shop, kind: Kind, *, now: datetime) -> Sent:
    """Keep what was sent, then make a case of it."""
    signed = request.POST.get("ticket", "")
    ticket = tickets.read_ticket(shop.pk, signed, now=now)
    if ticket is None:
        words = _("This page had been open for too long. Nothing is lost: please look it over and send it again.")
        return Sent(None, _as_written(request, shop, kind), sentence=words)
    known = queries.submission_by_nonce(shop, ticket.nonce)
    if known is not None and known.fate in {Fate.TAKEN_IN, Fate.FAILED}:
        return Sent(known, None)
    address_key = _address_key(request)
    if _is_too_often(request, shop, address_key, ticket.nonce, now):
        words = _("Many messages came from you within an hour. Please wait a while, then send this one again.")
        return Sent(known, _as_written(request, shop, kind), signed, words, status=429)
    seconds = int((now - ticket.drawn_at).total_seconds())
    try:
        submission = _store(
            request,
            shop,
            kind,
            nonce=ticket.nonce,
            known=known,
            address_key=address_key,
            seconds=seconds,
            now=now,
        )
    except StorageTrouble:
        log.exception("A submission of the contact form could not be kept")
        words = _("We could not keep what you sent. Please try again in a few minutes; what you wrote stays here.")
        return Sent(known, _as_written(request, shop, kind), signed, words, status=503)
    return Sent(submission, _take_in(submission, now), signed)


def _store(
    request: HttpRequest,
    shop: Shop,
    kind: Kind,
    *,
    nonce: str,
    known: Submission | None,
    address_key: str,
    seconds: int,
    now: datetime,
) -> Submission:
    dropped = [int(pk) for pk in request.POST.getlist("drop") if pk.isdecimal() and len(pk) < 19]
    already = known.files.exclude(pk__in=dropped).count() if known else 0
    kept, refused = _files(request, shop, already, now)
    values: dict[str, Any] = {name: request.POST.get(name, "") for name in _VALUES}
    return actions.store(
        shop=shop,
        nonce=nonce,
        kind=kind,
        language=get_language() or "ja",
        values=values | {"seconds": seconds, "refused_files": refused},
        files=kept,
        dropped_ids=dropped,
        address_key=address_key,
        now=now,
    )


def _files(request: HttpRequest, shop: Shop, already: int, now: datetime) -> tuple[list[actions.KeptFile], list[str]]:
    uploaded = request.FILES.getlist("photos")
    try:
        check_total([upload.size or 0 for upload in uploaded])
    except FileRefused as refusal:
        return [], [str(refusal)]
    return uploads.keep_fit(shop.pk, uploaded, already=already, now=now)


def _take_in(submission: Submission, now: datetime) -> IntakeForm | None:
    """The form with errors, or None. What breaks here is kept and worked off by a job: the customer need not know."""
    try:
        return actions.take_in(submission_id=submission.pk, now=now)
    except Exception:
        log.exception("Submission %s is kept and will be taken in by a job", submission.pk)
        return None


def _as_written(request: HttpRequest, shop: Shop, kind: Kind) -> IntakeForm:
    """The page with what was typed, without looking for mistakes."""
    form = IntakeForm(shop=shop, kind=kind, initial={name: request.POST.get(name, "") for name in _VALUES})
    form.asked = set(request.POST.get("asked", "").split())
    return form


def _is_too_often(request: HttpRequest, shop: Shop, address_key: str, nonce: str, now: datetime) -> bool:
    since = now - rules.RATE_WINDOW
    mail = mail_key(request.POST.get("mail", ""))[:320]
    from_here = queries.sent_from_address(shop, address_key, since=since, except_nonce=nonce)
    if from_here >= rules.most_from(_address(request)):
        return True
    return bool(mail) and queries.sent_by_mail(shop, mail, since=since, except_nonce=nonce) >= rules.MOST_PER_MAIL


def _address(request: HttpRequest) -> str:
    return callers.neighbourhood(
        callers.client_address(
            peer=request.META.get("REMOTE_ADDR", ""),
            forwarded_for=request.headers.get("X-Forwarded-For", ""),
            proxies=settings.ANSHIN_PROXIES,
        )
    )


def _address_key(request: HttpRequest) -> str:
    """The network address as a keyed hash: enough for counting, useless for finding somebody."""
    return salted_hmac("web_form.address", _address(request)).hexdigest()[:64]
