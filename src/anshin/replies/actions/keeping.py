"""Sentences of replies that the ledger of promises repeats, as a place where struck and erased words stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from anshin.cases.ports import Place, Scope, Sought, Trace
from anshin.cases.terms import PlaceKind
from anshin.plumbing.mail.markup_words import replaced
from anshin.replies import rules
from anshin.replies.models import Promise


class PromiseKeeper:
    """Fills cases.keepers for promises. Owner, day and outcome stay; only the sentence goes, and the key made of it."""

    def traces(self, sought: Sought, scope: Scope) -> Iterator[Trace]:
        """Sentences that these messages promised."""
        for promise in _quoted(scope.shop_id, scope.message_ids).select_related("case").order_by("pk"):
            struck = replaced(promise.quote, sought.find(promise.quote))
            if struck != promise.quote:
                place = Place(PlaceKind.PROMISE, promise.made_at, promise.case.number)
                yield Trace(place, partial(_strike, promise, struck))

    def erase(
        self,
        *,
        shop_id: int,
        message_ids: tuple[int, ...],
        mail_keys: tuple[str, ...],  # noqa: ARG002  a promise has no address
        now: datetime,  # noqa: ARG002  nor keeps the moment
    ) -> list[int]:
        """Take the sentences away; how many promises were kept stays known."""
        for promise in _quoted(shop_id, message_ids):
            _write(promise, "")
        return []

    def erase_originals(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """A promise has no original of its own."""
        return []

    def erase_files(
        self,
        *,
        shop_id: int,  # noqa: ARG002
        message_ids: tuple[int, ...],  # noqa: ARG002
        gone: frozenset[str],  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> list[int]:
        """A promise has no files."""
        return []

    def erase_reports(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """Nothing comes back to a promise."""
        return []

    def copied_messages(self, shop_id: int) -> QuerySet[Any]:
        """A sentence is no copy of what was sent."""
        return Promise.objects.filter(shop_id=shop_id).none().values("message_id")

    def erase_copies(self, *, shop_id: int, message_ids: tuple[int, ...]) -> None:
        """Nothing to empty."""


def _quoted(shop_id: int, message_ids: tuple[int, ...]) -> QuerySet[Promise]:
    return Promise.objects.filter(shop_id=shop_id, message_id__in=message_ids).exclude(quote="")


def _strike(promise: Promise, words: str, _now: datetime) -> list[int]:
    _write(promise, words)
    return []


def _write(promise: Promise, words: str) -> None:
    """The key goes with the sentence: from the old one somebody could still guess what was said."""
    key = rules.promise_key(words) if words else f"#{promise.pk}"
    others = Promise.objects.filter(message=promise.message_id, key=key).exclude(pk=promise.pk)
    promise.quote, promise.key = words, f"#{promise.pk}" if others.exists() else key
    promise.save(update_fields=["quote", "key"])
