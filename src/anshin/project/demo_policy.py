"""The demo shop's policy of returns: an older version, the one in force, and a draft that is stricter."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from anshin.returns.actions import policies

if TYPE_CHECKING:
    from anshin.returns.models import Policy
    from anshin.shops.models import Membership

FIRST_ON, NOW_ON = date(2025, 6, 1), date(2026, 4, 1)
_OLD: dict[str, Any] = {
    "defect_days": 14,
    "defect_start": "delivery",
    "defect_ways": ["refund", "exchange"],
    "accepts": True,
    "days": 30,
    "start": "delivery",
    "allows_opened": True,
    "payer": "customer",
    "excluded_tags": ["food", "hygiene"],
    "excludes_used": True,
    "wishes": ["refund", "exchange"],
}
_NOW: dict[str, Any] = _OLD | {
    "defect_ways": ["refund", "exchange", "repair"],
    "days": 14,
    "moves_on_holiday": True,
    "needs_package": True,
    "needs_accessories": True,
    "excluded_tags": ["food", "hygiene", "made_to_order"],
    "overrides": [{"kind": "tag", "value": "sale", "days": 7}, {"kind": "tag", "value": "limited", "days": 7}],
    "wishes": ["refund", "exchange", "repair", "keep"],
    "person_channels": ["amazon"],
    "person_above_yen": 30_000,
}
_DRAFT: dict[str, Any] = _NOW | {"days": 10, "fee_yen": 300}


def fill(*, by: Membership, opened: datetime, now: datetime) -> None:
    """Two versions and a draft, written by whoever runs the shop; the terms stand at both places."""
    zone = ZoneInfo(by.shop.zone)
    _published(by, _OLD, FIRST_ON, shown_on=FIRST_ON, now=opened)
    week_before = datetime.combine(NOW_ON - timedelta(days=7), time(15, 20), zone)
    _published(by, _NOW, NOW_ON, shown_on=NOW_ON, now=week_before)
    draft_at = now - timedelta(days=1, hours=2)
    draft = policies.start_draft(by=by, now=draft_at)
    policies.save_draft(by=by, policy_id=draft.pk, content=_DRAFT, now=draft_at + timedelta(minutes=12))


def _published(by: Membership, content: dict[str, Any], valid_from: date, *, shown_on: date, now: datetime) -> Policy:
    draft = policies.start_draft(by=by, now=now)
    policies.save_draft(by=by, policy_id=draft.pk, content=content, now=now)
    for where, proof in (("cart", "https://komorebi.example/cart"), ("final_page", "https://komorebi.example/confirm")):
        policies.tell_showing(by=by, policy_id=draft.pk, where=where, since_on=shown_on, proof=proof, now=now)
    return policies.publish(by=by, policy_id=draft.pk, valid_from=valid_from, now=now)
