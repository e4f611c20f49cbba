"""The rules of a shop: written, tried on past cases, switched on, and what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from anshin.cases.queries import rows_of_cases
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.routing import actions, queries
from anshin.routing.actions import RuleRefused
from anshin.routing.terms import Deed, Definition, Effect
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk, is_fragment
from anshin.staff.rule_choices import RuleChoices
from anshin.staff.rule_forms import RuleDraft, draft_of, empty_draft, form_rows, is_redrawing, posted_draft
from anshin.staff.rule_words import deeds_words, rule_sentence

if TYPE_CHECKING:
    from anshin.routing.models import Rule, RuleRun, RuleVersion
    from anshin.shops.models import Membership

SECTION = "rules"


@desk(Permission.MAKE_RULES)
def rules(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """All rules in their order."""
    request.desk_section = SECTION  # type: ignore[attr-defined]
    choices, newest = RuleChoices(by), queries.versions_of(by.shop)
    found = queries.rules_of(by.shop)
    rows = [
        _row(rule, newest[rule.pk], choices) | {"is_first": place == 0, "is_last": place == len(found) - 1}
        for place, rule in enumerate(found)
    ]
    taken = {rule.prepared for rule in found}
    prepared = [
        {"code": code, "name": name, "sentence": rule_sentence(definition, choices)}
        for code, (name, definition) in actions.PREPARED.items()
        if code not in taken
    ]
    context = {"rows": rows, "prepared": prepared, "tab": "rules", "now": clock.now()}
    return render(request, "staff/rules.html", context)


@desk(Permission.MAKE_RULES)
def rule_new(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Write a rule."""
    draft = posted_draft(request.POST.dict()) if request.method == "POST" else empty_draft()
    return _edit(request, by, draft, rule=None)


