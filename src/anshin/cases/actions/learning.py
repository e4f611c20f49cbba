"""Learning topics from what people corrected, in a process of its own."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from anshin.cases import events, rules
from anshin.cases.actions import standing
from anshin.cases.actions.own_topics import in_use
from anshin.cases.models import TopicCorrection, TopicLearning
from anshin.cases.queries.topics import model_for, topic_codes
from anshin.language.topics.model import base_model
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actions import record

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_PROGRAM = "anshin.language.topics.learning"
_SECONDS = 1_800
_KEPT_MODELS = 2


class LearningFailed(Exception):
    """The process that learns ended without an answer; tried again the next night."""

    permanent = True


def learn_topics(*, shop: Shop, now: datetime) -> TopicLearning | None:
    """The night's learning, or None where too few people corrected anything new. Raises LearningFailed."""
    rows = TopicCorrection.objects.filter(shop=shop).exclude(message__text="").select_related("message")
    known = list(rows.order_by("-at", "-id")[: rules.MOST_CORRECTIONS])
    last = TopicLearning.objects.filter(shop=shop).order_by("-at", "-id").first()
    fresh = [row for row in known if last is None or row.at > last.at]
    if len(known) < rules.FEWEST_CORRECTIONS or not fresh:
        return None
    version, model = model_for(shop)
    before = "" if version == base_model().about.version else base64.b64encode(model.to_bytes()).decode()
    codes = topic_codes(shop)
    usable = frozenset(codes)
    lines = [
        {
            "topics": list(dict.fromkeys(in_use(code, usable) for code in row.topics)),
            "lang": "",
            "subject": row.message.subject,
            "text": row.message.text,
        }
        for row in known
    ]
    told = _learnt({"codes": codes, "before": before, "corrections": lines})
    return _kept(shop, told, now)


def _learnt(asked: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", _PROGRAM]
    try:
        done = subprocess.run(
            command, input=json.dumps(asked), capture_output=True, text=True, timeout=_SECONDS, check=True
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as wrong:
        raise LearningFailed(getattr(wrong, "stderr", "") or str(wrong)) from wrong
    return answer


def _kept(shop: Shop, told: dict[str, Any], now: datetime) -> TopicLearning:
    """The learning with its model, if it is used; models of former nights are let go."""
    report, is_used = told["report"], bool(told["report"]["is_no_worse"])
    blob = keep(shop.pk, base64.b64decode(told["model"]), now=now) if is_used else None
    with transaction.atomic():
        learning = TopicLearning.objects.create(
            shop=shop,
            at=now,
            version=f"shop-{now:%Y%m%d%H%M%S}",
            is_used=is_used,
            correction_count=report["correction_count"],
            figures=report,
            blob=blob,
        )
        used = TopicLearning.objects.filter(shop=shop, is_used=True).order_by("-at", "-id")
        old = list(used.values_list("pk", flat=True)[_KEPT_MODELS:])
        TopicLearning.objects.filter(pk__in=old).update(blob=None)
        fact = events.TopicsLearnt(
            correction_count=report["correction_count"],
            right_before=report["right_before"],
            right_after=report["right_after"],
            is_used=is_used,
        )
        record(fact, shop_id=shop.pk, by=standing.SYSTEM, now=now)
    return learning
