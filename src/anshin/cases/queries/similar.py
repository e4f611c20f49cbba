"""Finished cases that were about the same, and how they ended: what a clerk reads before she answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from anshin.cases.models import Case, Message
from anshin.cases.queries.search_documents import AREA, KIND
from anshin.cases.terms import Delivery, Direction, Resolution, Status
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.search.alike import Alike, alike
from anshin.plumbing.search.terms import Scope
from anshin.shops.queries import may
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_MOST: Final = 4
_LOOKED_AT: Final = 12
_SAME_TOPIC: Final = 1.5
_OTHER_TOPIC: Final = 0.7
_LEAST: Final = 0.1
_RECENT: Final = 400
"""Finished cases among which one of the same topic is looked for when few were about the same."""
_TELLS_NOTHING: Final = (Resolution.DUPLICATE, Resolution.NOT_A_CASE)
_LEFT: Final = (Delivery.SENT, Delivery.BOUNCED, Delivery.UNSURE)


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """A finished case about the same. `answer` is the shop's last message in it, without signature and quotes, "" when
    it was ended without one."""

    number: int
    subject: str
    topic: str
    resolution: str
    closed_at: datetime
    answer: str


def similar_cases(by: Membership, case: Case, *, now: datetime) -> list[SimilarCase]:
    """The best few, most like first; those of the same topic count more, and the newest of it fill up what is left. The
    customer's own earlier cases stand beside the case anyway. At most nine queries, however many cases the shop has.
    """
    if not may(by, Permission.READ_CASES) or case.status == Status.SPAM:
        return []
    finished = Case.objects.filter(shop_id=by.shop_id, status=Status.CLOSED, merged_into=None, emptied_at=None)
    within = finished.exclude(resolution__in=_TELLS_NOTHING)
    if case.customer_id:
        within = within.exclude(customer_id=case.customer_id)
    scope = Scope(by.shop_id, (AREA,), sees_inner=False)
    found = alike(KIND, case.pk, scope, now=now, within=within, most=_LOOKED_AT)
    rows = within.in_bulk([each.object_id for each in found]) if found else {}
    shown = _best([(each, rows[each.object_id]) for each in found if each.object_id in rows], case)
    if len(shown) < _MOST and case.topic:
        recent = finished.order_by("-last_activity_at", "-id").values("pk")[:_RECENT]
        same = within.filter(pk__in=recent, topic=case.topic).exclude(pk__in=[row.pk for row in shown])
        shown += same.order_by("-last_activity_at", "-id")[: _MOST - len(shown)]
    answers = _answers([row.pk for row in shown]) if shown else {}
    return [
        SimilarCase(
            number=row.number,
            subject=row.subject,
            topic=row.topic,
            resolution=row.resolution,
            closed_at=row.closed_at or row.last_activity_at,
            answer=answers.get(row.pk, ""),
        )
        for row in shown
    ]


def _best(found: list[tuple[Alike, Case]], case: Case) -> list[Case]:
    def worth(each: tuple[Alike, Case]) -> float:
        likeness, row = each
        if not case.topic or not row.topic:
            return likeness.likeness
        return likeness.likeness * (_SAME_TOPIC if row.topic == case.topic else _OTHER_TOPIC)

    return [row for likeness, row in sorted(found, key=worth, reverse=True) if worth((likeness, row)) >= _LEAST][:_MOST]


def _answers(case_ids: list[int]) -> dict[int, str]:
    """What the shop said last in each case."""
    said = Message.objects.filter(case_id__in=case_ids, direction=Direction.OUT, delivery__in=_LEFT)
    rows = said.order_by("at", "id").values_list("case_id", "text", "quoted_from")
    return {case_id: masked(text[:quoted_from] if quoted_from else text).strip() for case_id, text, quoted_from in rows}
