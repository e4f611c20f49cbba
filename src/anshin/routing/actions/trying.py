"""A rule is tried on past cases without doing anything."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases.queries import Subject, newest_subjects
from anshin.cases.terms import Status
from anshin.plumbing.journal.actions import record
from anshin.routing import events, queries, rules
from anshin.routing.actions.refusals import RuleGone, refusal_of
from anshin.routing.models import RuleVersion
from anshin.routing.queries.facts import facts_of
from anshin.routing.terms import Deed, Effect, Facts, Trigger
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

MOST_TRIED = 100


@transaction.atomic
def try_rule(*, by: Membership, rule_id: int, now: datetime) -> RuleVersion:
    """The newest version with what it would have changed in the last 100 cases, as these stand now.

    Nothing else is written. Raises NotAllowed, RuleGone, RuleRefused.
    """
    require(by, Permission.MAKE_RULES)
    rule = queries.rule_of(by, rule_id)
    if rule is None:
        raise RuleGone
    version = RuleVersion.objects.select_for_update().filter(rule=rule).order_by("-number")[0]
    try:
        definition = rules.read_definition(version.definition)
    except rules.BadDefinition as error:
        raise refusal_of(error) from error
    asked = rules.compiled(rule.pk, version.pk, rule.name, definition)
    subjects = newest_subjects(by.shop, most=MOST_TRIED)
    facts = facts_of(by.shop, subjects, asked.needs)
    hits = [
        [subject.case.pk, places]
        for subject, known in zip(subjects, facts, strict=True)
        if rules.fits(asked, known) and (places := _places(definition.trigger, definition.deeds, subject, known))
    ]
    version.tried_at, version.tried_case_count, version.tried_hits = now, len(subjects), hits
    version.save(update_fields=["tried_at", "tried_case_count", "tried_hits"])
    fact = events.RuleTried(
        rule_id=rule.pk, rule=rule.name, version=version.number, case_count=len(subjects), hit_count=len(hits)
    )
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return version


def _places(trigger: Trigger, deeds: tuple[Deed, ...], subject: Subject, facts: Facts) -> list[int]:
    """Which of the deeds would have changed something; none where the moment has not come for the case."""
    if subject.case.hold or (trigger == Trigger.CLOSED and facts.status != Status.CLOSED):
        return []
    return [place for place, deed in enumerate(deeds) if _changes(deed, subject, facts)]


def _changes(deed: Deed, subject: Subject, facts: Facts) -> bool:
    if deed.effect == Effect.ASSIGN:
        return facts.owner != deed.value
    if deed.effect in {Effect.ASSIGN_LEAST, Effect.ASSIGN_SKILLED}:
        return subject.case.owner_id is None
    if deed.effect in {Effect.TAG, Effect.CUSTOMER_TAG}:
        return _adds(deed, subject, facts)
    if deed.effect == Effect.URGENT:
        return facts.is_urgent != rules.is_yes(deed.value)
    if deed.effect == Effect.ANSWER:
        message = subject.message
        return bool(message and not message.is_automatic and not rules.is_robot(message.sender_mail))
    return True


def _adds(deed: Deed, subject: Subject, facts: Facts) -> bool:
    if deed.effect == Effect.TAG:
        return deed.value not in facts.tags
    return subject.case.customer_id is not None and deed.value not in facts.customer_tags
