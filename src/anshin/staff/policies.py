"""The policy of returns: its versions, one of them to read, what differs, and the texts made from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.returns.actions import policies as actions
from anshin.returns.queries import policies as queries
from anshin.returns.terms import PolicyState
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.policy_forms import NoticeForm, ShownForm
from anshin.staff.policy_words import NOTICE, by_part

if TYPE_CHECKING:
    from anshin.returns.models import Policy
    from anshin.shops.models import Membership

LANGUAGES = (
    ("ja", "日本語"),
    ("en", "English"),
    ("zh-Hans", "简体中文"),
    ("zh-Hant", "繁體中文"),
    ("ko", "한국어"),
)
KINDS = (
    ("law", gettext_lazy("Page of the 特定商取引法")),
    ("full", gettext_lazy("Whole policy with numbers")),
    ("help", gettext_lazy("Help page")),
    ("portal", gettext_lazy("Customers’ page")),
    ("order", gettext_lazy("Order confirmation")),
)
SECTION = "policy"


@desk(Permission.SET_POLICY)
def policies(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """All versions, drafts among them."""
    now = clock.now()
    try:
        page = queries.policies(by.shop, cursor=request.GET.get("page", ""))
    except BadCursor:
        return redirect("staff:policies", by.shop.slug)
    current = queries.policy_at(by.shop, now)
    shown = queries.shown_of(current) if current else queries.Shown()
    context = {
        "rows": [_row(each, current, now) for each in page.items],
        "page": page,
        "has_policy": current is not None,
        "warnings": by_part(queries.flaws_of(queries.content_of(current), shown))["shown"] if current else [],
        "now": now,
    }
    return _shown(request, "staff/policies.html", context)


@require_POST
@desk(Permission.SET_POLICY)
def new(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Begin a draft, empty or from another version."""
    given = request.POST.get("source", "")
    source_id = int(given) if given.isdecimal() else None
    policy = actions.start_draft(by=by, source_id=source_id, now=clock.now())
    return redirect("staff:policy", by.shop.slug, policy.pk)


