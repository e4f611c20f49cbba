"""Something happened in a case: the shop's rules are asked, and what they decide is done.

Runs in the transaction of the reaction. Nothing that is done here is a moment at which rules are asked, so that they
cannot set each other off; and each rule leaves one row for each case and entry of the journal, so that asking twice is
asking once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import F

from anshin.cases import actions as cases
from anshin.cases.actions import CarriedOut, WrongCase
from anshin.cases.queries import Subject, subject_of
from anshin.cases.terms import Status
from anshin.commerce.actions import change_customer_tags
from anshin.language.topics.codes import TopicSource
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.routing import events, queries, rules
from anshin.routing.actions.answering import answer
from anshin.routing.actions.escalating import escalate_by_rule
from anshin.routing.models import Rule, RuleRun
from anshin.routing.queries.facts import facts_of, moment_of
from anshin.routing.queries.lists import LiveRule
from anshin.routing.rules import Hit
from anshin.routing.terms import ACTOR_PREFIX, Deed, Effect, Trigger
from anshin.shops import queries as shops
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

_ASSIGNING = frozenset({Effect.ASSIGN, Effect.ASSIGN_SKILLED, Effect.ASSIGN_LEAST})


@dataclass(slots=True)
class _Outcome:
    """What a rule did in a case. `did`: effect and what came of it."""

    did: list[list[str]] = field(default_factory=list)
    carried: CarriedOut = field(default_factory=CarriedOut)
    owner: Membership | None = None


def run_rules(
    *,
    shop_id: int,
    case_id: int,
    trigger: Trigger,
    message_id: int = 0,
    entry_id: int,
    at: datetime,
    now: datetime,
    live: tuple[LiveRule, ...] | None = None,
) -> list[RuleRun] | None:
    """What the shop's rules did about entry `entry_id` of the journal, written at `at`. Inside a transaction.

    `live`: the shop's rules, when the caller has just read them. None when no rule fits: then nothing was written or
    locked.
    """
    known_rules = queries.live_rules(shop_id) if live is None else live
    live_then = [each.rule for each in known_rules if each.since_at <= at]
    known = {rule.definition.trigger for rule in live_then}
    if trigger not in known and not (trigger == Trigger.OPENED and Trigger.TOPIC in known):
        return None
    subject = subject_of(shop_id, case_id, message_id=message_id)
    if subject is None or not is_for_machines(subject, now):
        return None
    shop = subject.case.shop
    moments = _moments(trigger, subject)
    (facts,) = facts_of(shop, [subject], rules.needs_of(live_then, moments))
    hits = [hit for moment in moments for hit in rules.decide(live_then, facts, moment)]
    if not hits:
        return None
    before = list(RuleRun.objects.filter(case_id=case_id).values_list("rule_id", "entry_id"))
    return [run for hit in hits if (run := _carry_out(shop, subject, hit, before, entry_id=entry_id, now=now))]


def _moments(trigger: Trigger, subject: Subject) -> tuple[Trigger, ...]:
    """A topic that a form or a doubtful sender gives is known from the start: nobody proposes one later."""
    is_given = subject.case.topic_source in {TopicSource.FORM, TopicSource.SENDER}
    return (trigger, Trigger.TOPIC) if trigger == Trigger.OPENED and is_given else (trigger,)


def is_for_machines(subject: Subject, now: datetime) -> bool:
    """Not spam, not a mail that a person must look at first, not old mail that was imported."""
    case = subject.case
    if case.status == Status.SPAM or case.hold or case.emptied_at:
        return False
    return now - moment_of(subject) < rules.TOO_OLD


def _carry_out(
    shop: Shop, subject: Subject, hit: Hit, before: Iterable[tuple[int, int]], *, entry_id: int, now: datetime
) -> RuleRun | None:
    rule = hit.rule
    earlier = {entry for rule_id, entry in before if rule_id == rule.rule_id}
    if entry_id in earlier:
        return None
    deeds = rules.still_to_do(hit.deeds, done_before=bool(earlier))
    by = Actor.system(f"{ACTOR_PREFIX}{rule.name}")
    outcome = _Outcome(owner=_owner(shop, subject, deeds, now))
    try:
        outcome.carried = cases.carry_out(
            shop=shop,
            case_id=subject.case.pk,
            by=by,
            owner=outcome.owner,
            rule_name=rule.name,
            now=now,
            **_changes(deeds, now),
        )
    except WrongCase:  # merged or called spam since
        return None
    _note_what_came(outcome, deeds)
    outcome.did += [[Effect.CUSTOMER_TAG.value, name] for name in _tag_customer(shop, subject, deeds, by, now)]
    if escalated := _escalated(shop, subject, deeds, rule.name, now):
        outcome.did.append([Effect.ESCALATE.value, escalated])
    if any(deed.effect == Effect.ANSWER for deed in deeds) and answer(shop, subject, by=by, now=now):
        outcome.did.append([Effect.ANSWER.value, ""])
    return _written(shop, subject, hit, outcome, by, entry_id=entry_id, now=now) if outcome.did else None


def _tag_customer(shop: Shop, subject: Subject, deeds: tuple[Deed, ...], by: Actor, now: datetime) -> tuple[str, ...]:
    names = [deed.value for deed in deeds if deed.effect == Effect.CUSTOMER_TAG]
    if not names or subject.case.customer_id is None:
        return ()
    return change_customer_tags(
        shop=shop, customer_id=subject.case.customer_id, by=by, add=names, case_id=subject.case.pk, now=now
    )


class _Changes(TypedDict):
    tags: list[str]
    is_urgent: bool | None
    snoozed_until: datetime | None
    note: str


def _changes(deeds: tuple[Deed, ...], now: datetime) -> _Changes:
    hours = sum(int(deed.value) for deed in deeds if deed.effect == Effect.SNOOZE)
    urgent = [rules.is_yes(deed.value) for deed in deeds if deed.effect == Effect.URGENT]
    return {
        "tags": [deed.value for deed in deeds if deed.effect == Effect.TAG],
        "is_urgent": urgent[0] if urgent else None,
        "snoozed_until": now + timedelta(hours=hours) if hours else None,
        "note": "\n\n".join(deed.value for deed in deeds if deed.effect == Effect.NOTE),
    }


def _owner(shop: Shop, subject: Subject, deeds: tuple[Deed, ...], now: datetime) -> Membership | None:
    """Who is to get the case; None where it stays as it is. Only a named person takes it from somebody else."""
    deed = next((each for each in deeds if each.effect in _ASSIGNING), None)
    if deed is None:
        return None
    if deed.effect == Effect.ASSIGN:
        found = shops.staff_of(shop).filter(pk=deed.value).first() if deed.value.isdecimal() else None
        return found if found and shops.may(found, Permission.READ_CASES) else None
    if subject.case.owner_id is not None:
        return None
    places = {place.member.pk: place for place in queries.places_of(shop, now=now)}
    chosen = rules.next_colleague(
        [place.as_colleague() for place in places.values()],
        skill=deed.value if deed.effect == Effect.ASSIGN_SKILLED else "",
        language=subject.case.language,
        topics=[code for code, _share in subject.case.topics],
    )
    return places[chosen].member if chosen is not None else None


def _escalated(shop: Shop, subject: Subject, deeds: tuple[Deed, ...], name: str, now: datetime) -> str:
    """Before whom the case was put, "" for nobody."""
    deed = next((each for each in deeds if each.effect == Effect.ESCALATE), None)
    receiver = queries.who_gets(shop, subject.case, deed.value, now=now) if deed else None
    if receiver is None:
        return ""
    found = escalate_by_rule(shop=shop, case_id=subject.case.pk, receiver=receiver, rule_name=name, now=now)
    return str(receiver.person) if found else ""


def _note_what_came(outcome: _Outcome, deeds: tuple[Deed, ...]) -> None:
    carried = outcome.carried
    if carried.owner_changed and outcome.owner:
        effect = next(deed.effect for deed in deeds if deed.effect in _ASSIGNING)
        outcome.did.append([effect.value, str(outcome.owner.person)])
    outcome.did += [[Effect.TAG.value, name] for name in carried.added_tags]
    if carried.urgency_changed:
        outcome.did += [[deed.effect.value, deed.value] for deed in deeds if deed.effect == Effect.URGENT]
    if carried.was_snoozed:
        outcome.did += [[deed.effect.value, deed.value] for deed in deeds if deed.effect == Effect.SNOOZE]
    if carried.note_id:
        outcome.did.append([Effect.NOTE.value, ""])


def _written(
    shop: Shop, subject: Subject, hit: Hit, outcome: _Outcome, by: Actor, *, entry_id: int, now: datetime
) -> RuleRun:
    rule, carried = hit.rule, outcome.carried
    run = RuleRun.objects.create(
        shop=shop,
        rule_id=rule.rule_id,
        version_id=rule.version_id,
        case_id=subject.case.pk,
        entry_id=entry_id,
        at=now,
        did=outcome.did,
        former_owner_id=carried.former_owner_id if carried.owner_changed else None,
        owner_id=outcome.owner.pk if carried.owner_changed and outcome.owner else None,
        added_tags=list(carried.added_tags),
    )
    Rule.objects.filter(pk=rule.rule_id).update(run_count=F("run_count") + 1, last_run_at=now)
    fact = events.RuleRan(
        rule_id=rule.rule_id,
        rule=rule.name,
        run_id=run.pk,
        did=", ".join(dict.fromkeys(effect for effect, _came in outcome.did)),
    )
    record(fact, shop_id=shop.pk, by=by, now=now, case_id=subject.case.pk)
    return run
