"""What a case is about and whether it can wait: proposed by the classifier, confirmed or corrected by people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases import events, rules
from anshin.cases.actions import clocks, standing
from anshin.cases.actions.following_up import link_to_first
from anshin.cases.actions.gifts import gift_urgency
from anshin.cases.actions.own_topics import in_use
from anshin.cases.actions.refusals import Refused
from anshin.cases.models import Case, Message, TopicCorrection
from anshin.cases.queries.targets import Clockwork
from anshin.cases.queries.topics import model_for, topic_codes
from anshin.cases.terms import Direction, Status
from anshin.language.topics.classify import Classified, classify
from anshin.language.topics.codes import TopicSource
from anshin.language.topics.urgency import Urgency
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.events import Event
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_PROPOSE = "anshin.cases.jobs.propose_topics"


class UnknownTopic(Refused):
    """The code is none of the shop's topics."""

    def __init__(self) -> None:
        super().__init__(_("There is no such topic. Choose one from the menu."))


def ask_for_proposals(messages: Sequence[Message], *, now: datetime) -> None:
    """Have the classifier read these messages of one shop once they are in; not machines' mail, nor what is old."""
    fresh = [each for each in messages if not each.is_automatic and now - each.at < rules.TOO_OLD_FOR_TOPICS]
    if fresh:
        enqueue(_PROPOSE, [each.pk for each in fresh], shop_id=fresh[0].shop_id, now=now)


def propose_topics(*, message_id: int, now: datetime) -> None:
    """Put topics, language and urgency on the message's case. Safe to run twice; a person's word stands."""
    message = Message.objects.select_related("case__shop").filter(pk=message_id, direction=Direction.IN).first()
    if message is None or message.case.hold or message.case.emptied_at:
        return
    shop = message.case.shop
    version, model = model_for(shop)
    sent_on = message.at.astimezone(ZoneInfo(shop.zone)).date()
    found = classify(message.subject, message.text, sent_on=sent_on, model=model)
    known = frozenset(topic_codes(shop))
    with transaction.atomic():
        case = standing.locked_case_or_merged(shop.pk, message.case_id)
        if case.merged_into_id or case.status == Status.SPAM:
            return
        values = _topic_values(case, found, version, known) | {"language": found.language.language}
        if not case.urgent_kind and case.topic_source != TopicSource.SENDER:
            urgency = found.urgency or gift_urgency(case, today=sent_on)
            values |= _urgent_values(case, message, urgency, now) if urgency else {}
        change(case, values)
        if "topics" in values:
            codes = ", ".join(code for code, _share in found.proposed)
            _told(case, events.TopicsProposed(message_id=message.pk, topics=codes, model=version), now)
        link_to_first(case, shop, now=now)
        standing.announce(case, "case.topics", now=now)


@transaction.atomic
def set_topics(*, by: Membership, case_id: int, codes: Sequence[str], now: datetime) -> None:
    """Say what the case is about, the main topic first; learnt from. Raises NotAllowed, WrongCase, UnknownTopic."""
    require(by, Permission.TRIAGE)
    case, known = standing.locked_case(by.shop_id, case_id), frozenset(topic_codes(by.shop))
    kept = {code for code, _share in case.topics}
    wanted = list(dict.fromkeys(codes))[: rules.MOST_TOPICS]
    if not set(wanted) <= known | kept:
        raise UnknownTopic
    former = [code for code, _share in case.topics]
    if case.topic_source == TopicSource.PERSON and former == wanted:
        return
    _remember(case, by, wanted, now)
    values = {
        "topic": wanted[0] if wanted else "",
        "topic_source": TopicSource.PERSON.value if wanted else "",
        "topics": [[code, None] for code in wanted],
        "topic_model": "",
    }
    change(case, values)
    fact = events.TopicsSet(former=", ".join(former), topics=", ".join(wanted))
    record(fact, shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    standing.announce(case, "case.topics", now=now)


@transaction.atomic
def set_urgent(*, by: Membership, case_id: int, is_urgent: bool, now: datetime) -> None:
    """Say that the case cannot wait, or that it can. Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    case = standing.locked_case(by.shop_id, case_id)
    if case.is_urgent == is_urgent:
        return
    change(case, {"is_urgent": is_urgent, "urgent_kind": "", "urgent_on": None})
    fact = events.UrgencySet(is_urgent=is_urgent)
    record(fact, shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    standing.announce(case, "case.topics", now=now)


def look_for_gift(case: Case, *, now: datetime) -> None:
    """Put the case on top where an order that somebody has just put beside it is a gift whose day is near."""
    message = Message.objects.filter(case=case, direction=Direction.IN).order_by("-at", "-id").first()
    if case.urgent_kind or message is None:
        return
    if urgency := gift_urgency(case, today=now.astimezone(ZoneInfo(case.shop.zone)).date()):
        change(case, _urgent_values(case, message, urgency, now))


def change(case: Case, values: dict[str, Any]) -> None:
    """Write the values, and let the case's clock count towards what fits it now."""
    standing.change(case, **values)
    standing.change(case, **clocks.retargeted(case, Clockwork(case.shop)))


def _topic_values(case: Case, found: Classified, version: str, known: frozenset[str]) -> dict[str, Any]:
    """What changes about the topics; nothing where a person, a form or a warning has spoken. A model of last night may
    still propose what is out of use."""
    proposed = {in_use(code, known): share for code, share in reversed(found.proposed)}
    merged = rules.topics_after(case.topic_source, case.topics, list(reversed(proposed.items())))
    if merged is None:
        return {}
    return {
        "topics": merged,
        "topic": merged[0][0] if merged else "",
        "topic_source": (TopicSource.MODEL if merged else TopicSource.UNSURE).value,
        "topic_model": version,
    }


def _urgent_values(case: Case, message: Message, urgency: Urgency, now: datetime) -> dict[str, Any]:
    """An urgent case comes first, and its answer is due sooner."""
    fact = events.UrgencySeen(
        message_id=message.pk, kind=urgency.kind.value, on=urgency.on.isoformat() if urgency.on else ""
    )
    _told(case, fact, now)
    return {"is_urgent": True, "urgent_kind": urgency.kind.value, "urgent_on": urgency.on}


def _remember(case: Case, by: Membership, wanted: list[str], now: datetime) -> None:
    """Keep the correction with the message that began the case."""
    first = Message.objects.filter(case=case, direction=Direction.IN).order_by("at", "id").first()
    if first is None:
        return
    if not wanted:
        TopicCorrection.objects.filter(message=first).delete()
        return
    proposed = case.topic if case.topic_source == TopicSource.MODEL else ""
    TopicCorrection.objects.update_or_create(
        message=first,
        defaults={"topics": wanted, "by": by, "at": now},
        create_defaults={"shop_id": case.shop_id, "topics": wanted, "proposed": proposed, "by": by, "at": now},
    )


def _told(case: Case, fact: Event, now: datetime) -> None:
    record(fact, shop_id=case.shop_id, by=standing.SYSTEM, now=now, case_id=case.pk)
