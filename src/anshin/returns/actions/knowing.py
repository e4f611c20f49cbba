"""What whoever answers should know of a return and of trouble with a delivery: fills replies.case_sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from anshin.commerce.queries import refund_by_id
from anshin.commerce.terms import Fault, RefundWay
from anshin.delivery.actions import apology_for_fault, apology_words
from anshin.delivery.queries import reshipments_of, troubles_of_case
from anshin.delivery.terms import PickUpState, Slot, TroubleKind
from anshin.language.written import written_day, written_list, written_yen
from anshin.replies.ports import CaseStanding, Right
from anshin.replies.queries import carrier_name, payment_name
from anshin.replies.terms import MacroStep, Placeholder
from anshin.returns import letters
from anshin.returns.actions.telling import link_to
from anshin.returns.queries import returns_of_case
from anshin.returns.rules.macro_steps import macro_steps

if TYPE_CHECKING:
    from anshin.commerce.models import Refund
    from anshin.delivery.models import Trouble
    from anshin.returns.models import Return
    from anshin.shops.models import Shop

_WAYS: Final[Mapping[str, Mapping[str, str]]] = {
    RefundWay.BANK: {
        "ja": "銀行振込",
        "en": "bank transfer",
        "zh-Hans": "银行转账",
        "zh-Hant": "銀行轉帳",
        "ko": "계좌이체",
    },
    RefundWay.POINTS: {"ja": "ポイント", "en": "points", "zh-Hans": "积分", "zh-Hant": "點數", "ko": "포인트"},
    RefundWay.COUPON: {"ja": "クーポン", "en": "a coupon", "zh-Hans": "优惠券", "zh-Hant": "折價券", "ko": "쿠폰"},
    RefundWay.CASH: {
        "ja": "現金書留",
        "en": "cash by registered mail",
        "zh-Hans": "现金挂号信",
        "zh-Hant": "現金掛號信",
        "ko": "현금등기우편",
    },
}
_ANY_TIME = {"ja": "時間指定なし", "en": "any time", "zh-Hans": "不限时段", "zh-Hant": "不限時段", "ko": "시간 무관"}
_MORNING = {"ja": "午前中", "en": "in the morning", "zh-Hans": "上午", "zh-Hant": "上午", "ko": "오전 중"}


class ReturnSource:
    """The newest return of a case and its troubles, in the words of a reply."""

    names = frozenset(
        {
            Placeholder.APOLOGY,
            Placeholder.RETURN_NUMBER,
            Placeholder.RETURN_ITEMS,
            Placeholder.RETURN_CLAUSE,
            Placeholder.RETURN_DUE,
            Placeholder.RETURN_POSTAGE,
            Placeholder.RETURN_SUM,
            Placeholder.RETURN_WAY,
            Placeholder.RETURN_EXPECTED,
            Placeholder.RETURN_LABEL,
            Placeholder.RETURN_PAGE,
            Placeholder.RETURN_ACCOUNT,
            Placeholder.RESHIPMENT_ITEM,
            Placeholder.RESHIPMENT_CARRIER,
            Placeholder.RESHIPMENT_TRACKING,
            Placeholder.PICK_UP_DAY,
        }
    )

    def values(
        self,
        shop: Shop,
        case_id: int,
        names: Collection[str],
        *,
        language: str,
        now: datetime,  # noqa: ARG002  the socket gives it
    ) -> Mapping[str, str]:
        """Those of `names` that are known: at most seven queries, one more for each refund."""
        returned = next(iter(returns_of_case(shop, case_id)), None)
        troubles = troubles_of_case(shop, case_id)
        tellers: list[Callable[[], Mapping[str, str]]] = []
        if returned is not None:
            tellers.append(lambda: _of_return(returned, language))
            if {Placeholder.RETURN_SUM, Placeholder.RETURN_WAY, Placeholder.RETURN_EXPECTED} & set(names):
                tellers.append(lambda: _of_money(returned, language))
        if troubles:
            tellers.append(lambda: _of_trouble(troubles[0], language))
        if Placeholder.APOLOGY in names:
            tellers.append(lambda: {Placeholder.APOLOGY: _apology(returned, troubles, language)})
        return {str(name): value for tell in tellers for name, value in tell().items() if value}

    def standing(self, shop: Shop, case_id: int) -> CaseStanding:
        """The step of the newest return or trouble, and what the customer has a right to: three queries."""
        returned = next(iter(returns_of_case(shop, case_id)), None)
        troubles = troubles_of_case(shop, case_id)
        steps = [step for trouble in troubles for step in _trouble_steps(trouble)]
        if returned is not None:
            steps += macro_steps(
                approval=returned.approval,
                parcel=returned.parcel,
                inspection=returned.inspection,
                money=returned.money,
                wish=returned.wish,
            )
        name = str(returned) if returned is not None else str(troubles[0]) if troubles else ""
        rights = _rights(returned) if returned is not None or troubles else ()
        return CaseStanding(tuple(dict.fromkeys(steps)), name, rights)


def _of_return(returned: Return, language: str) -> Mapping[str, str]:
    lines = list(returned.lines.all())
    goods = [" ".join(filter(None, [line.name, line.variant])) for line in lines]
    named = [
        f"{name} × {line.quantity}" if line.quantity > 1 else name for name, line in zip(goods, lines, strict=True)
    ]
    due_on = returned.due_at.astimezone(ZoneInfo(returned.shop.zone)).date() if returned.due_at else None
    clauses = dict.fromkeys(line.clause_told or line.clause_text for line in lines)
    link = link_to(returned)
    return {
        Placeholder.RETURN_NUMBER: str(returned),
        Placeholder.RETURN_ITEMS: written_list(named, language),
        Placeholder.RETURN_CLAUSE: "\n".join(clause for clause in clauses if clause),
        Placeholder.RETURN_DUE: written_day(due_on, language) if due_on else "",
        Placeholder.RETURN_POSTAGE: letters.payer_words(returned.payer, language),
        Placeholder.RETURN_LABEL: f"{link}/label",
        Placeholder.RETURN_PAGE: link,
        Placeholder.RETURN_ACCOUNT: f"{link}/account",
    }


def _of_money(returned: Return, language: str) -> Mapping[str, str]:
    """Nothing before the sum is confirmed: what may still change is not told."""
    rows = list(returned.settlements.filter(is_current=True))
    if not rows or any(row.confirmed_at is None for row in rows):
        return {}
    found = (refund_by_id(returned.shop, row.refund) for row in rows if row.refund)
    refunds = [refund for refund in found if refund is not None]
    days: list[date] = [refund.expected_on for refund in refunds if refund.expected_on]
    ways = dict.fromkeys(_way(refund, language) for refund in refunds)
    return {
        Placeholder.RETURN_SUM: written_yen(sum(row.total_yen for row in rows), language),
        Placeholder.RETURN_WAY: written_list([way for way in ways if way], language),
        Placeholder.RETURN_EXPECTED: written_day(max(days), language) if days else "",
    }


def _way(refund: Refund, language: str) -> str:
    if refund.way == RefundWay.ORIGINAL:
        return payment_name(refund.method, language)
    return _WAYS.get(refund.way, {}).get(language, "")


def _of_trouble(trouble: Trouble, language: str) -> Mapping[str, str]:
    sent = next((row for row in reversed(reshipments_of(trouble)) if row.tracking_number), None)
    pick_up = getattr(trouble, "pick_up", None)
    values: dict[str, str] = {Placeholder.RESHIPMENT_ITEM: " ".join(filter(None, [trouble.name, trouble.variant]))}
    if sent is not None:
        values[Placeholder.RESHIPMENT_ITEM] = " ".join(filter(None, [sent.name, sent.variant]))
        values[Placeholder.RESHIPMENT_CARRIER] = carrier_name(sent.carrier, language)
        values[Placeholder.RESHIPMENT_TRACKING] = sent.tracking_number
    if pick_up is not None and pick_up.state == PickUpState.BOOKED and pick_up.on:
        values[Placeholder.PICK_UP_DAY] = f"{written_day(pick_up.on, language)} {_slot(pick_up.slot, language)}".strip()
    return values


def _slot(slot: str, language: str) -> str:
    if slot in {"", Slot.ANY, Slot.MORNING}:
        return (_MORNING if slot == Slot.MORNING else _ANY_TIME).get(language, "")
    return slot.replace("-", ":00–") + ":00"


def _apology(returned: Return | None, troubles: list[Trouble], language: str) -> str:
    """For no more than is decided (requirement 53); without a return or trouble there is nothing to apologise for."""
    if troubles:
        return apology_words(troubles[0], language=language)
    if returned is None:
        return ""
    item = next((line.name for line in returned.lines.all()), "")
    return apology_for_fault(Fault(returned.fault), item=item, language=language)


def _trouble_steps(trouble: Trouble) -> list[MacroStep]:
    if trouble.kind != TroubleKind.WRONG_ITEM:
        return []
    by_fault = {Fault.SHOP: MacroStep.OUR_MISTAKE, Fault.CUSTOMER: MacroStep.MISUNDERSTANDING}
    return [by_fault[Fault(trouble.fault)]] if trouble.fault in by_fault else []


def _rights(returned: Return | None) -> tuple[Right, ...]:
    """What a shop cannot take away by its own terms.

    Source: Civil Code of Japan, articles 562 to 564 (non-conformity); 特定商取引法 第15条の3 (eight days where terms
    were not shown); both read 2026-11-26.
    """
    lines = list(returned.lines.all()) if returned is not None else []
    eight = _(
        "Where the terms did not stand near the cart and on the final page: eight days from arrival, postage theirs."
    )
    if any(line.is_by_law for line in lines):
        eight = _("The law decides here: eight days from arrival, postage theirs, whatever the shop’s terms say.")
    return (
        Right(
            _("Defective, broken, or not what was ordered: repair, exchange or money back."),
            _("民法 562–564条"),
        ),
        Right(eight, _("特定商取引法 15条の3")),
    )
