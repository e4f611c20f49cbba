"""The decision table: reason × condition × goods × channel → allowed, a person decides, or refused; and who pays.

Three paths. What is the shop's or nobody's doing yet (defect, damage, wrong item, not like the picture) is contract
liability: no period of the policy refuses it. A change of mind follows item 2 and 3. Where the terms were not shown
when it was ordered, the eight days of the law hold at least.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from anshin.returns.rules.policy_content import Override, PolicyContent
from anshin.returns.rules.policy_window import last_day, last_day_by_law
from anshin.returns.terms import Condition, Payer, Reason, StartEvent, Verdict

CONTRACT = frozenset({Reason.NOT_AS_PICTURED, Reason.DEFECT, Reason.DAMAGED, Reason.WRONG_ITEM, Reason.MISSING_PART})
UNCLEAR = frozenset({Reason.TOO_LATE, Reason.OTHER})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known about one line at the moment of asking. Dates are those of the shop's time zone.

    `shipped_on`, `delivered_on` None: not known. `accessories_kept` None: not asked. `was_shown`: the terms stood
    near the cart and on the final confirmation page on the day of the order.
    """

    reason: str
    condition: str
    ordered_on: date
    asked_on: date
    shipped_on: date | None = None
    delivered_on: date | None = None
    sku: str = ""
    tags: tuple[str, ...] = ()
    channel: str = ""
    amount_yen: int = 0
    is_gift: bool = False
    has_photos: bool = False
    accessories_kept: bool | None = True
    was_shown: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition that was looked at. `value` fills the sentence of its detail: a date or ""."""

    code: str
    ok: bool
    detail: str = ""
    value: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes out; `clause` is the code of the clause that says so (policy_clauses)."""

    verdict: Verdict
    payer: Payer
    clause: str
    findings: tuple[Finding, ...] = ()
    until: date | None = None
    is_by_law: bool = False
    needs_photos: bool = False
    fee_yen: int = 0


@dataclass(slots=True)
class _Period:
    """Whether one period has run out. `is_over` None: nobody can say."""

    until: date | None
    is_over: bool | None
    findings: list[Finding] = field(default_factory=list)


def judge(content: PolicyContent | None, asked: Asked, *, is_closed: Callable[[date], bool] | None = None) -> Decision:
    """The decision on one line. `content` None: the shop had no policy when it was ordered.

    `is_closed`: the shop's closed days, looked at only where the policy moves an end on such a day.
    """
    if asked.reason in CONTRACT or asked.reason in UNCLEAR:
        decision = _contract(content, asked, is_closed)
    else:
        decision = _mind(content, asked, is_closed)
    return _with_gift(_with_person(content, asked, decision), asked)


def _contract(content: PolicyContent | None, asked: Asked, is_closed: Callable[[date], bool] | None) -> Decision:
    """Never refused: after the period, or where it cannot be said, a person looks.

    Source: Civil Code of Japan, articles 562 to 566 (liability for what does not conform to the contract).
    """
    needs_photos = _needs_photos(content, asked)
    if content is None:
        return Decision(Verdict.NEEDS_PERSON, Payer.SHOP, "contract", needs_photos=needs_photos)
    own = content.override_for(sku=asked.sku, tags=asked.tags)
    days = own.defect_days if own and own.defect_days is not None else content.defect_days
    period = _period(content, asked, days=days, start=content.defect_start, is_closed=is_closed)
    findings = [*period.findings, *(finding for finding, _clause in _photos(content, asked))]
    is_clear = asked.reason in CONTRACT and period.is_over is False and (asked.has_photos or not needs_photos)
    clause = "fault.pictured" if asked.reason == Reason.NOT_AS_PICTURED else "fault.defect"
    if period.is_over or asked.reason in UNCLEAR:
        clause = "fault.late"
    elif own and own.defect_days is not None:
        clause = override_code(content, own)
    return Decision(
        verdict=Verdict.ALLOWED if is_clear else Verdict.NEEDS_PERSON,
        payer=Payer.SHOP,
        clause=clause,
        findings=tuple(findings),
        until=period.until,
        needs_photos=needs_photos,
    )


