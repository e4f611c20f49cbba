"""The customer answers on the page, may change the answer, and somebody of the shop reads it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.satisfaction import events, rules
from anshin.satisfaction.models import Survey
from anshin.satisfaction.terms import LONGEST_COMMENT, Score
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop


class UnknownSurvey(Refused):
    """There is no such answer in this shop."""

    def __init__(self) -> None:
        super().__init__(_("There is no such answer any more. Load the page again."))


class NoScore(Refused):
    """None of the five was chosen."""

    def __init__(self) -> None:
        super().__init__(_("Please choose one of the five."))


class TooLate(Refused):
    """The time for an answer, or for another one, is over."""

    def __init__(self) -> None:
        super().__init__(_("The time for an answer is over."))


@transaction.atomic
def answer(*, shop: Shop, token: str, score: int, comment: str, now: datetime) -> Survey:
    """Keep what the customer chose and wrote; the same again changes nothing.

    `comment` is cut after LONGEST_COMMENT characters. Raises UnknownSurvey, NoScore, TooLate.
    """
    survey = Survey.objects.select_for_update().filter(shop=shop, token=token).first()
    if survey is None:
        raise UnknownSurvey
    if score not in Score.values:
        raise NoScore
    if not rules.may_answer(asked_at=survey.asked_at, answered_at=survey.answered_at, now=now):
        raise TooLate
    words, former = comment.replace("\x00", "").strip()[:LONGEST_COMMENT], survey.score
    if (score, words) == (former, survey.comment):
        return survey
    survey.score, survey.comment, survey.seen_at = score, words, None
    survey.answered_at = survey.answered_at or now
    survey.save(update_fields=["score", "comment", "seen_at", "answered_at"])
    fact = events.SurveyAnswered(survey_id=survey.pk, score=score, former=former or 0, has_words=bool(words))
    record(fact, shop_id=shop.pk, by=Actor.customer(survey.customer_id, ""), now=now, case_id=survey.case_id)
    return survey


@transaction.atomic
def mark_seen(*, by: Membership, survey_id: int, now: datetime) -> None:
    """Say that an answer was read. Raises NotAllowed, UnknownSurvey."""
    require(by, Permission.ANSWER)
    survey = Survey.objects.select_for_update().filter(shop=by.shop, pk=survey_id, answered_at__isnull=False).first()
    if survey is None:
        raise UnknownSurvey
    if survey.seen_at is None:
        survey.seen_at = now
        survey.save(update_fields=["seen_at"])
        fact = events.SurveySeen(survey_id=survey.pk)
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=survey.case_id)
