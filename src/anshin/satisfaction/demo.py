"""This room's part of the demo shop: it asks, and most of those asked have answered."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from anshin.cases.queries import finished_case
from anshin.satisfaction import letters, rules
from anshin.satisfaction.models import Survey, SurveySetting

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_SAID: Sequence[tuple[int, str]] = (
    (5, "すぐに返事をいただけて安心しました。ありがとうございました。"),
    (4, ""),
    (2, "解決はしましたが、最初の返信まで2日かかったのが残念でした。"),
    (5, ""),
    (5, "写真の撮り方まで教えていただき、助かりました。"),
    (0, ""),
    (3, "普通です"),
    (4, "丁寧でした。返送の箱があるともっと良かったです。"),
    (5, ""),
    (0, ""),
)
"""Answers in the order of the finished cases; 0 for whoever has not answered."""
_AFTER = timedelta(hours=24)


def fill(shop: Shop, *, finished: Sequence[tuple[int, datetime]], now: datetime) -> None:
    """Survey rows as weeks of asking would have left them. `finished`: id and end of each finished case."""
    SurveySetting.objects.create(shop=shop, is_on=True, hours=24)
    asked: list[Survey] = []
    for case_id, ended_at in sorted(finished, key=lambda each: each[1]):
        if ended_at + _AFTER < now and (survey := _asked(shop, case_id, ended_at + _AFTER, len(asked), now)):
            asked.append(survey)
    Survey.objects.bulk_create(asked)


def _asked(shop: Shop, case_id: int, asked_at: datetime, place: int, now: datetime) -> Survey | None:
    found = finished_case(shop, case_id)
    if found is None:
        return None
    facts = rules.Finished(
        status=found.case.status,
        resolution=found.case.resolution,
        topic=found.case.topic,
        was_answered=found.was_answered,
        mail=found.writer.mail,
        mail_arrives=found.mail_arrives,
        asked_last_at=None,
    )
    if rules.why_not(facts, now=now):
        return None
    score, comment = _SAID[place % len(_SAID)]
    answered_at = min(asked_at + timedelta(hours=3 + 5 * (place % 4)), now - timedelta(minutes=20)) if score else None
    return Survey(
        shop=shop,
        case=found.case,
        customer=found.case.customer,
        owner_id=found.case.owner_id,
        token=secrets.token_urlsafe(24),
        language=letters.known(found.case.language or "ja"),
        asked_at=asked_at,
        score=score or None,
        comment=comment if (found.case.language or "ja") == "ja" else "",
        answered_at=answered_at,
        seen_at=answered_at if score >= 3 and place % 2 else None,
    )
