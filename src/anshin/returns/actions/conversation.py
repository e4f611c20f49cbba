"""The case in which a return is talked about: the one that staff have open, or a new one with what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from anshin.cases.actions import receive_message
from anshin.cases.queries import case_by_id
from anshin.cases.terms import Channel, IncomingFile, IncomingMessage, Party
from anshin.commerce.queries import mails_of
from anshin.returns.actions.refusals import UnknownReturn
from anshin.returns.rules.requests import TOPICS
from anshin.returns.terms import Reason, SubReason, Wish

if TYPE_CHECKING:
    from anshin.returns.actions.requesting import Considered, KeptPhoto
    from anshin.returns.models import Return
    from anshin.shops.models import Membership

_OTHER_TOPIC = "return.how"


def case_for(
    returned: Return,
    considered: Sequence[Considered],
    photos: Sequence[KeptPhoto],
    *,
    case_id: int | None,
    along_with: Return | None,
    by: Membership | None,
    now: datetime,
) -> int:
    """The id of the case; that of `along_with` where the same request made it. Raises UnknownReturn for a case of
    another shop."""
    if case_id is not None:
        found = case_by_id(returned.shop, case_id)
        if found is None:
            raise UnknownReturn
        return found.pk
    with translation.override("ja"):  # the desk reads it; the customer has their own page
        message = _message(returned, considered, photos, by, now)
    if along_with is not None:
        message = replace(message, token_case_id=along_with.case_id)
    return receive_message(shop=returned.shop, message=message, now=now).case.pk


def _message(
    returned: Return,
    considered: Sequence[Considered],
    photos: Sequence[KeptPhoto],
    by: Membership | None,
    now: datetime,
) -> IncomingMessage:
    customer = returned.customer
    mails = mails_of(returned.shop, customer.pk) if customer else []
    first = considered[0]
    return IncomingMessage(
        channel=Channel.PHONE if by else Channel.PORTAL,
        sender=Party(customer.name if customer else "", mails[0] if mails else ""),
        subject=_("Return %(number)s: %(item)s") % {"number": returned, "item": first.line.name},
        text=_text(returned, considered),
        message_key=f"return:{returned.nonce}",
        received_at=now,
        files=tuple(IncomingFile(blob_id=photo.blob_id, name=photo.name) for photo in photos),
        order_number=first.order.number,
        topic=TOPICS.get(Reason(first.asked.reason), _OTHER_TOPIC),
        language=returned.language,
    )


def _text(returned: Return, considered: Sequence[Considered]) -> str:
    parts = [returned.words.strip()] if returned.words.strip() else []
    for each in considered:
        reason = str(Reason(each.asked.reason).label)
        if each.asked.sub_reason:
            reason += f" ({SubReason(each.asked.sub_reason).label})"
        item = " ".join(filter(None, [each.line.name, each.line.variant]))
        parts.append(
            _("Order %(order)s\n%(item)s × %(quantity)s\nReason: %(reason)s")
            % {"order": each.order.number, "item": item, "quantity": each.asked.quantity, "reason": reason}
        )
    wish = str(Wish(returned.wish).label)
    parts.append(_("Wish: %(wish)s") % {"wish": f"{wish} ({returned.wanted})" if returned.wanted else wish})
    return "\n\n".join(parts)
