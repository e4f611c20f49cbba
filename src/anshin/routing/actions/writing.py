"""A rule is written, changed, switched on and off, moved and put away."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from anshin.plumbing.journal.actions import begin_anew, record
from anshin.plumbing.journal.events import Event
from anshin.routing import events, queries, rules
from anshin.routing.actions.refusals import NotTried, RuleGone, RuleRefused, refusal_of, too_many_rules
from anshin.routing.models import Rule, RuleVersion
from anshin.routing.terms import MOST_RULES, REACTION, Deed, Definition, Effect
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_LONGEST_NAME = 80


@transaction.atomic
def save_rule(
    *, by: Membership, name: str, definition: Definition, rule_id: int | None = None, prepared: str = "", now: datetime
) -> Rule:
    """The rule with this name, saying this; a new one without `rule_id`. Saying the same again makes no new version.

    What works goes on as it was: a new version works only when it has been tried and switched on.
    Raises NotAllowed, RuleRefused, RuleGone.
    """
    require(by, Permission.MAKE_RULES)
    if not name.strip():
        raise RuleRefused(_("Give the rule a name by which you know it again."), part="name")
    try:
        rules.check(definition)
    except rules.BadDefinition as error:
        raise refusal_of(error) from error
    _check_people(by, definition)
    rule = _rule(by, rule_id) if rule_id else _new_rule(by, prepared, now)
    rule.name = name.strip()[:_LONGEST_NAME]
    rule.save(update_fields=["name"])
    stored = rules.as_stored(definition)
    last = rule.versions.order_by("-number").first()
    if last is None or last.definition != stored:
        number = (last.number if last else 0) + 1
        RuleVersion.objects.create(
            shop_id=by.shop_id, rule=rule, number=number, definition=stored, made_by=by, made_at=now
        )
        _told(by, events.RuleSaved(rule_id=rule.pk, rule=rule.name, version=number), now)
    return rule


@transaction.atomic
def switch_on(*, by: Membership, rule_id: int, now: datetime) -> Rule:
    """Let the newest version work from now on. Raises NotAllowed, RuleGone, NotTried."""
    require(by, Permission.MAKE_RULES)
    rule = _rule(by, rule_id)
    version = queries.newest_version(rule)
    if version.tried_at is None:
        raise NotTried
    if rule.live_version_id == version.pk:
        return rule
    if not queries.has_live_rules(by.shop_id):
        begin_anew(REACTION, shop_id=by.shop_id)
    rule.live_version, rule.live_since_at = version, now
    rule.save(update_fields=["live_version", "live_since_at"])
    _told(by, events.RuleSwitched(rule_id=rule.pk, rule=rule.name, version=version.number), now)
    return rule


@transaction.atomic
def switch_off(*, by: Membership, rule_id: int, now: datetime) -> Rule:
    """Let the rule rest; what it did stays. Raises NotAllowed, RuleGone."""
    require(by, Permission.MAKE_RULES)
    rule = _rule(by, rule_id)
    if rule.live_version_id is not None:
        rule.live_version, rule.live_since_at = None, None
        rule.save(update_fields=["live_version", "live_since_at"])
        _told(by, events.RuleSwitched(rule_id=rule.pk, rule=rule.name, version=0), now)
    return rule


@transaction.atomic
def move_rule(*, by: Membership, rule_id: int, up: bool, now: datetime) -> None:
    """Put the rule one place further up or down; nothing at the end of the list. Raises NotAllowed, RuleGone."""
    require(by, Permission.MAKE_RULES)
    _rule(by, rule_id)
    rows = list(Rule.objects.select_for_update().filter(shop_id=by.shop_id, removed_at=None).order_by("position", "id"))
    place = next(index for index, row in enumerate(rows) if row.pk == rule_id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows, 1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    _told(by, events.RulesOrdered(rule_id=rule_id, rule=rows[other].name, position=other + 1), now)


@transaction.atomic
def remove_rule(*, by: Membership, rule_id: int, now: datetime) -> None:
    """Put the rule away; what it did stays known. Raises NotAllowed, RuleGone."""
    require(by, Permission.MAKE_RULES)
    rule = _rule(by, rule_id)
    rule.live_version, rule.live_since_at, rule.removed_at = None, None, now
    rule.save(update_fields=["live_version", "live_since_at", "removed_at"])
    _told(by, events.RuleRemoved(rule_id=rule.pk, rule=rule.name), now)


@transaction.atomic
def bring_back_rule(*, by: Membership, rule_id: int, now: datetime) -> None:
    """The undo of `remove_rule`; the rule rests. Raises NotAllowed, RuleGone."""
    require(by, Permission.MAKE_RULES)
    rule = Rule.objects.select_for_update().filter(shop_id=by.shop_id, pk=rule_id).first()
    if rule is None:
        raise RuleGone
    if rule.removed_at is not None:
        rule.removed_at = None
        rule.save(update_fields=["removed_at"])
        version = queries.newest_version(rule).number
        _told(by, events.RuleSaved(rule_id=rule.pk, rule=rule.name, version=version), now)


def _rule(by: Membership, rule_id: int) -> Rule:
    rule = Rule.objects.select_for_update().filter(shop_id=by.shop_id, pk=rule_id, removed_at=None).first()
    if rule is None:
        raise RuleGone
    return rule


def _new_rule(by: Membership, prepared: str, now: datetime) -> Rule:
    rows = Rule.objects.filter(shop_id=by.shop_id, removed_at=None)
    if rows.count() >= MOST_RULES:
        raise too_many_rules()
    last = rows.aggregate(last=Max("position"))["last"] or 0
    return Rule.objects.create(shop_id=by.shop_id, position=last + 1, prepared=prepared, made_at=now)


def _check_people(by: Membership, definition: Definition) -> None:
    """Whoever is named works in this shop."""
    known = {str(member.pk) for member in shops.staff_of(by.shop)}
    for place, deed in enumerate(definition.deeds, 1):
        if _names_somebody_else(deed, known):
            raise RuleRefused(
                _("This person does not work in this shop. Choose somebody else."), part="deed", place=place
            )


def _names_somebody_else(deed: Deed, known: set[str]) -> bool:
    if deed.effect == Effect.ASSIGN:
        return deed.value not in known
    return deed.effect == Effect.ESCALATE and deed.value.isdecimal() and deed.value not in known


def _told(by: Membership, fact: Event, now: datetime) -> None:
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