@desk(Permission.MAKE_RULES)
def rule_edit(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Change a rule."""
    rule = _find(by, pk)
    if request.method == "POST":
        return _edit(request, by, posted_draft(request.POST.dict()), rule=rule)
    definition = queries.definition_of(queries.newest_version(rule))
    return _edit(request, by, draft_of(rule.name, definition) if definition else empty_draft(), rule=rule)


@desk(Permission.MAKE_RULES)
def rule(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One rule: what it says, what it would have done, what it did."""
    request.desk_section = SECTION  # type: ignore[attr-defined]
    found = _find(by, pk)
    version, choices = queries.newest_version(found), RuleChoices(by)
    try:
        runs = queries.runs_of_rule(found, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    context = {
        "rule": _row(found, version, choices),
        "version": version,
        "trial": _trial(by, version, choices),
        "runs": [_run(each, choices) for each in runs.items],
        "page": runs,
        "tab": "rules",
        "now": clock.now(),
    }
    return render(request, "staff/rule.html", context)


@require_POST
@desk(Permission.MAKE_RULES)
def rule_prepare(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Take a prepared rule."""
    taken = actions.prepare_rule(by=by, code=request.POST.get("code", ""), now=clock.now())
    messages.success(request, _("The rule is in the list. It is switched off."))
    return redirect("staff:rule", by.shop.slug, taken.pk)


@require_POST
@desk(Permission.MAKE_RULES)
def rule_try(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Look what the rule would have done, without doing it."""
    version = actions.try_rule(by=by, rule_id=pk, now=clock.now())
    said = ngettext(
        "Tried: it would have done something in %(count)s case. Nothing was changed.",
        "Tried: it would have done something in %(count)s cases. Nothing was changed.",
        len(version.tried_hits),
    )
    messages.success(request, said % {"count": len(version.tried_hits)})
    return redirect("staff:rule", by.shop.slug, pk)


@require_POST
@desk(Permission.MAKE_RULES)
def rule_on(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Let the rule work from now on."""
    found = actions.switch_on(by=by, rule_id=pk, now=clock.now())
    messages.success(request, _("“%(name)s” works from now on.") % {"name": found.name})
    return redirect("staff:rule", by.shop.slug, pk)


@require_POST
@desk(Permission.MAKE_RULES)
def rule_off(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Let the rule rest."""
    found = actions.switch_off(by=by, rule_id=pk, now=clock.now())
    messages.success(request, _("“%(name)s” is switched off. What it did stays.") % {"name": found.name})
    return redirect("staff:rule", by.shop.slug, pk)


@require_POST
@desk(Permission.MAKE_RULES)
def rule_move(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One place up or down."""
    actions.move_rule(by=by, rule_id=pk, up=request.POST.get("to") == "up", now=clock.now())
    return redirect("staff:rules", by.shop.slug)


@require_POST
@desk(Permission.MAKE_RULES)
def rule_remove(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Put the rule away; the page says how to get it back."""
    found = _find(by, pk)
    actions.remove_rule(by=by, rule_id=pk, now=clock.now())
    context = {"removed": found, "tab": "rules"}
    request.desk_section = SECTION  # type: ignore[attr-defined]
    return render(request, "staff/rule_removed.html", context)


@require_POST
@desk(Permission.MAKE_RULES)
def rule_back(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Get a rule back that was put away."""
    actions.bring_back_rule(by=by, rule_id=pk, now=clock.now())
    messages.success(request, _("The rule is back. It is switched off."))
    return redirect("staff:rule", by.shop.slug, pk)


@require_POST
@desk(Permission.MAKE_RULES)
def run_undo(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Take back what a rule did in one case."""
    run = actions.undo_run(by=by, run_id=pk, now=clock.now())
    messages.success(request, _("Taken back in case #%(number)s.") % {"number": run.case.number})
    return redirect("staff:rule", by.shop.slug, run.rule_id)


def _find(by: Membership, pk: int) -> Rule:
    found = queries.rule_of(by, pk)
    if found is None:
        raise Http404
    return found


def _edit(request: HttpRequest, by: Membership, draft: RuleDraft, *, rule: Rule | None) -> HttpResponse:
    """The form; what was sent and can be saved is saved."""
    request.desk_section = SECTION  # type: ignore[attr-defined]
    choices = RuleChoices(by)
    rows, status = form_rows(draft, choices), 200
    if request.method == "POST" and not is_redrawing(request.POST.dict()):
        try:
            saved = actions.save_rule(
                by=by,
                name=draft.name,
                definition=draft.definition(),
                rule_id=rule.pk if rule else None,
                now=clock.now(),
            )
        except RuleRefused as refusal:
            rows = form_rows(draft, choices, part=refusal.part, place=refusal.place, error=str(refusal))
            status = 422
        else:
            messages.success(request, _("The rule is saved. Try it before you switch it on."))
            return redirect("staff:rule", by.shop.slug, saved.pk)
    url = address("rule_edit", by.shop.slug, rule.pk) if rule else address("rule_new", by.shop.slug)
    back = address("rule", by.shop.slug, rule.pk) if rule else address("rules", by.shop.slug)
    context = rows | {"rule": rule, "form_url": url, "back_url": back, "tab": "rules"}
    template = "staff/_rule_form.html" if is_fragment(request) else "staff/rule_edit.html"
    return render(request, template, context, status=status)


def _row(rule: Rule, newest: RuleVersion, choices: RuleChoices) -> dict[str, Any]:
    definition = queries.definition_of(newest)
    is_on = rule.live_version_id is not None
    return {
        "pk": rule.pk,
        "name": rule.name,
        "sentence": _sentence(definition, choices),
        "is_on": is_on,
        "is_changed": is_on and rule.live_version_id != newest.pk,
        "is_tried": newest.tried_at is not None,
        "live_number": rule.live_version.number if rule.live_version else 0,
        "run_count": rule.run_count,
        "last_run_at": rule.last_run_at,
    }


def _sentence(definition: Definition | None, choices: RuleChoices) -> str:
    if definition is None:
        return _("This rule was written by a newer version of Anshin and does nothing here.")
    return rule_sentence(definition, choices)


def _trial(by: Membership, version: RuleVersion, choices: RuleChoices) -> dict[str, Any] | None:
    """What the newest version would have done, None before it was tried."""
    definition = queries.definition_of(version)
    if version.tried_at is None or definition is None:
        return None
    cases = rows_of_cases(by.shop_id, [case_id for case_id, _places in version.tried_hits])
    rows = [
        {
            "number": cases[case_id].number,
            "subject": cases[case_id].subject,
            "customer": cases[case_id].customer_name,
            "would": deeds_words([definition.deeds[place] for place in places], choices),
        }
        for case_id, places in version.tried_hits
        if case_id in cases
    ]
    return {
        "at": version.tried_at,
        "rows": rows,
        "looked_at": version.tried_case_count,
        "left_alone": version.tried_case_count - len(version.tried_hits),
    }


def _run(run: RuleRun, choices: RuleChoices) -> dict[str, Any]:
    return {
        "pk": run.pk,
        "at": run.at,
        "number": run.case.number,
        "subject": run.case.subject,
        "version": run.version.number,
        "did": _(", ").join(_done(effect, came, choices) for effect, came in run.did),
        "can_undo": run.undone_at is None and bool(run.owner_id or run.added_tags or _tagged_customer(run)),
        "undone": _("Taken back by %(who)s") % {"who": run.undone_by.person} if run.undone_by else "",
    }


def _done(effect: str, came: str, choices: RuleChoices) -> str:
    """One thing that was done; who got the case stands there by name."""
    if effect in {Effect.ASSIGN, Effect.ASSIGN_SKILLED, Effect.ASSIGN_LEAST}:
        return _("give the case to %(name)s") % {"name": came}
    if effect == Effect.ESCALATE:
        return _("escalate the case to %(name)s") % {"name": came}
    if effect == Effect.NOTE:
        return _("write a note")
    return deeds_words([Deed(Effect(effect), came)], choices) if effect in Effect.values else effect


def _tagged_customer(run: RuleRun) -> bool:
    return any(effect == Effect.CUSTOMER_TAG for effect, _came in run.did)
