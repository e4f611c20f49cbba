"""Decisions about promoters: who is verified on a day, and what the figures of an account say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from anshin.promoters.terms import VALID_DAYS, Standing, Verdict


def standing(verdict: str, until: date | None, *, today: date) -> Standing:
    """What holds on `today`. `verdict`: of the newest check, "" without one; `until`: its last day when verified."""
    if verdict == Verdict.PASSED_OVER:
        return Standing.PASSED_OVER
    if verdict == Verdict.VERIFIED and until is not None and today <= until:
        return Standing.VERIFIED
    return Standing.UNVERIFIED


def has_run_out(verdict: str, until: date | None, *, today: date) -> bool:
    """Whether a verification held once and holds no more."""
    return verdict == Verdict.VERIFIED and until is not None and today > until


def valid_until(checked_on: date) -> date:
    """The last day on which a check of that day holds."""
    return checked_on + timedelta(days=VALID_DAYS)


def reaction_percent(*, reactions: int | None, followers: int) -> Decimal | None:
    """Reactions per post in percent of followers, two decimals; None where it cannot be told."""
    if reactions is None or followers < 1:
        return None
    return (Decimal(reactions * 100) / followers).quantize(Decimal("0.01"), ROUND_HALF_UP)


def difference_percent(*, stated: int, seen: int) -> int | None:
    """How many percent fewer (below 0) or more followers were seen than stated; None where nothing was stated."""
    if stated < 1:
        return None
    return int((Decimal((seen - stated) * 100) / stated).quantize(Decimal(1), ROUND_HALF_UP))
