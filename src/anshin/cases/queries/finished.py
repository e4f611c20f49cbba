"""A finished case as whoever wants to write to its customer must know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anshin.cases.models import Case, Message
from anshin.cases.terms import Delivery, Direction, Party
from anshin.commerce.queries import marked_address

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_REACHED: Final = (Delivery.SENT, Delivery.UNSURE)


@dataclass(frozen=True, slots=True)
class FinishedCase:
    """A case with whom to write to: the customer as the newest message names them. `was_answered`: a person of the
    shop wrote to them, and it left."""

    case: Case
    was_answered: bool
    writer: Party
    mail_arrives: bool


def finished_case(shop: Shop, case_id: int) -> FinishedCase | None:
    """The case of this shop, finished or not; None when it is gone, merged into another or emptied. Four queries."""
    rows = Case.objects.select_related("customer").filter(shop=shop, pk=case_id, merged_into=None, emptied_at=None)
    case = rows.first()
    if case is None:
        return None
    sent = Message.objects.filter(case=case, direction=Direction.OUT, delivery__in=_REACHED, is_automatic=False)
    came = Message.objects.filter(case=case, direction=Direction.IN).exclude(sender_mail="").order_by("-at", "-id")
    name, mail = came.values_list("sender_name", "sender_mail").first() or ("", "")
    if case.customer and case.customer.name:
        name = case.customer.name
    arrives = bool(mail) and marked_address(shop, mail) is None
    return FinishedCase(case, sent.exists(), Party(name, mail), arrives)
