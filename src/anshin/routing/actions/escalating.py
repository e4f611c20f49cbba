"""A case is put before somebody who knows more or decides more; they take it on or give it back with words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from anshin.cases.actions import assign
from anshin.cases.queries import as_told_to, case_by_id
from anshin.cases.terms import Status
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.live.actions import Hint, publish_many
from anshin.routing import events
from anshin.routing.actions.refusals import EscalationRefused
from anshin.routing.actions.summing_up import summary_of
from anshin.routing.models import Escalation
from anshin.routing.terms import ACTOR_PREFIX, PATH_ACTOR, EscalationState, Trigger
from anshin.shops import queries as shops
from anshin.shops.actions import require, tell
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership, Shop

ANSWER_WITHIN_MINUTES = 240
"""Opening time within which a receiver is to answer."""
LONGEST_REASON = 1_000


@transaction.atomic
def escalate(*, by: Membership, case_id: int, receiver_id: int, reason: str, now: datetime) -> Escalation:
    """Put the case before a colleague. Its owner stays until they take it on. Raises NotAllowed, EscalationRefused."""
    require(by, Permission.TRIAGE)
    if not reason.strip():
        raise EscalationRefused(_("Say in a sentence why, and what you need."), part="reason")
    receiver = shops.staff_of(by.shop).filter(pk=receiver_id).first()
    if receiver is None or not shops.may(receiver, Permission.ANSWER):
        raise EscalationRefused(_("Choose somebody who answers customers in this shop."), part="receiver")
    if receiver.pk == by.pk:
        raise EscalationRefused(_("Choose somebody else than yourself."), part="receiver")
    case = case_by_id(by.shop, case_id)
    if case is None or case.status in {Status.SPAM, Status.CLOSED}:
        raise EscalationRefused(_("Only an open case can be escalated. Open it again first."))
    return _put(by.shop, case, receiver, reason, asked_by=by, rule_name="", by=shops.actor(by), now=now)


def escalate_by_rule(
    *, shop: Shop, case_id: int, receiver: Membership, rule_name: str, now: datetime
) -> Escalation | None:
    """The same for a rule; None where it is before somebody already, or is none that can be. Inside a transaction."""
    case = case_by_id(shop, case_id)
    if case is None or case.status in {Status.SPAM, Status.CLOSED}:
        return None
    try:
        with transaction.atomic():
            by = Actor.system(f"{ACTOR_PREFIX}{rule_name}")
            reason = _("The rule “%(name)s” fits.") % {"name": rule_name}
            return _put(shop, case, receiver, reason, asked_by=None, rule_name=rule_name, by=by, now=now)
    except EscalationRefused:
        return None


def escalate_by_path(
    *, shop: Shop, case_id: int, receiver: Membership, moment: Trigger, reason: str, now: datetime
) -> Escalation | None:
    """The same for a channel's escalation path; None where it is before somebody already. Inside a transaction."""
    case = case_by_id(shop, case_id)
    if case is None or case.status in {Status.SPAM, Status.CLOSED}:
        return None
    by = Actor.system(PATH_ACTOR)
    try:
        with transaction.atomic():
            return _put(shop, case, receiver, reason, asked_by=None, rule_name="", moment=moment.value, by=by, now=now)
    except EscalationRefused:
        return None


@transaction.atomic
def accept_escalation(*, by: Membership, escalation_id: int, now: datetime) -> Escalation:
    """Take the case on: it is one's own now. Raises NotAllowed, EscalationRefused."""
    found = _mine(by, escalation_id)
    _answer(found, EscalationState.ACCEPTED, "", now)
    assign(by=by, case_id=found.case_id, owner=by, now=now)
    _told(found, events.EscalationAnswered(escalation_id=found.pk, state=EscalationState.ACCEPTED, words=""), by, now)
    return found


@transaction.atomic
def give_back_escalation(*, by: Membership, escalation_id: int, words: str, now: datetime) -> Escalation:
    """Give the case back, saying what to do. Raises NotAllowed, EscalationRefused."""
    if not words.strip():
        raise EscalationRefused(_("Say what your colleague is to do now."), part="words")
    found = _mine(by, escalation_id)
    _answer(found, EscalationState.GIVEN_BACK, words.strip()[:LONGEST_REASON], now)
    fact = events.EscalationAnswered(
        escalation_id=found.pk, state=EscalationState.GIVEN_BACK, words=masked(words.strip())[:400]
    )
    _told(found, fact, by, now)
    if found.asked_by and found.asked_by.is_active:
        asker = found.asked_by
        tell(members=[asker], words=lambda _language: _back_words(found, asker), path=_path(found), now=now)
    return found