def _needs_photos(content: PolicyContent | None, asked: Asked) -> bool:
    reasons = (content or PolicyContent()).photo_reasons
    return asked.reason in reasons


def _mind(content: PolicyContent | None, asked: Asked, is_closed: Callable[[date], bool] | None) -> Decision:
    """The policy's word, or the law's where that leaves the customer more and the terms had not been shown."""
    if content is None:
        return _by_law(asked)
    own = _own_terms(content, asked, is_closed)
    if asked.was_shown:
        return own
    by_law = _by_law(asked)
    stated = Finding("stated", ok=False, detail="not_shown")
    if own.verdict == Verdict.ALLOWED and (own.payer == Payer.SHOP or by_law.verdict != Verdict.ALLOWED):
        return replace(own, findings=(*own.findings, stated))
    if by_law.verdict == Verdict.REFUSED and own.verdict == Verdict.NEEDS_PERSON:
        return replace(own, findings=(*own.findings, stated))
    if own.verdict == Verdict.ALLOWED and own.until and by_law.until:
        return replace(by_law, until=max(own.until, by_law.until))
    return by_law


def _by_law(asked: Asked) -> Decision:
    """Eight days from delivery, at the buyer's cost; used goods are for a person, since the law speaks of no use.

    Source: 特定商取引に関する法律 第15条の3 第1項・第2項, read 2026-11-26.
    """
    findings = [Finding("stated", ok=False, detail="not_shown")]
    until = last_day_by_law(asked.delivered_on) if asked.delivered_on else None
    is_over = _is_over(until, asked, last_day_by_law)
    findings.append(_in_time(until, is_over=is_over))
    is_used = asked.condition == Condition.USED
    findings.append(Finding("unused", ok=not is_used, detail="used" if is_used else ""))
    verdict = Verdict.NEEDS_PERSON
    if is_over:
        verdict = Verdict.REFUSED
    elif is_over is False and not is_used:
        verdict = Verdict.ALLOWED
    return Decision(verdict, Payer.CUSTOMER, "law", tuple(findings), until, is_by_law=True)


def _own_terms(content: PolicyContent, asked: Asked, is_closed: Callable[[date], bool] | None) -> Decision:
    """Item 2 and item 3 with what the goods have of their own; the first that refuses is the one that is cited."""
    own = content.override_for(sku=asked.sku, tags=asked.tags)
    days = own.days if own and own.days is not None else content.days
    period = _period(content, asked, days=days, start=content.start, is_closed=is_closed)
    general = override_code(content, own) if own else "mind.period"
    is_accepted = bool(content.accepts) or (own is not None and own.days is not None)
    steps = [
        _returnable(content, asked, own, is_accepted=is_accepted),
        *((each, general) for each in period.findings if is_accepted),
        *_state(content, asked),
        *_photos(content, asked),
    ]
    against = [(finding, clause) for finding, clause in steps if not finding.ok]
    refusing = [clause for finding, clause in against if finding.detail not in _LEFT_TO_A_PERSON]
    findings = tuple(finding for finding, _clause in steps)
    payer = (own.payer if own and own.payer else content.payer) or Payer.CUSTOMER
    fee = own.fee_yen if own and own.fee_yen is not None else content.fee_yen
    verdict = Verdict.REFUSED if refusing else Verdict.NEEDS_PERSON if against else Verdict.ALLOWED
    return Decision(
        verdict=verdict,
        payer=Payer(payer),
        clause=next(iter([*refusing, *(clause for _finding, clause in against), general])),
        findings=findings,
        until=period.until if is_accepted else None,
        needs_photos=_needs_photos(content, asked),
        fee_yen=fee,
    )


_LEFT_TO_A_PERSON = frozenset({"unknown_start", "accessories_unknown", "accessories_missing", "photos_missing"})


def _returnable(
    content: PolicyContent, asked: Asked, own: Override | None, *, is_accepted: bool
) -> tuple[Finding, str]:
    """Whether goods of this kind come back at all, and which clause says so."""
    if own and own.refused:
        return Finding("returnable", ok=False, detail="own_refused"), override_code(content, own)
    if set(asked.tags) & set(content.excluded_tags) and not (own and own.kind == "sku"):
        return Finding("returnable", ok=False, detail="excluded"), "excluded.goods"
    if not is_accepted:
        return Finding("returnable", ok=False, detail="not_accepted"), "mind.period"
    return Finding("returnable", ok=True), "mind.period"


