"""Macros of the shop: written, changed, copied, put away. Every saving is a version that can be brought back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases.queries import own_topics
from anshin.cases.terms import Resolution
from anshin.language.topics.codes import BY_CODE, CODES, base_code
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.events import Event
from anshin.replies import events, rules
from anshin.replies.actions.refusals import (
    MissingName,
    MissingText,
    StaleMacro,
    UnknownTopic,
    WrongMacro,
    WrongPlaceholders,
)
from anshin.replies.models import Macro, MacroVersion
from anshin.replies.queries.macros import content_of
from anshin.replies.terms import Language, MacroContent
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def save_macro(
    *, by: Membership, content: MacroContent, macro_id: int | None = None, version: int = 0, now: datetime
) -> Macro:
    """The macro, new (without `macro_id`) or changed; `version` is the one on the writer's screen.

    The same content again changes nothing. Raises NotAllowed, WrongMacro, MissingName, MissingText, UnknownTopic,
    WrongPlaceholders, StaleMacro.
    """
    require(by, Permission.EDIT_MACROS)
    tidy = rules.tidy(content)
    check_content(tidy)
    own = [code for code in tidy.topics if code not in BY_CODE]
    if own and not set(own) <= {topic.code for topic in own_topics(by.shop)}:
        raise UnknownTopic
    macro = _locked(by, macro_id) if macro_id else Macro(shop_id=by.shop_id, version=0)
    if macro_id and content_of(macro) == tidy:
        return macro
    if macro_id and macro.version != version:
        raise StaleMacro
    write(macro, tidy, by=by, now=now)
    _record(events.MacroSaved(macro_id=macro.pk, title=macro.name, version=macro.version), by, now)
    return macro


@transaction.atomic
def duplicate_macro(*, by: Membership, macro_id: int, name: str, now: datetime) -> Macro:
    """A copy of the macro under another name, to be changed. Raises NotAllowed, WrongMacro."""
    require(by, Permission.EDIT_MACROS)
    former = content_of(_locked(by, macro_id))
    copied = MacroContent(name, former.topics, former.texts, former.closes_with, former.adds_tags)
    return save_macro(by=by, content=copied, now=now)


@transaction.atomic
def archive_macro(*, by: Membership, macro_id: int, now: datetime) -> Macro:
    """Put the macro away: nobody is offered it any more, its figures stay. Raises NotAllowed, WrongMacro."""
    require(by, Permission.EDIT_MACROS)
    macro = _locked(by, macro_id)
    if macro.archived_at is None:
        macro.archived_at = now
        macro.save(update_fields=["archived_at"])
        _record(events.MacroArchived(macro_id=macro.pk, title=macro.name), by, now)
    return macro


@transaction.atomic
def bring_back_macro(*, by: Membership, macro_id: int, now: datetime) -> Macro:
    """Offer an archived macro again. Raises NotAllowed, WrongMacro."""
    require(by, Permission.EDIT_MACROS)
    macro = _locked(by, macro_id)
    if macro.archived_at is not None:
        macro.archived_at = None
        macro.save(update_fields=["archived_at"])
        _record(events.MacroBroughtBack(macro_id=macro.pk, title=macro.name), by, now)
    return macro


@transaction.atomic
def bring_back_version(*, by: Membership, macro_id: int, number: int, now: datetime) -> Macro:
    """The macro as it was in a former version, as a new version. Raises as save_macro does."""
    require(by, Permission.EDIT_MACROS)
    former = MacroVersion.objects.filter(shop_id=by.shop_id, macro_id=macro_id, number=number).first()
    if former is None:
        raise WrongMacro
    newest = _locked(by, macro_id).version
    return save_macro(by=by, macro_id=macro_id, content=content_of(former), version=newest, now=now)


def check_content(content: MacroContent) -> None:
    """Refuse what could never be sent. Raises MissingName, MissingText, UnknownTopic, WrongPlaceholders."""
    if not content.name:
        raise MissingName
    if not content.topics or any(base_code(code) not in BY_CODE for code in content.topics):
        raise UnknownTopic
    if content.closes_with and content.closes_with not in Resolution.values:
        raise UnknownTopic
    if Language.JA.value not in content.texts:
        raise MissingText(Language.JA.value)
    for language, text in content.texts.items():
        if wrong := rules.wrong_in(text):
            raise WrongPlaceholders(language, wrong)


def write(macro: Macro, content: MacroContent, *, by: Membership | None, now: datetime) -> None:
    """The content into the macro and into a version of its own. Inside a transaction."""
    macro.name, macro.topics, macro.texts = content.name, list(content.topics), dict(content.texts)
    macro.closes_with, macro.adds_tags = content.closes_with, list(content.adds_tags)
    macro.steps, macro.snooze_days = list(content.steps), content.snooze_days
    bases = [BY_CODE[base_code(code)] for code in content.topics]
    macro.search_key = rules.search_key(content.name, *(f"{base.ja} {base.en}" for base in bases))
    macro.topic_place = CODES.index(bases[0].code)
    macro.version, macro.changed_at = macro.version + 1, now
    macro.save()
    MacroVersion.objects.create(
        shop_id=macro.shop_id, macro=macro, number=macro.version, at=now, by=by, content=asdict(content)
    )


def _locked(by: Membership, macro_id: int) -> Macro:
    found = Macro.objects.select_for_update().filter(shop_id=by.shop_id, pk=macro_id).first()
    if found is None:
        raise WrongMacro
    return found


def _record(fact: Event, by: Membership, now: datetime) -> None:
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
