"""Asking the customer of a finished case, once, some hours after its end."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from anshin.cases.actions import NoMailbox, write_after_the_end
from anshin.cases.queries import FinishedCase, finished_case
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.satisfaction import events, letters, rules
from anshin.satisfaction.models import Survey, SurveySetting
from anshin.satisfaction.queries import setting_of
from anshin.satisfaction.terms import NotAsked

if TYPE_CHECKING:
    from anshin.cases.models import Message
    from anshin.shops.models import Shop

SURVEY = Actor.system("survey")
_ASK = "anshin.satisfaction.jobs.ask"
_TOKEN_BYTES = 24


def ask_later(*, shop_id: int, case_id: int, now: datetime) -> bool:
    """Have the customer asked once the shop's hours are over: whether that is so. Inside the caller's transaction."""
    setting = SurveySetting.objects.filter(shop_id=shop_id, is_on=True).first()
    if setting is None or Survey.objects.filter(case_id=case_id).exists():
        return False
    run_at = now + timedelta(hours=setting.hours)
    enqueue(_ASK, case_id, run_at=run_at, unique_key=f"survey:{case_id}", shop_id=shop_id, now=now)
    return True


@transaction.atomic
def ask(*, shop: Shop, case_id: int, now: datetime) -> Survey | None:
    """Write to the customer with a link to their page, or write down why not. Safe to run twice: a case has one
    survey for ever, and its mail is written in the same transaction."""
    found = finished_case(shop, case_id)
    if found is None or Survey.objects.filter(case_id=case_id).exists():
        return None
    why = _why_not(shop, found, now)
    if why:
        _not_asked(shop, case_id, why, now)
        return None
    survey = Survey(
        shop=shop,
        case=found.case,
        customer=found.case.customer,
        owner_id=found.case.owner_id,
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        language=letters.known(found.case.language or "ja"),
        asked_at=now,
    )
    try:
        with transaction.atomic():
            survey.message = message = _write(shop, found, survey, now)
            survey.save()
    except NoMailbox:
        _not_asked(shop, case_id, NotAsked.NO_ADDRESS, now)
        return None
    fact = events.SurveyAsked(survey_id=survey.pk, message_id=message.pk)
    record(fact, shop_id=shop.pk, by=SURVEY, now=now, case_id=case_id)
    return survey


def _why_not(shop: Shop, found: FinishedCase, now: datetime) -> str:
    if not setting_of(shop).is_on:
        return NotAsked.SWITCHED_OFF
    customer = found.case.customer
    earlier = Survey.objects.filter(shop=shop, customer=customer) if customer else Survey.objects.none()
    finished = rules.Finished(
        status=found.case.status,
        resolution=found.case.resolution,
        topic=found.case.topic,
        was_answered=found.was_answered,
        mail=found.writer.mail,
        mail_arrives=found.mail_arrives,
        asked_last_at=earlier.order_by("-asked_at").values_list("asked_at", flat=True).first(),
    )
    return rules.why_not(finished, now=now)


def _not_asked(shop: Shop, case_id: int, why: str, now: datetime) -> None:
    record(events.SurveyNotAsked(why=str(why)), shop_id=shop.pk, by=SURVEY, now=now, case_id=case_id)


def _write(shop: Shop, found: FinishedCase, survey: Survey, now: datetime) -> Message:
    letter = letters.asking(
        name=found.writer.name,
        shop=shop.name if survey.language == "ja" else shop.name_en or shop.name,
        number=found.case.number,
        about=found.case.subject,
        link=f"{settings.ANSHIN_ADDRESS}{reverse('portal:survey', args=[shop.slug, survey.token])}",
        language=survey.language,
    )
    return write_after_the_end(
        shop=shop,
        case_id=found.case.pk,
        by=SURVEY,
        to=found.writer,
        subject=letter.subject,
        text=letter.text,
        turn="survey",
        now=now,
    )
