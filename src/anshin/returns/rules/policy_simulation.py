"""What another policy would have decided about what customers asked for in the past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from anshin.returns.rules.policy_content import PolicyContent
from anshin.returns.rules.policy_judging import Asked, Decision, judge
from anshin.returns.terms import Payer, Verdict


@dataclass(frozen=True, slots=True)
class Past:
    """One line that somebody asked to send back. Units: `cost_yen` what was or would be paid back for it,
    `bought_again_yen` what the same customer bought after asking, whole yen."""

    asked: Asked
    cost_yen: int
    bought_again_yen: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two policies on the same past. `stricter`: allowed or for a person before, refused now; `milder` the reverse."""

    total: int = 0
    refused_before: int = 0
    refused_after: int = 0
    stricter: int = 0
    milder: int = 0
    postage_to_customer: int = 0
    postage_to_shop: int = 0
    cost_yen: int = 0
    stricter_cost_yen: int = 0
    milder_cost_yen: int = 0
    came_again: int = 0
    bought_again_yen: int = 0

    @property
    def stricter_percent(self) -> float:
        """Share of all requests that would be refused now, in percent with one decimal."""
        return _percent(self.stricter, self.total)

    @property
    def cost_percent(self) -> float:
        """Share of what was paid back that would not be, in percent with one decimal."""
        return _percent(self.stricter_cost_yen, self.cost_yen)


def compare(
    before: PolicyContent | None,
    after: PolicyContent,
    past: Sequence[Past],
    *,
    is_closed: Callable[[date], bool] | None = None,
) -> Comparison:
    """What would have changed. `before` None: the law alone. The terms count as shown under both."""
    rows = [_Row(each, _decided(before, each, is_closed), _decided(after, each, is_closed)) for each in past]
    stricter = [row.past for row in rows if row.is_refused_after and not row.is_refused_before]
    milder = [row.past for row in rows if row.is_refused_before and not row.is_refused_after]
    payers = [
        (row.before.payer, row.after.payer) for row in rows if not row.is_refused_before and not row.is_refused_after
    ]
    return Comparison(
        total=len(rows),
        refused_before=sum(row.is_refused_before for row in rows),
        refused_after=sum(row.is_refused_after for row in rows),
        stricter=len(stricter),
        milder=len(milder),
        postage_to_customer=payers.count((Payer.SHOP, Payer.CUSTOMER)),
        postage_to_shop=payers.count((Payer.CUSTOMER, Payer.SHOP)),
        cost_yen=sum(row.past.cost_yen for row in rows if not row.is_refused_before),
        stricter_cost_yen=sum(each.cost_yen for each in stricter),
        milder_cost_yen=sum(each.cost_yen for each in milder),
        came_again=sum(each.bought_again_yen > 0 for each in stricter),
        bought_again_yen=sum(each.bought_again_yen for each in stricter),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    past: Past
    before: Decision
    after: Decision

    @property
    def is_refused_before(self) -> bool:
        return self.before.verdict == Verdict.REFUSED

    @property
    def is_refused_after(self) -> bool:
        return self.after.verdict == Verdict.REFUSED


def _decided(content: PolicyContent | None, past: Past, is_closed: Callable[[date], bool] | None) -> Decision:
    return judge(content, replace(past.asked, was_shown=True), is_closed=is_closed)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
