"""How far a public product-safety notice got: as a page, as CSV, as PDF; and the estimate of what is thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anshin.plumbing import clock
from anshin.safety import actions, queries
from anshin.safety.ports import report_papers
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff import safety_audience
from anshin.staff import safety_report_words as words
from anshin.staff.desk import desk, is_fragment
from anshin.staff.safety import SECTION
from anshin.staff.safety_words import name_of

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.shops.models import Membership

_MOST_DIGITS = 9


@require_http_methods(["GET", "HEAD", "POST"])
@desk(Permission.READ_CASES)
def report(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:
    """The figures; a POST with pieces= and ground= keeps an estimate of what is thrown away."""
    advisory, now = _public(by, key), clock.now()
    if request.method != "POST":
        return _drawn(request, by, advisory, now)
    try:
        actions.estimate_scrapped(
            by=by,
            advisory_id=advisory.pk,
            items=_items(request.POST.get("pieces", "")),
            ground=request.POST.get("ground", ""),
            now=now,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        typed = {name: request.POST.get(name, "") for name in ("pieces", "ground")}
        return _drawn(request, by, advisory, now, error=str(refusal), typed=typed)
    messages.success(request, _("Written down: the corrected rate is calculated with it."))
    return redirect(request.path)


@require_GET
@desk(Permission.READ_CASES)
def progress(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:
    """How far the mails are and what buyers answered: the part of the notice's page that changes while mails leave."""
    if not is_fragment(request):
        return redirect("staff:safety_page", by.shop.slug, key)
    advisory = _public(by, key)
    going = safety_audience.going(by, advisory, clock.now())
    return render(request, "staff/_safety_progress.html", {"advisory": advisory, "going": going})


@require_GET
@desk(Permission.READ_CASES)
def report_csv(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """The same for a spreadsheet."""
    advisory, now = _public(by, key), clock.now()
    told = words.paper(advisory, queries.report(advisory, now=now), now=now)
    answer = HttpResponse(words.as_csv(told), content_type="text/csv; charset=utf-8")
    return _as_file(answer, advisory, "attachment", "csv")


@require_GET
@desk(Permission.READ_CASES)
def report_pdf(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """The same on paper."""
    advisory, now = _public(by, key), clock.now()
    told = words.paper(advisory, queries.report(advisory, now=now), now=now)
    answer = HttpResponse(report_papers.get().pdf(told), content_type="application/pdf")
    return _as_file(answer, advisory, "inline", "pdf")


def _public(by: Membership, key: str) -> Advisory:
    """A notice that was made public. Raises Http404, for a sealed one too: there is nothing to report yet."""
    found = queries.advisory_by_key(by, key)
    if found is None or found.number is None:
        raise Http404
    return found


def _as_file(answer: HttpResponse, advisory: Advisory, how: str, ending: str) -> HttpResponse:
    answer["Content-Disposition"] = f'{how}; filename="{name_of(advisory)}-report.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _drawn(
    request: HttpRequest,
    by: Membership,
    advisory: Advisory,
    now: datetime,
    *,
    error: str = "",
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    found = queries.report(advisory, now=now)
    request.desk_section = SECTION  # type: ignore[attr-defined]
    context = {
        "advisory": advisory,
        "told": words.paper(advisory, found, now=now),
        "may_estimate": may(by, Permission.PREPARE_SAFETY),
        "most": found.target - found.done,
        "error": error,
        "typed": typed or {},
    }
    return render(request, "staff/safety_report.html", context, status=422 if error else 200)


def _items(typed: str) -> int:
    """A whole number, full-width digits too. Raises Refused."""
    plain = typed.strip().replace(",", "").replace("，", "")
    if not plain.isdecimal() or len(plain) > _MOST_DIGITS:
        raise Refused(_("Write the number of items in digits, like 120."))
    return int(plain)