@require_POST
@desk(Permission.SET_POLICY)
def remove(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Throw a draft away."""
    actions.remove_draft(by=by, policy_id=pk, now=clock.now())
    messages.success(request, _("The draft is gone."))
    return redirect("staff:policies", by.shop.slug)


@require_POST
@desk(Permission.SET_POLICY)
def withdraw(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Make a draft again of a version that has not begun."""
    actions.withdraw(by=by, policy_id=pk, now=clock.now())
    messages.success(request, _("The version is a draft again."))
    return redirect("staff:policy", by.shop.slug, pk)


@require_POST
@desk(Permission.SET_POLICY)
def shown(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Tell since when the terms of a published version stand on the shop's pages."""
    form = ShownForm(request.POST)
    if not form.is_valid():
        return read_page(request, by, found(by, pk), form=form)
    for place, since_on, proof in form.told():
        actions.tell_showing(by=by, policy_id=pk, where=place, since_on=since_on, proof=proof, now=clock.now())
    messages.success(request, _("Saved."))
    return redirect("staff:policy", by.shop.slug, pk)


@desk(Permission.READ_CASES)
def texts(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """The texts for customers, to copy."""
    policy = found(by, pk)
    kind = request.GET.get("kind", "law")
    language = request.GET.get("language", "ja")
    if kind not in dict(KINDS) or language not in dict(LANGUAGES):
        raise Http404
    document = queries.document_of(
        queries.content_of(policy), kind, label=queries.label_of(policy, language), language=language
    )
    context = {
        "policy": policy,
        "name": name_of(policy),
        "document": document,
        "kinds": [{"code": code, "label": label, "on": code == kind} for code, label in KINDS],
        "languages": [
            {"code": code, "label": label, "on": code == document.language}
            for code, label in LANGUAGES
            if kind != "law" or code == "ja"
        ],
    }
    return _shown(request, "staff/policy_texts.html", context)


@desk(Permission.SET_POLICY)
def compare(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """What differs between a version and another one, by default the one in force."""
    policy = found(by, pk)
    others = [each for each in queries.published_policies(by.shop)[:50] if each.pk != pk]
    given = request.GET.get("with", "")
    earlier = [each for each in others if _begins(each) < _begins(policy)]
    other = next((each for each in others if str(each.pk) == given), None) or next(iter(earlier or others), None)
    before, after = sorted((other, policy), key=_begins) if other else (None, policy)
    context = {
        "policy": policy,
        "name": name_of(policy),
        "others": [{"pk": each.pk, "label": name_of(each), "on": other == each} for each in others],
        "before": name_of(before) if before else "",
        "after": name_of(after),
        "changes": queries.changes_between(queries.content_of(before), queries.content_of(after)) if before else [],
    }
    return _shown(request, "staff/policy_compare.html", context)


@desk(Permission.SET_POLICY)
def notice(request: HttpRequest, by: Membership) -> HttpResponseBase:  # noqa: ARG001  the shop's page is pasted
    """Look through the page of the law that the shop has now."""
    form = NoticeForm(request.POST or None)
    findings: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        findings = [
            {
                "name": NOTICE[each.code][0],
                "ok": each.ok,
                "words": "" if each.ok else str(NOTICE[each.code][1]) % {"about": each.about},
            }
            for each in queries.look_through(form.cleaned_data["text"])
        ]
    context = {"form": form, "findings": findings, "is_good": bool(findings) and all(each["ok"] for each in findings)}
    return _shown(request, "staff/policy_notice.html", context, status=422 if form.errors else 200)


def found(by: Membership, pk: int) -> Policy:
    """The version; drafts are for those who write them. Raises Http404."""
    policy = queries.policy_by_id(by.shop, pk)
    if policy is None or (policy.state == PolicyState.DRAFT and not may(by, Permission.SET_POLICY)):
        raise Http404
    return policy


def read_page(request: HttpRequest, by: Membership, policy: Policy, form: ShownForm | None = None) -> HttpResponseBase:
    """A published version: its articles, since when it holds, where its terms stand."""
    now = clock.now()
    current = queries.policy_at(by.shop, now)
    content = queries.content_of(policy)
    language = request.GET.get("language", "ja")
    context = {
        "policy": policy,
        "name": name_of(policy),
        "state": _state(policy, current, now),
        "articles": queries.articles_of(content, language if language in dict(LANGUAGES) else "ja"),
        "languages": [{"code": code, "label": label, "on": code == language} for code, label in LANGUAGES],
        "language": language,
        "may_change": may(by, Permission.SET_POLICY),
        "form": form or ShownForm(initial=shown_values(policy)),
        "flaws": by_part(queries.flaws_of(content, queries.shown_of(policy))),
        "is_coming": policy.in_force_at is not None and policy.in_force_at > now,
        "now": now,
    }
    return _shown(request, "staff/policy.html", context, status=422 if form and form.errors else 200)


def shown_values(policy: Policy) -> dict[str, Any]:
    """What the form about the two places begins with."""
    values: dict[str, Any] = {}
    for where, row in queries.showings_of(policy).items():
        values |= {where: row.since_on, f"{where}_proof": row.proof}
    return values


def name_of(policy: Policy) -> str:
    """“2026年4月1日版”, or “Draft of 3 November”."""
    label = queries.label_of(policy, "ja" if get_language() == "ja" else "en")
    return label or _("Draft of %(on)s") % {"on": timezone.localtime(policy.created_at).strftime("%Y-%m-%d %H:%M")}


def _row(policy: Policy, current: Policy | None, now: datetime) -> dict[str, Any]:
    who = policy.published_by or policy.created_by
    content = queries.content_of(policy)
    return {
        "pk": policy.pk,
        "name": name_of(policy),
        "state": _state(policy, current, now),
        "who": str(who.person) if who else "",
        "at": policy.published_at or policy.changed_at,
        "days": content.days if content.accepts else None,
        "accepts": content.accepts,
        "defect_days": content.defect_days,
        "is_draft": policy.state == PolicyState.DRAFT,
    }


def _state(policy: Policy, current: Policy | None, now: datetime) -> dict[str, Any]:
    """A tag: kind, icon and words."""
    if policy.in_force_at is None:
        return {"kind": "", "icon": "pencil", "words": _("Draft")}
    if current is not None and policy.pk == current.pk:
        return {"kind": "good", "icon": "check", "words": _("In force")}
    if policy.in_force_at > now:
        return {"kind": "info", "icon": "clock", "words": _("Will be in force")}
    return {"kind": "", "icon": "history", "words": _("Former version")}


def _begins(policy: Policy) -> datetime:
    """When orders go by it; a draft comes after everything that is published."""
    return policy.in_force_at or datetime.max.replace(tzinfo=UTC)


def tomorrow() -> date:
    """The day after today on the shop's clock."""
    return timezone.localdate(clock.now()) + timedelta(days=1)


def _shown(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponseBase:
    request.desk_section = SECTION  # type: ignore[attr-defined]
    return render(request, template, context, status=status)
