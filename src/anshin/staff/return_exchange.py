"""The exchange on the page of a return: what the customer gets instead, where it is, and what can be done about it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anshin.delivery.queries import exchange_of
from anshin.delivery.terms import ReshipmentState
from anshin.returns.queries import key_of
from anshin.returns.terms import Approval, ExchangeState, Wish
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff import return_words as words
from anshin.staff.addresses import address
from anshin.staff.trouble_words import reshipment_words

if TYPE_CHECKING:
    from anshin.delivery.models import Trouble
    from anshin.returns.models import Return
    from anshin.shops.models import Membership
    from anshin.staff.return_page import Said

_TAGS = {
    ExchangeState.NONE: ("warn", "clock"),
    ExchangeState.TO_SEND: ("warn", "package"),
    ExchangeState.OUT_OF_STOCK: ("bad", "triangle-alert"),
    ExchangeState.SENT: ("good", "truck"),
    ExchangeState.DROPPED: ("", "ban"),
}
_OPEN = {ReshipmentState.PLANNED, ReshipmentState.PACKED}


def exchange_panel(by: Membership, returned: Return, said: Said, *, now: datetime) -> dict[str, Any] | None:
    """What staff/_return_exchange.html shows; None for what is no exchange and never was one. Two queries."""
    state = ExchangeState(returned.exchange)
    if returned.wish != Wish.EXCHANGE and state == ExchangeState.NONE:
        return None
    trouble = exchange_of(by.shop_id, key_of(returned))
    parcels = list(trouble.reshipments.all()) if trouble else []
    kind, icon = _TAGS[state]
    return {
        "state": {"kind": kind, "icon": icon, "label": _label(returned, state)},
        "is_out": state == ExchangeState.OUT_OF_STOCK,
        "says": _says(returned, state, now),
        "trouble": str(trouble) if trouble else "",
        "trouble_url": address("trouble", by.shop.slug, trouble.number) if trouble else "",
        "parcels": [_parcel(each, trouble, by.shop.slug) for each in parcels] if trouble else [],
        "wanted": said.typed.get("variant", "") if said.where == "exchange" else "",
        "error": said.sentence if said.where == "exchange" else "",
    } | _does(by, returned, is_waiting=any(each.state in _OPEN for each in parcels))


def _does(by: Membership, returned: Return, *, is_waiting: bool) -> dict[str, Any]:
    """Which of the four ways stand open to this person; `url` is "" when none does."""
    state, may_decide = ExchangeState(returned.exchange), may(by, Permission.HANDLE_RETURNS)
    is_live = may_decide and returned.approval == Approval.APPROVED and returned.wish == Wish.EXCHANGE
    is_owed = is_live and state in {ExchangeState.TO_SEND, ExchangeState.OUT_OF_STOCK}
    is_unplanned = state in {ExchangeState.NONE, ExchangeState.DROPPED} and returned.closed_at is None
    can_send = is_live and (is_unplanned or (state == ExchangeState.TO_SEND and not is_waiting))
    return {
        "url": address("return_exchange", by.shop.slug, returned.number) if is_owed or can_send else "",
        "can_send": can_send,
        "can_run_out": is_owed and state == ExchangeState.TO_SEND,
        "is_owed": is_owed,
    }


def _label(returned: Return, state: ExchangeState) -> str:
    if state == ExchangeState.NONE:
        waits = _("Waits for approval") if returned.approval == Approval.ASKED else _("Not arranged yet")
        return str(waits)
    return str(state.label)


def _says(returned: Return, state: ExchangeState, now: datetime) -> str:
    """What is to be done next, in a sentence."""
    if state == ExchangeState.OUT_OF_STOCK:
        when = words.when_of(returned.due_at, now)
        return _("Agree with the customer on another variant, or pay back, by %(when)s.") % {"when": when}
    if returned.approval != Approval.APPROVED:
        return _("The parcel is opened by itself when the return is approved.") if not returned.closed_at else ""
    if state == ExchangeState.TO_SEND:
        return _("The customer is told by mail when it leaves.")
    if state == ExchangeState.SENT and returned.closed_at is None:
        return _("The exchange is complete when what comes back has been inspected.")
    return ""


def _parcel(parcel: Any, trouble: Trouble, slug: str) -> dict[str, Any]:
    shown = reshipment_words(parcel, trouble, slug=slug)
    pieces = ngettext("%(count)s piece", "%(count)s pieces", parcel.quantity) % {"count": parcel.quantity}
    return shown | {"pieces": pieces}
