"""The words of one language, and what has to be done before the publication."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from anshin.safety import events
from anshin.safety.actions.approving import void_approval
from anshin.safety.actions.keeping import locked, note
from anshin.safety.actions.refusals import IllegalStep, UnknownAdvisory, WordsMissing
from anshin.safety.models import Advisory, AdvisoryWording, Preparation
from anshin.safety.terms import LANGUAGES, AdvisoryState, Words
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def word(*, by: Membership, advisory_id: int, language: str, words: Words, now: datetime) -> Advisory:
    """Write the words of a language for the facts as they are; void the approval, since words are what people read.

    The author of words counts as the author: whoever wrote last does not approve.
    Raises NotAllowed, UnknownAdvisory, IllegalStep, WordsMissing; ValueError for a language that is not ours.
    """
    advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
    if language not in LANGUAGES:
        raise ValueError(language)
    if advisory.state in {AdvisoryState.WITHDRAWN, AdvisoryState.CLOSED}:
        raise IllegalStep
    given = {name: getattr(words, name).strip() for name in Words.__slots__}
    if not all(given[name] for name in ("product", "heading", "hazard", "what_to_do")):
        raise WordsMissing
    former = AdvisoryWording.objects.filter(advisory=advisory, language=language).first()
    if former and former.version == advisory.facts_version and all(getattr(former, n) == v for n, v in given.items()):
        return advisory
    if advisory.state == AdvisoryState.RELEASED and advisory.approved_version == advisory.facts_version:
        advisory.facts_version += 1  # a correction begins with its words
        others = AdvisoryWording.objects.filter(
            advisory=advisory, version=advisory.facts_version - 1
        )  # stale ones stay so
        others.exclude(language=language).update(version=advisory.facts_version)
    AdvisoryWording.objects.update_or_create(
        advisory=advisory,
        language=language,
        defaults={
            **given,
            "shop_id": advisory.shop_id,
            "version": advisory.facts_version,
            "written_by": by,
            "written_at": now,
        },
    )
    advisory.author = by
    advisory.sent_back_words = ""  # taken up
    void_approval(advisory, reason="words", by=by, now=now)
    advisory.save()
    fact = events.AdvisoryWorded(advisory_id=advisory.pk, language=language, version=advisory.facts_version)
    note(advisory, fact, by=by, now=now)
    return advisory


@transaction.atomic
def add_preparation(
    *, by: Membership, advisory_id: int, words: str, due_at: datetime | None = None
) -> Preparation | None:
    """Put something on the list of what is to be done; nothing for empty words. Raises NotAllowed, UnknownAdvisory."""
    advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
    if not words.strip():
        return None
    last = advisory.preparations.aggregate(last=Max("position"))["last"] or 0
    return Preparation.objects.create(
        shop_id=advisory.shop_id, advisory=advisory, position=last + 1, words=words.strip()[:200], due_at=due_at
    )


@transaction.atomic
def tick(*, by: Membership, advisory_id: int, preparation_id: int, is_done: bool, now: datetime) -> None:
    """Say that something of the list was done, or not yet. Raises NotAllowed, UnknownAdvisory."""
    advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
    changed = Preparation.objects.filter(advisory=advisory, pk=preparation_id).update(
        done_at=now if is_done else None, done_by=by if is_done else None
    )
    if not changed:
        raise UnknownAdvisory
