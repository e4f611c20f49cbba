"""A shop's own topics below ours: added, renamed, put out of use and taken back. Codes never change, so cases keep
theirs and what was learnt stays right."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from anshin.cases import events, rules
from anshin.cases.actions.refusals import Refused
from anshin.cases.models import ShopTopic
from anshin.language.topics.codes import CODES, base_code
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


class NoTopicName(Refused):
    """A topic without a name."""

    def __init__(self) -> None:
        super().__init__(_("Write a name for the topic."))


class TopicNameTaken(Refused):
    """The shop has a topic of this name already."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is a topic “%(name)s” already.") % {"name": name})


class TooManyTopics(Refused):
    """More topics than a person can choose from."""

    def __init__(self) -> None:
        words = _("A shop can have %(most)s topics of its own. Put one out of use first.")
        super().__init__(words % {"most": rules.MOST_OWN_TOPICS})


class NoSuchTopic(Refused):
    """The topic is none of this shop's own."""

    def __init__(self) -> None:
        super().__init__(_("There is no such topic any more. Load the page again."))


@transaction.atomic
def add_topic(*, by: Membership, below: str, name: str, now: datetime) -> ShopTopic:
    """A topic of the shop's own below one of ours.

    Raises NotAllowed, NoSuchTopic, NoTopicName, TopicNameTaken, TooManyTopics.
    """
    require(by, Permission.EDIT_TOPICS)
    if below not in CODES:
        raise NoSuchTopic
    known = list(ShopTopic.objects.filter(shop=by.shop))
    if sum(topic.retired_at is None for topic in known) >= rules.MOST_OWN_TOPICS:
        raise TooManyTopics
    taken = [int(topic.code.rpartition("/")[2]) for topic in known if topic.code.rpartition("/")[2].isdecimal()]
    topic = ShopTopic(shop=by.shop, code=f"{below}/{max(taken, default=0) + 1}")
    return _named(topic, name, by, now, events.TopicAdded)


@transaction.atomic
def rename_topic(*, by: Membership, topic_id: int, name: str, now: datetime) -> ShopTopic:
    """Another name for one of the shop's topics. Raises NotAllowed, NoSuchTopic, NoTopicName, TopicNameTaken."""
    require(by, Permission.EDIT_TOPICS)
    topic = _own(by, topic_id)
    return topic if topic.name == name.strip() else _named(topic, name, by, now, events.TopicRenamed)


@transaction.atomic
def retire_topic(*, by: Membership, topic_id: int, now: datetime) -> ShopTopic:
    """No case gets this topic any more; those that have it keep it. Raises NotAllowed, NoSuchTopic."""
    require(by, Permission.EDIT_TOPICS)
    topic = _own(by, topic_id)
    if topic.retired_at is None:
        topic.retired_at = now
        topic.save(update_fields=["retired_at"])
        _told(events.TopicRetired(code=topic.code, words=topic.name), by, now)
    return topic


@transaction.atomic
def bring_back_topic(*, by: Membership, topic_id: int, now: datetime) -> ShopTopic:
    """A topic in use again. Raises NotAllowed, NoSuchTopic, TooManyTopics."""
    require(by, Permission.EDIT_TOPICS)
    topic = _own(by, topic_id)
    if topic.retired_at is not None:
        if ShopTopic.objects.filter(shop=by.shop, retired_at=None).count() >= rules.MOST_OWN_TOPICS:
            raise TooManyTopics
        topic.retired_at = None
        topic.save(update_fields=["retired_at"])
        _told(events.TopicBroughtBack(code=topic.code, words=topic.name), by, now)
    return topic


def in_use(code: str, codes: frozenset[str]) -> str:
    """The code itself, or ours above it where the shop's own is out of use."""
    return code if code in codes else base_code(code)


def _own(by: Membership, topic_id: int) -> ShopTopic:
    topic = ShopTopic.objects.select_for_update().filter(shop=by.shop, pk=topic_id).first()
    if topic is None:
        raise NoSuchTopic
    return topic


def _named(
    topic: ShopTopic,
    name: str,
    by: Membership,
    now: datetime,
    fact: type[events.TopicAdded | events.TopicRenamed],
) -> ShopTopic:
    former, topic.name = topic.name, " ".join(name.split())[: rules.LONGEST_TOPIC_NAME]
    if not topic.name:
        raise NoTopicName
    try:
        with transaction.atomic():
            topic.save()
    except IntegrityError as error:
        raise TopicNameTaken(topic.name) from error
    _told(fact(code=topic.code, words=topic.name, former=former), by, now)
    return topic


def _told(
    fact: events.TopicAdded | events.TopicRenamed | events.TopicRetired | events.TopicBroughtBack,
    by: Membership,
    now: datetime,
) -> None:
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