def _state(content: PolicyContent, asked: Asked) -> list[tuple[Finding, str]]:
    """Whether it is unused, unopened and complete, as far as the policy asks for it."""
    steps: list[tuple[Finding, str]] = []
    if not content.allows_used or content.excludes_used:
        clause = "excluded.state" if content.excludes_used else "mind.conditions"
        is_used = asked.condition == Condition.USED
        steps.append((Finding("unused", ok=not is_used, detail="used" if is_used else ""), clause))
    if not content.allows_opened or content.excludes_opened:
        clause = "excluded.state" if content.excludes_opened else "mind.conditions"
        is_open = asked.condition != Condition.UNUSED
        steps.append((Finding("unopened", ok=not is_open, detail="opened" if is_open else ""), clause))
    if content.needs_accessories:
        kept = asked.accessories_kept
        detail = "accessories_unknown" if kept is None else "" if kept else "accessories_missing"
        steps.append((Finding("accessories", ok=bool(kept), detail=detail), "mind.conditions"))
    return steps


def _photos(content: PolicyContent, asked: Asked) -> list[tuple[Finding, str]]:
    if not _needs_photos(content, asked):
        return []
    detail = "photos" if asked.has_photos else "photos_missing"
    return [(Finding("photos", ok=asked.has_photos, detail=detail), "fault.photos")]


def _period(
    content: PolicyContent,
    asked: Asked,
    *,
    days: int | None,
    start: str,
    is_closed: Callable[[date], bool] | None,
) -> _Period:
    """Whether the request comes in time. Where the start is unknown, an order young enough is in time all the same."""
    if days is None:
        return _Period(None, is_over=None)
    closed = is_closed if content.moves_on_holiday else None
    start_on = _start_of(start, asked)
    until = last_day(start_on, days, is_closed=closed) if start_on else None
    is_over = _is_over(until, asked, lambda day: last_day(day, days, is_closed=closed))
    return _Period(until, is_over, [_in_time(until, is_over=is_over)])


def _start_of(start: str, asked: Asked) -> date | None:
    if start == StartEvent.ORDER:
        return asked.ordered_on
    return asked.shipped_on if start == StartEvent.SHIPPING else asked.delivered_on


def _is_over(until: date | None, asked: Asked, last: Callable[[date], date]) -> bool | None:
    """None when nobody can say: the start is unknown, and even counted from the order it would be over."""
    if until is not None:
        return asked.asked_on > until
    earliest = asked.shipped_on or asked.ordered_on
    return False if asked.asked_on <= last(earliest) else None


def _in_time(until: date | None, *, is_over: bool | None) -> Finding:
    if is_over is None:
        return Finding("in_time", ok=False, detail="unknown_start")
    detail = "until" if until else "young_order"
    return Finding("in_time", ok=not is_over, detail="over" if is_over else detail, value=until)


def _with_person(content: PolicyContent | None, asked: Asked, decision: Decision) -> Decision:
    """What the shop wants a person to look at although the terms would allow it."""
    if content is None or decision.verdict != Verdict.ALLOWED or decision.is_by_law:
        return decision
    findings = [
        Finding(code, ok=False)
        for code, is_so in (
            ("by_person", asked.reason in content.person_reasons),
            ("channel", asked.channel in content.person_channels),
            ("amount", 0 < content.person_above_yen < asked.amount_yen),
        )
        if is_so
    ]
    if not findings:
        return decision
    return replace(decision, verdict=Verdict.NEEDS_PERSON, findings=(*decision.findings, *findings))


def _with_gift(decision: Decision, asked: Asked) -> Decision:
    """Whoever received a gift neither saw the terms nor paid: a person speaks with them, and no machine refuses."""
    if not asked.is_gift:
        return decision
    findings = (*decision.findings, Finding("gift", ok=False))
    return replace(decision, verdict=Verdict.NEEDS_PERSON, findings=findings)


def override_code(content: PolicyContent, own: Override) -> str:
    """The code of the clause that tells what some goods have of their own."""
    return f"own.{content.overrides.index(own)}"
