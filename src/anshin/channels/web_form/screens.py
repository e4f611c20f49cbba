"""The public pages /f/<shop>/: what is it about, the questions that fit, the receipt.

No account, no script needed. Nothing here says whether an order or a customer exists.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from anshin.cases.queries import answer_due
from anshin.cases.terms import Channel
from anshin.channels.web_form import queries, tickets
from anshin.channels.web_form.forms import IntakeForm
from anshin.channels.web_form.sending import Sent, send
from anshin.channels.web_form.terms import INTAKE, QUESTIONS, TROUBLES, Fate, Kind
from anshin.plumbing import clock
from anshin.plumbing.files.limits import LARGEST_TOTAL_BYTES
from anshin.plumbing.pages import dates
from anshin.shops.queries import shop_by_slug

if TYPE_CHECKING:
    from anshin.channels.web_form.models import Submission
    from anshin.shops.models import Shop

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, "Shop", P], HttpResponse]
log = logging.getLogger(__name__)
LARGEST_REQUEST_BYTES = LARGEST_TOTAL_BYTES + 1024 * 1024


def public(view: Page[P]) -> Callable[..., HttpResponse]:
    """A page of one shop for everybody: 404 for a shop that does not exist, 413 before a huge request is read."""
    guarded = csrf_protect(view)

    @csrf_exempt  # here, so that the size is looked at before the body is
    @never_cache
    @wraps(view)
    def page(request: HttpRequest, shop: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = shop_by_slug(shop)
        if found is None:
            raise Http404
        with timezone.override(ZoneInfo(found.zone)):
            if _is_too_large(request):
                return render(request, "web_form/too_large.html", {"shop": found}, status=413)
            return guarded(request, found, *args, **kwargs)

    return page


@require_http_methods(["GET", "HEAD", "POST"])
@public
def choose(request: HttpRequest, shop: Shop) -> HttpResponse:
    """The first step. Sending anything without having chosen leads back here with a sentence."""
    context = {
        "shop": shop,
        "stages": _stages(1),
        "groups": [
            {"label": _("There is a problem"), "choices": _choices(TROUBLES, request)},
            {"label": _("Questions and changes"), "choices": _choices(QUESTIONS, request)},
        ],
        "refused": request.method == "POST",
    }
    return render(request, "web_form/choose.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@public
def fill_in(request: HttpRequest, shop: Shop, kind: str) -> HttpResponse:
    """The second step; what was sent is kept first, then becomes a case or comes back with what is missing."""
    if kind not in Kind.values:
        raise Http404
    if request.method != "POST":
        form = IntakeForm(shop=shop, kind=Kind(kind), initial={"order_number": request.GET.get("order", "")[:60]})
        return _form_page(request, shop, form)
    sent = send(request, shop, Kind(kind), now=clock.now())
    if sent.form is None and sent.submission is not None:
        return redirect("web_form:received", shop.slug, tickets.receipt_code(sent.submission.pk))
    return _form_page(request, shop, sent.form or IntakeForm(shop=shop, kind=Kind(kind)), sent)


@require_GET
@public
def received(request: HttpRequest, shop: Shop, code: str) -> HttpResponse:
    """The receipt: the number, and until when we answer. 404 for an address that was made up or is a day old."""
    submission_id = tickets.read_receipt_code(code)
    submission = queries.submission_by_id(shop, submission_id) if submission_id else None
    if submission is None or submission.fate not in {Fate.TAKEN_IN, Fate.STORED, Fate.FAILED}:
        raise Http404
    return render(request, "web_form/received.html", _receipt(shop, submission))


def _form_page(request: HttpRequest, shop: Shop, form: IntakeForm, sent: Sent | None = None) -> HttpResponse:
    """The second step's page, with the ticket it had or a fresh one."""
    now = clock.now()
    submission = sent.submission if sent else None
    ticket = sent.ticket if sent and sent.ticket else tickets.new_ticket(shop.pk, now=now)[1]
    context = {
        "shop": shop,
        "stages": _stages(2),
        "kind": form.kind,
        "form": form,
        "ticket": ticket,
        "asked": " ".join(sorted(form.asked)),
        "files": list(submission.files.order_by("id")) if submission else [],
        "sentence": sent.sentence if sent else "",
        "bad_fields": [form[name] for name in form.errors if name in form.fields] if form.is_bound else [],
    }
    return render(request, "web_form/fill_in.html", context, status=sent.status if sent else 200)


def _choices(kinds: tuple[Kind, ...], request: HttpRequest) -> list[dict[str, Any]]:
    order = request.GET.get("order", "")[:60]
    return [{"kind": kind.value, "label": kind.label, "icon": INTAKE[kind].icon, "order": order} for kind in kinds]


def _stages(at: int) -> list[dict[str, str]]:
    labels = [_("What is it about"), _("Details"), _("Done")]
    states = ["done" if number < at else "now" if number == at else "todo" for number in range(1, 4)]
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def _receipt(shop: Shop, submission: Submission) -> dict[str, Any]:
    case = submission.message.case if submission.message else None
    zone = ZoneInfo(shop.zone)
    topic = case.topic if case else ""
    due_at = answer_due(shop, channel=Channel.WEB_FORM, topic=topic, at=submission.received_at)
    due_on = due_at.astimezone(zone).date()
    today = clock.now().astimezone(zone).date()
    language = get_language() or "ja"
    return {
        "shop": shop,
        "stages": _stages(4),
        "number": case.number if case else "",
        "due_day": dates.full_day(due_on, language=language, with_year=due_on.year != today.year),
        "mail": submission.mail_key,
    }


def _is_too_large(request: HttpRequest) -> bool:
    stated = str(request.META.get("CONTENT_LENGTH") or 0)
    return not stated.isdecimal() or int(stated) > LARGEST_REQUEST_BYTES
