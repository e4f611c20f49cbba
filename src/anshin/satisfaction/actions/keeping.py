"""What customers wrote on their pages, as a place where struck and erased words stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from anshin.cases.ports import Place, Scope, Sought, Trace
from anshin.cases.terms import PlaceKind
from anshin.plumbing.mail.markup_words import replaced
from anshin.satisfaction.models import Survey


class SurveyKeeper:
    """Fills cases.keepers for answers to surveys. Only `traces` and `erase` find anything: there are no originals."""

    def traces(self, sought: Sought, scope: Scope) -> Iterator[Trace]:
        """Words beside answers about the cases of these messages."""
        for survey in _written(scope.shop_id, scope.message_ids).select_related("case").order_by("pk"):
            struck = replaced(survey.comment, sought.find(survey.comment))
            if struck != survey.comment:
                place = Place(PlaceKind.SURVEY, survey.answered_at or survey.asked_at, survey.case.number)
                yield Trace(place, partial(_strike, survey, struck))

    def erase(
        self,
        *,
        shop_id: int,
        message_ids: tuple[int, ...],
        mail_keys: tuple[str, ...],  # noqa: ARG002  an answer has no address
        now: datetime,  # noqa: ARG002  nor keeps the moment
    ) -> list[int]:
        """Take the words away; the five figures stay."""
        _written(shop_id, message_ids).update(comment="")
        return []

    def erase_originals(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """An answer has no original."""
        return []

    def erase_files(
        self,
        *,
        shop_id: int,  # noqa: ARG002
        message_ids: tuple[int, ...],  # noqa: ARG002
        gone: frozenset[str],  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> list[int]:
        """An answer has no files."""
        return []

    def erase_reports(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """Nothing comes back to an answer."""
        return []

    def copied_messages(self, shop_id: int) -> QuerySet[Any]:
        """An answer is no copy of a message."""
        return Survey.objects.filter(shop_id=shop_id).none().values("message_id")

    def erase_copies(self, *, shop_id: int, message_ids: tuple[int, ...]) -> None:
        """Nothing to empty."""


def _written(shop_id: int, message_ids: tuple[int, ...]) -> QuerySet[Survey]:
    theirs = Survey.objects.filter(shop_id=shop_id, case__messages__in=message_ids).values("pk")
    return Survey.objects.filter(pk__in=theirs).exclude(comment="")


def _strike(survey: Survey, words: str, _now: datetime) -> list[int]:
    survey.comment = words
    survey.save(update_fields=["comment"])
    return []
