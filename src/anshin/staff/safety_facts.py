"""Writing down the facts of a product-safety notice: a new one, a change, one from a case; and its products."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anshin.commerce.queries import products_like
from anshin.plumbing import clock
from anshin.plumbing.files.limits import LARGEST_FILE_BYTES
from anshin.safety import actions, queries
from anshin.safety.terms import Facts, HazardClass, HazardType, Origin, Severity
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.case_page import find_case
from anshin.staff.desk import desk
from anshin.staff.safety import SECTION, looked_at
from anshin.staff.safety_forms import FactsForm, ProductForms, TimeForm, facts_initial, products_initial

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.safety.terms import Affected
    from anshin.shops.models import Membership

_LONGEST_TITLE = 200


@require_http_methods(["GET", "POST"])
@desk(Permission.PREPARE_SAFETY)
def new(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """A new one, sealed from its first moment and visible to its author alone."""
    now = clock.now()
    data = request.POST if request.method == "POST" else None
    form = FactsForm(
        data, request.FILES or None, initial={"severity": Severity.MEDIUM, "hazard_class": HazardClass.DANGER}
    )
    time, rows = TimeForm(data, initial={"publish_zone": by.shop.zone}), ProductForms(data, prefix="p")
    if data is not None and all([form.is_valid(), time.is_valid(), rows.is_valid()]):
        try:
            at, zone = time.moment(), time.cleaned_data["publish_zone"]
            chosen = _picture(by, form, None, now)
            facts = form.facts(_named(rows), publish_at=at, publish_zone=zone, picture=chosen)
            made = actions.draft(by=by, facts=facts, is_published=time.cleaned_data["is_published"], now=now)
        except NotAllowed:
            raise
        except Refused as refusal:
            _beside(form, time, refusal)
        else:
            messages.success(request, _("The notice is begun. Nobody but you sees it until you name somebody."))
            return redirect("staff:safety_page", by.shop.slug, made.key)
    return _page(request, {"form": form, "time": time, "rows": rows, "back": address("safety", by.shop.slug)})


@require_http_methods(["GET", "POST"])
@desk(Permission.PREPARE_SAFETY)
def facts(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:
    """Change the facts of one; its words become stale and an approval void."""
    now = clock.now()
    advisory = looked_at(by, key, now)
    data = request.POST if request.method == "POST" else None
    former = queries.facts_of(advisory)
    form = FactsForm(
        data, request.FILES or None, initial=facts_initial(former), needs_source=advisory.origin != Origin.INSIDE
    )
    rows = ProductForms(data, prefix="p", initial=products_initial(former))
    if data is not None and all([form.is_valid(), rows.is_valid()]):
        try:
            at, zone = former.publish_at, former.publish_zone
            chosen = _picture(by, form, former.picture, now)
            later = form.facts(_named(rows), publish_at=at, publish_zone=zone, picture=chosen)
            _change(by, advisory, later, data.get("version", ""), now)
        except NotAllowed:
            raise
        except Refused as refusal:
            _beside(form, None, refusal)
        else:
            messages.success(request, _("Saved. Words that no longer fit the facts are marked as out of date."))
            return redirect("staff:safety_page", by.shop.slug, key)
    back = address("safety_page", by.shop.slug, key)
    return _page(request, {"form": form, "rows": rows, "advisory": advisory, "back": back})


@require_POST
@desk(Permission.PREPARE_SAFETY)
def of_case(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """One click on a case: a sealed draft with its subject, for its author alone. Source and products come after."""
    case = find_case(by, number)
    begun = Facts(
        title=(case.subject or _("Case #%(number)s") % {"number": case.number})[:_LONGEST_TITLE],
        hazard_class=HazardClass.DANGER,
        hazard_type=HazardType.OTHER,
        severity=Severity.MEDIUM,
        publish_zone=by.shop.zone,
    )
    made = actions.draft(by=by, facts=begun, origin=Origin.INSIDE, case=case, now=clock.now())
    messages.success(request, _("The notice is begun. Nobody but you sees it until you name somebody."))
    return redirect("staff:safety_facts", by.shop.slug, made.key)


@never_cache
@require_GET
@desk(Permission.READ_CASES)
def picture(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """The picture of one notice, for whoever may know of it."""
    advisory = queries.advisory_by_key(by, key)
    found = queries.picture_bytes(queries.working_content(advisory)) if advisory else None
    if found is None:
        raise Http404
    return HttpResponse(found[0], content_type=found[1], headers={"X-Content-Type-Options": "nosniff"})


@require_GET
@desk(Permission.PREPARE_SAFETY)
def products(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:
    """Look for a product of the shop (?q=) that the publisher may mean."""
    advisory = looked_at(by, key, clock.now())
    asked = request.GET.get("q", "").strip()[:120]
    request.desk_section = SECTION  # type: ignore[attr-defined]
    context = {
        "advisory": advisory,
        "asked": asked,
        "found": products_like(by.shop, asked),
        "affected": list(advisory.products.order_by("position")),
        "back": address("safety_page", by.shop.slug, key),
    }
    return render(request, "staff/safety_products.html", context)


def _picture(by: Membership, form: FactsForm, former: int | None, now: datetime) -> int | None:
    """The picture that was chosen, else that of before. Raises BadPicture."""
    chosen = form.cleaned_data["photo"]
    if chosen is not None:
        if chosen.size > LARGEST_FILE_BYTES:
            raise actions.BadPicture
        return actions.keep_picture(by=by, content=chosen.read(), now=now)
    return None if form.cleaned_data["without_photo"] else former


def _change(by: Membership, advisory: Advisory, later: Facts, version: str, now: datetime) -> None:
    seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    actions.change_facts(by=by, advisory_id=advisory.pk, facts=later, seen_version=seen, now=now)


def _named(rows: Any) -> tuple[Affected, ...]:
    return tuple(row.affected() for row in rows if row.is_filled)


def _beside(form: FactsForm, time: TimeForm | None, refusal: Refused) -> None:
    """Put the refusal where it belongs."""
    if time is not None and isinstance(refusal, actions.PastTime | actions.TimeWithoutZone):
        time.add_error("publish_at", str(refusal))
    elif isinstance(refusal, actions.BadPicture):
        form.add_error("photo", str(refusal))
    elif isinstance(refusal, actions.SourceMissing):
        form.add_error("agency", str(refusal))
    elif isinstance(refusal, actions.BadSource):
        form.add_error("source_url", str(refusal))
    else:
        form.add_error(None, str(refusal))


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponseBase:
    request.desk_section = SECTION  # type: ignore[attr-defined]
    status = 422 if request.method == "POST" else 200
    return render(request, "staff/safety_facts.html", context, status=status)
