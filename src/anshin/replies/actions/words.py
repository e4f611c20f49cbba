"""The shop's dictionary of plain words: written, switched off, taken out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.plumbing.journal.actions import record
from anshin.replies import events, rules
from anshin.replies.actions.refusals import MissingName, WrongWord
from anshin.replies.models import PlainWord
from anshin.replies.terms import Language
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def save_word(*, by: Membership, word: str, plain: str, language: str = "ja", now: datetime) -> PlainWord:
    """The word with its plain one; an empty `plain` switches a word of the program off. Known by word and language.

    Raises NotAllowed, MissingName, WrongWord.
    """
    require(by, Permission.EDIT_MACROS)
    word, plain = " ".join(word.split())[:60], " ".join(plain.split())[:120]
    if not rules.word_key(word):
        raise MissingName
    if language not in Language.values or rules.word_key(word) == rules.word_key(plain):
        raise WrongWord
    kept, _created = PlainWord.objects.update_or_create(
        shop_id=by.shop_id,
        language=language,
        key=rules.word_key(word),
        defaults={"word": word, "plain": plain, "changed_at": now, "changed_by": by},
    )
    fact = events.WordSaved(word=word, plain=plain)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return kept


@transaction.atomic
def remove_word(*, by: Membership, word_id: int, now: datetime) -> None:
    """Take out what the shop made of a word; one of the program is as it came again. Raises NotAllowed, WrongWord."""
    require(by, Permission.EDIT_MACROS)
    row = PlainWord.objects.select_for_update().filter(shop_id=by.shop_id, pk=word_id).first()
    if row is None:
        raise WrongWord
    row.delete()
    record(events.WordRemoved(word=row.word), shop_id=by.shop_id, by=shops.actor(by), now=now)
