"""Phrases: short texts of one person's own. Nobody else sees them, so the journal does not tell of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.replies import rules
from anshin.replies.actions.refusals import MissingName, MissingText, WrongMacro, WrongPlaceholders
from anshin.replies.models import Phrase
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def save_phrase(*, by: Membership, name: str, text: str, phrase_id: int | None = None, now: datetime) -> Phrase:
    """The person's phrase, new or changed. Raises NotAllowed, WrongMacro, MissingName, MissingText,
    WrongPlaceholders."""
    require(by, Permission.ANSWER)
    phrase = Phrase(shop_id=by.shop_id, author=by)
    if phrase_id:
        found = Phrase.objects.select_for_update().filter(author=by, pk=phrase_id).first()
        if found is None:
            raise WrongMacro
        phrase = found
    phrase.name = " ".join(name.split())[: rules.LONGEST_NAME]
    phrase.text = text.replace("\r\n", "\n").strip()
    if not phrase.name:
        raise MissingName
    if not phrase.text:
        raise MissingText("")
    if wrong := rules.wrong_in(phrase.text):
        raise WrongPlaceholders("", wrong)
    phrase.search_key, phrase.changed_at = rules.search_key(phrase.name, phrase.text[:200]), now
    phrase.save()
    return phrase


@transaction.atomic
def remove_phrase(*, by: Membership, phrase_id: int) -> None:
    """Throw the person's own phrase away."""
    Phrase.objects.filter(author=by, pk=phrase_id).delete()
