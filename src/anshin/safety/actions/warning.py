"""Early warnings: what cases and returns say opens a sealed notice for the shop's managers and starts the clock.

The journal learns nothing of it: what happens is written on the notice, for those who are named there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases import queries as cases
from anshin.commerce import queries as commerce
from anshin.language.topics.urgency import dangers
from anshin.returns import queries as returns
from anshin.returns.terms import Reason
from anshin.safety import events
from anshin.safety.actions.drafting import take_facts
from anshin.safety.actions.keeping import locked, note
from anshin.safety.actions.refusals import IllegalStep, ReasonNeeded
from anshin.safety.models import Advisory, EarlyWarning, Insider, WarningSetting, WarningSign
from anshin.safety.queries.warnings import setting_of, watchers_of
from anshin.safety.rules import accidents
from anshin.safety.terms import (
    AdvisoryState,
    Affected,
    Facts,
    HazardClass,
    HazardType,
    Origin,
    ReportedTo,
    Severity,
    SignKind,
    WarningState,
)
from anshin.shops.actions import require
from anshin.shops.queries import shop_by_id
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.returns.models import Return, ReturnLine
    from anshin.shops.models import Membership, Shop

_KEY_BYTES: Final = 12
KINDS: Final = {"injury": SignKind.INJURY, "fire": SignKind.FIRE, "gas": SignKind.FIRE}
"""Dangers that language.topics.urgency tells apart, as signs of an accident."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What may be dangerous. `key` is a product's number or name, or the case where no product is known."""

    key: str
    name: str
    products: tuple[Affected, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: SignKind
    case: Case | None = None
    returns: int = 0
    sold: int = 0


@transaction.atomic
def warn_of_case(
    *, shop_id: int, case_id: int, kind: SignKind, known_at: datetime, now: datetime
) -> EarlyWarning | None:
    """A customer writes of an accident; the same case again adds nothing. None for a case that is not there, or only
    asks about a product."""
    shop = shop_by_id(shop_id)
    case = cases.case_by_id(shop, case_id)
    if case is None or accidents.is_mere_question(kind, [code for code, _share in case.topics]):
        return None
    return _warn(shop, _subject_of_case(shop, case), _Sign(kind, case), known_at=known_at, now=now)


@transaction.atomic
def warn_of_return(*, shop_id: int, return_id: int, known_at: datetime, now: datetime) -> list[EarlyWarning]:
    """Look at a return that was asked for: at the customer's words, and how often its products came back as defective.
    The same return again adds nothing."""
    shop = shop_by_id(shop_id)
    returned = returns.return_by_id(shop, return_id)
    if returned is None:
        return []
    lines = list(returned.lines.order_by("place"))
    found = [_from_words(shop, returned, lines, known_at, now)]
    found += [
        _from_figures(shop, line, known_at, now)
        for line in {_key(line.sku, line.name): line for line in lines}.values()
        if line.reason == Reason.DEFECT
    ]
    return [each for each in found if each is not None]


@transaction.atomic
def say_not_serious(*, by: Membership, advisory_id: int, words: str, now: datetime) -> EarlyWarning:
    """It is no serious product accident, and why. Raises NotAllowed, UnknownAdvisory, ReasonNeeded, IllegalStep."""
    return _decide(by, advisory_id, WarningState.NOT_SERIOUS, words, now=now)


@transaction.atomic
def say_reported(
    *, by: Membership, advisory_id: int, reported_to: ReportedTo, words: str, now: datetime
) -> EarlyWarning:
    """It was reported; `words`: when, to whom and under which number. Raises NotAllowed, UnknownAdvisory, ReasonNeeded,
    IllegalStep (nothing is open)."""
    return _decide(by, advisory_id, WarningState.REPORTED, words, now=now, to=reported_to)


@transaction.atomic
def set_limits(*, by: Membership, defect_returns: int, defect_percent: int, defect_days: int) -> WarningSetting:
    """From when on the same defect of a product warns, for the next return on. Raises NotAllowed."""
    require(by, Permission.APPROVE_SAFETY)
    values = {"defect_returns": defect_returns, "defect_percent": defect_percent, "defect_days": defect_days}
    return WarningSetting.objects.update_or_create(shop=by.shop, defaults=values)[0]


def _decide(
    by: Membership, advisory_id: int, state: WarningState, words: str, *, now: datetime, to: ReportedTo | None = None
) -> EarlyWarning:
    advisory = locked(by, advisory_id, Permission.APPROVE_SAFETY)
    if not words.strip():
        raise ReasonNeeded
    unjudged = EarlyWarning.objects.select_for_update().filter(advisory=advisory, state=WarningState.OPEN)
    warning = unjudged.order_by("id").first()
    if warning is None:
        raise IllegalStep
    warning.state, warning.words, warning.reported_to = state, words.strip()[:500], to or ""
    warning.decided_by, warning.decided_at = by, now
    warning.save()
    fact = events.WarningDecided(advisory_id=advisory.pk, warning_id=warning.pk, state=str(state))
    note(advisory, fact, by=by, now=now)
    return warning


def _from_words(
    shop: Shop, returned: Return, lines: list[ReturnLine], known_at: datetime, now: datetime
) -> EarlyWarning | None:
    told = dangers([part for part in returned.words.splitlines() if part.strip()])
    kind = next((KINDS[kind] for kind, _evidence in told if kind in KINDS), None)
    if kind is None:
        return None
    subject = _subject_of_lines([(line.sku, line.name) for line in lines], returned.case)
    return _warn(shop, subject, _Sign(kind, returned.case), known_at=known_at, now=now)


def _from_figures(shop: Shop, line: ReturnLine, known_at: datetime, now: datetime) -> EarlyWarning | None:
    key, setting = _key(line.sku, line.name), setting_of(shop)
    since = now - timedelta(days=setting.defect_days)
    judged = EarlyWarning.objects.filter(shop=shop, subject=key, state=WarningState.NOT_SERIOUS)
    last = judged.order_by("-decided_at").values_list("decided_at", flat=True).first()
    figures, sold = returns.figures_of(shop, key, since=max(since, last) if last else since)
    defects = [each for each in figures if each.reason == Reason.DEFECT]
    counted, pieces = sum(each.returns for each in defects), sum(each.pieces for each in defects)
    limits = accidents.Limits(setting.defect_returns, setting.defect_percent)
    if not accidents.is_over(returns=counted, pieces=pieces, sold=sold, limits=limits):
        return None
    subject = _Subject(key, line.name, (_affected(line.sku, line.name),))
    return _warn(shop, subject, _Sign(SignKind.DEFECT, returns=counted, sold=sold), known_at=known_at, now=now)


def _warn(shop: Shop, subject: _Subject, sign: _Sign, *, known_at: datetime, now: datetime) -> EarlyWarning | None:
    """The warning that stands for it now: the open one, or a new one on a notice that is still being written."""
    known = EarlyWarning.objects.filter(shop=shop, subject=subject.key)
    if sign.case is not None and WarningSign.objects.filter(warning__in=known, kind=sign.kind, case=sign.case).exists():
        return None
    warning = known.select_for_update().filter(state=WarningState.OPEN).first()
    if warning is None:
        warning = _opened(shop, subject, sign, known_at, now)
    elif sign.kind == SignKind.DEFECT and warning.signs.filter(kind=sign.kind).exists():
        counts = {"returns_count": sign.returns, "sold_count": sign.sold}
        warning.signs.filter(kind=sign.kind).update(**counts)
        return warning
    WarningSign.objects.create(
        shop=shop,
        warning=warning,
        kind=sign.kind,
        case=sign.case,
        returns_count=sign.returns,
        sold_count=sign.sold,
        at=known_at,
    )
    fact = events.WarningSignSeen(advisory_id=warning.advisory_id, warning_id=warning.pk, kind=str(sign.kind))
    note(warning.advisory, fact, by=None, now=now)
    return warning


def _opened(shop: Shop, subject: _Subject, sign: _Sign, known_at: datetime, now: datetime) -> EarlyWarning:
    known_on = known_at.astimezone(ZoneInfo(shop.zone)).date()
    last = (
        EarlyWarning.objects.filter(shop=shop, subject=subject.key).select_related("advisory").order_by("-id").first()
    )
    is_written = last is not None and last.advisory.state == AdvisoryState.DRAFT
    advisory = last.advisory if last is not None and is_written else _draft(shop, subject, sign, now)
    return EarlyWarning.objects.create(
        shop=shop,
        advisory=advisory,
        subject=subject.key,
        known_on=known_on,
        report_by=accidents.report_by(known_on),
        opened_at=now,
    )


def _draft(shop: Shop, subject: _Subject, sign: _Sign, now: datetime) -> Advisory:
    """A sealed notice that the program begins, for the managers alone; whoever writes its facts is its author."""
    advisory = Advisory(
        shop=shop, key=secrets.token_urlsafe(_KEY_BYTES), origin=Origin.INSIDE, case=sign.case, created_at=now
    )
    is_hurt = sign.kind == SignKind.INJURY
    facts = Facts(
        title=(_("Early warning: %(name)s") % {"name": subject.name})[:200],
        hazard_class=HazardClass.HARM if is_hurt else HazardClass.DANGER,
        hazard_type=HazardType.FIRE if sign.kind == SignKind.FIRE else HazardType.OTHER,
        severity=Severity.SERIOUS if sign.kind != SignKind.DEFECT else Severity.MEDIUM,
        products=subject.products,
        publish_zone=shop.zone,
    )
    take_facts(advisory, facts)
    for member in watchers_of(shop):
        Insider.objects.create(shop=shop, advisory=advisory, membership=member, named_at=now)
    note(advisory, events.AdvisoryDrafted(advisory_id=advisory.pk, origin=str(Origin.INSIDE)), by=None, now=now)
    return advisory


def _subject_of_case(shop: Shop, case: Case) -> _Subject:
    orders = [order.pk for order in cases.orders_of_cases(shop, [case.pk]).get(case.pk, [])]
    lines = [line for each in commerce.order_lines(shop, orders).values() for line in each]
    return _subject_of_lines([(line.sku, line.name) for line in lines], case)


def _subject_of_lines(lines: list[tuple[str, str]], case: Case) -> _Subject:
    """The one product of an order; of several nobody knows which, so the case stands for it and all are named."""
    different = dict.fromkeys(lines)
    affected = tuple(_affected(sku, name) for sku, name in different)
    if len(different) == 1:
        sku, name = next(iter(different))
        return _Subject(_key(sku, name), name, affected)
    return _Subject(f"case:{case.pk}", case.subject or f"#{case.number}", affected)


def _key(sku: str, name: str) -> str:
    return (sku or name)[:300]


def _affected(sku: str, name: str) -> Affected:
    return Affected(name=name[:300], sku=sku)
