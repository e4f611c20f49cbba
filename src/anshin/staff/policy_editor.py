"""Writing a version of the policy: the form, the live preview with its checks, publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.plumbing import clock
from anshin.returns.actions import policies as actions
from anshin.returns.queries import policies as queries
from anshin.returns.terms import PolicyState
from anshin.shops.actions import Refused
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.policies import LANGUAGES, SECTION, found, name_of, read_page, shown_values, tomorrow
from anshin.staff.policy_forms import PolicyForms, PublishForm, ShownForm
from anshin.staff.policy_words import by_part

if TYPE_CHECKING:
    from anshin.returns.models import Policy
    from anshin.returns.queries.policies import PolicyContent
    from anshin.shops.models import Membership


@desk(Permission.READ_CASES)
def policy(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A draft to write, or a published version to read."""
    version = found(by, pk)
    if version.state != PolicyState.DRAFT:
        return read_page(request, by, version)
    stored = queries.as_stored(queries.content_of(version))
    if request.method != "POST":
        return _page(request, version, PolicyForms(stored), ShownForm(initial=shown_values(version)))
    forms, shown = PolicyForms(stored, request.POST), ShownForm(request.POST)
    if not (forms.is_valid() and shown.is_valid()):
        return _page(request, version, forms, shown, status=422)
    try:
        _save(by, version, forms, shown)
    except Refused as refusal:
        forms.main.add_error(None, str(refusal))
        return _page(request, version, forms, shown, status=422)
    if request.POST.get("do") != "publish":
        messages.success(request, _("The draft is saved."))
        return redirect("staff:policy", by.shop.slug, pk)
    return _publish(request, by, version, forms, shown)


@require_POST
@desk(Permission.SET_POLICY)
def preview(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """How it reads and what is wrong with it, while it is being written; nothing is saved."""
    version = found(by, pk)
    forms, shown = PolicyForms(queries.as_stored(queries.content_of(version)), request.POST), ShownForm(request.POST)
    shown.is_valid()
    context = _preview(_written(version, forms), _told(shown), request.POST.get("language", "ja"))
    return render(request, "staff/_policy_preview.html", context | {"is_live": True})


def _save(by: Membership, version: Policy, forms: PolicyForms, shown: ShownForm) -> None:
    now = clock.now()
    actions.save_draft(by=by, policy_id=version.pk, content=forms.content(), now=now)
    for place, since_on, proof in shown.told():
        actions.tell_showing(by=by, policy_id=version.pk, where=place, since_on=since_on, proof=proof, now=now)


def _publish(
    request: HttpRequest, by: Membership, version: Policy, forms: PolicyForms, shown: ShownForm
) -> HttpResponseBase:
    """What was written is saved already; a refusal to publish leaves the draft."""
    day = PublishForm(request.POST)
    if not day.is_valid():
        return _page(request, version, forms, shown, day=day, status=422)
    try:
        done = actions.publish(by=by, policy_id=version.pk, valid_from=day.cleaned_data["valid_from"], now=clock.now())
    except Refused as refusal:
        day.add_error("valid_from", str(refusal))
        return _page(request, version, forms, shown, day=day, status=422)
    messages.success(request, _("“%(name)s” is published.") % {"name": name_of(done)})
    return redirect("staff:policy", by.shop.slug, version.pk)


def _page(
    request: HttpRequest,
    version: Policy,
    forms: PolicyForms,
    shown: ShownForm,
    *,
    day: PublishForm | None = None,
    status: int = 200,
) -> HttpResponseBase:
    request.desk_section = SECTION  # type: ignore[attr-defined]
    content = _written(version, forms)
    forms.mark_wanted()
    context = {
        "policy": version,
        "name": name_of(version),
        "form": forms.main,
        "kinds": forms.kinds,
        "products": forms.products,
        "product_count": len(forms.products),
        "shown": shown,
        "day": day or PublishForm(initial={"valid_from": tomorrow()}),
        "today": timezone.localdate(clock.now()),
        "has_errors": any(each.errors for each in forms.all),
    }
    context |= _preview(content, queries.shown_of(version) if not shown.is_bound else _told(shown), "ja")
    return render(request, "staff/policy_edit.html", context, status=status)


def _written(version: Policy, forms: PolicyForms) -> PolicyContent:
    """What stands in the form; what is stored while something in it cannot be read."""
    if not forms.main.is_bound or not forms.is_valid():
        return queries.content_of(version)
    return queries.as_content(forms.content())


def _told(shown: ShownForm) -> queries.Shown:
    days = {place: since_on for place, since_on, _proof in shown.told()} if shown.is_valid() else {}
    return queries.Shown(days.get("cart"), days.get("final_page"))


def _preview(content: PolicyContent, shown: queries.Shown, language: str) -> dict[str, Any]:
    written = language if language in dict(LANGUAGES) else "ja"
    flaws = queries.flaws_of(content, shown)
    return {
        "articles": queries.articles_of(content, written),
        "languages": [{"code": code, "label": label, "on": code == written} for code, label in LANGUAGES],
        "language": written,
        "flaws": by_part(flaws),
        "grave_count": sum(each.is_grave for each in flaws),
        "is_live": False,
    }
