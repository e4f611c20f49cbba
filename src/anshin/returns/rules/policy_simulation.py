"""What another policy would have decided about what customers asked for in the past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from anshin.returns.rules.policy_content import PolicyContent
from anshin.returns.rules.policy_judging import Asked, judge
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
    rows = [(each, *(_verdict(terms, each, is_closed) for terms in (before, after))) for each in past]
    stricter = [row for row, (old, _payer), (new, _other) in rows if new == Verdict.REFUSED != old]
    milder = [row for row, (old, _payer), (new, _other) in rows if old == Verdict.REFUSED != new]
    moved = [(payer, other) for _row, (old, payer), (new, other) in rows if Verdict.REFUSED not in {old, new}]
    return Comparison(
        total=len(rows),
        refused_before=sum(old == Verdict.REFUSED for _row, (old, _payer), _new in rows),
        refused_after=sum(new == Verdict.REFUSED for _row, _old, (new, _payer) in rows),
        stricter=len(stricter),
        milder=len(milder),
        postage_to_customer=moved.count((Payer.SHOP, Payer.CUSTOMER)),
        postage_to_shop=moved.count((Payer.CUSTOMER, Payer.SHOP)),
        cost_yen=sum(row.cost_yen for row, (old, _payer), _new in rows if old != Verdict.REFUSED),
        stricter_cost_yen=sum(row.cost_yen for row in stricter),
        milder_cost_yen=sum(row.cost_yen for row in milder),
        came_again=sum(row.bought_again_yen > 0 for row in stricter),
        bought_again_yen=sum(row.bought_again_yen for row in stricter),
    )


def _verdict(
    content: PolicyContent | None, past: Past, is_closed: Callable[[date], bool] | None
) -> tuple[Verdict, Payer]:
    decision = judge(content, replace(past.asked, was_shown=True), is_closed=is_closed)
    return decision.verdict, decision.payer


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
