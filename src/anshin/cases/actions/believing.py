"""Warnings of a fraud are taken off a message by a person who knows better, and put back by the undo."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases import events
from anshin.cases.actions import standing
from anshin.cases.actions.refusals import WrongCase
from anshin.cases.actions.topics import ask_for_proposals
from anshin.cases.models import Case, Message
from anshin.cases.terms import PHISHING_TOPIC
from anshin.language.topics.codes import TopicSource
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def believe_sender(*, by: Membership, message_id: int, now: datetime) -> None:
    """The message's sender is who they say: its warnings are shown no longer, nor is the case called a fraud when no
    other message of it is doubtful. A later doubtful message warns anew. Raises NotAllowed, WrongCase."""
    case, message = _locked(by, message_id)
    if message.believed_at or not message.sender_warnings:
        return
    doubtful = Message.objects.filter(case=case, believed_at=None).exclude(sender_warnings=[]).exclude(pk=message.pk)
    takes_topic = case.topic_source == TopicSource.SENDER and not doubtful.exists()
    _set(message, believed_at=now, believed_took_topic=takes_topic)
    if takes_topic:
        standing.change(case, topic="", topic_source="", topics=[])
        ask_for_proposals([message], now=now)
    _told(case, message, by, is_believed=True, now=now)


@transaction.atomic
def doubt_sender(*, by: Membership, message_id: int, now: datetime) -> None:
    """Take a `believe_sender` back: message and case warn as before. Raises NotAllowed, WrongCase."""
    case, message = _locked(by, message_id)
    if message.believed_at is None:
        return
    if message.believed_took_topic and case.topic_source not in {TopicSource.PERSON, TopicSource.FORM}:
        source = TopicSource.SENDER.value
        standing.change(case, topic=PHISHING_TOPIC, topic_source=source, topics=[[PHISHING_TOPIC, None]])
    _set(message, believed_at=None, believed_took_topic=False)
    _told(case, message, by, is_believed=False, now=now)


def _locked(by: Membership, message_id: int) -> tuple[Case, Message]:
    require(by, Permission.TRIAGE)
    found = Message.objects.filter(pk=message_id, shop_id=by.shop_id).values_list("case_id", flat=True).first()
    if found is None:
        raise WrongCase
    case = standing.locked_case(by.shop_id, found)
    return case, Message.objects.get(pk=message_id)


def _set(message: Message, *, believed_at: datetime | None, believed_took_topic: bool) -> None:
    message.believed_at, message.believed_took_topic = believed_at, believed_took_topic
    message.save(update_fields=["believed_at", "believed_took_topic"])


def _told(case: Case, message: Message, by: Membership, *, is_believed: bool, now: datetime) -> None:
    fact = events.SenderBelieved(message_id=message.pk, is_believed=is_believed)
    record(fact, shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    standing.announce(case, "case.message", now=now)