def _put(
    shop: Shop,
    case: Case,
    receiver: Membership,
    reason: str,
    *,
    asked_by: Membership | None,
    rule_name: str,
    moment: str = "",
    by: Actor,
    now: datetime,
) -> Escalation:
    try:
        with transaction.atomic():
            found = Escalation.objects.create(
                shop=shop,
                case=case,
                asked_by=asked_by,
                rule_name=rule_name,
                moment=moment,
                receiver=receiver,
                reason=reason.strip()[:LONGEST_REASON],
                summary=summary_of(shop, case),
                asked_at=now,
                answer_by_at=shops.due_moment(shop, now, ANSWER_WITHIN_MINUTES),
            )
    except IntegrityError as error:
        raise EscalationRefused(_("This case is before somebody already. Wait for the answer, or ask them.")) from error
    fact = events.Escalated(
        escalation_id=found.pk, receiver_id=receiver.pk, receiver=str(receiver.person), reason=masked(reason)[:400]
    )
    record(fact, shop_id=shop.pk, by=by, now=now, case_id=case.pk)
    _show(found, "escalation.asked", receiver, now)
    tell(members=[receiver], words=lambda _language: _ask_words(found), path=_path(found), now=now)
    return found


def _mine(by: Membership, escalation_id: int) -> Escalation:
    require(by, Permission.TRIAGE)
    rows = Escalation.objects.select_for_update(of=("self",)).select_related("case", "asked_by__person", "shop")
    found = rows.filter(shop_id=by.shop_id, pk=escalation_id).first()
    if found is None or found.receiver_id != by.pk:
        raise EscalationRefused(_("Only whoever was asked can answer. Ask them, or take the case with “Assign”."))
    if found.state != EscalationState.OPEN:
        raise EscalationRefused(_("This was answered already."))
    return found


def _answer(found: Escalation, state: EscalationState, words: str, now: datetime) -> None:
    found.state, found.answered_at, found.answer = state, now, words
    found.save(update_fields=["state", "answered_at", "answer"])


def _told(found: Escalation, fact: events.EscalationAnswered, by: Membership, now: datetime) -> None:
    record(fact, shop_id=found.shop_id, by=shops.actor(by), now=now, case_id=found.case_id)
    _show(found, "escalation.answered", found.asked_by, now)


def _show(found: Escalation, kind: str, member: Membership | None, now: datetime) -> None:
    """Tell open desks after the commit: whoever sees the case or the list, and the one whom it concerns by name."""
    hints = [Hint("shop", "escalation.changed", {"case_id": found.case_id, "escalation_id": found.pk})]
    if member is not None:
        hints.append(Hint(f"person:{member.person_id}", kind, {"escalation_id": found.pk}))
    publish_many(hints, shop_id=found.shop_id, now=now)


def _path(found: Escalation) -> str:
    return f"/s/{found.shop.slug}/c/{found.case.number}"


def deadline_title(moment: str, number: int) -> str:
    """What a letter about a deadline is called."""
    words = _("Case #%(number)s is overdue") if moment == Trigger.OVERDUE else _("Case #%(number)s is due soon")
    return words % {"number": number}


def _ask_words(found: Escalation) -> tuple[str, str]:
    if found.moment:
        return deadline_title(found.moment, found.case.number), found.reason
    who = str(found.asked_by.person) if found.asked_by else _("Rule “%(name)s”") % {"name": found.rule_name}
    title = _("%(who)s asks you about case #%(number)s") % {"who": who, "number": found.case.number}
    return title, as_told_to(found.receiver, found.case, found.reason)


def _back_words(found: Escalation, asked_by: Membership) -> tuple[str, str]:
    values = {"who": found.receiver.person, "number": found.case.number}
    words = as_told_to(asked_by, found.case, found.answer)
    return _("%(who)s gave case #%(number)s back to you") % values, words
