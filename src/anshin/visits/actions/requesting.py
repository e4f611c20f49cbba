"""The draft becomes a return: asked of the policy first without writing, then sent once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.returns import actions as returns
from anshin.returns.terms import Condition, Reason, Wish
from anshin.visits.actions.drafting import Unfit, open_draft, reason_faults, wish_faults
from anshin.visits.queries import photos_of
from anshin.visits.terms import DraftFault

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.returns.models import Return
    from anshin.shops.models import Shop
    from anshin.visits.models import ReturnDraft


def what_policy_says(draft: ReturnDraft, *, photo_count: int, language: str, now: datetime) -> list[returns.Considered]:
    """The policy's answer to each item chosen, nothing written; none while reason or state are not told."""
    if reason_faults(draft) or not draft.quantities:
        return []
    return returns.consider(
        shop=draft.shop,
        customer=draft.customer,
        asked=_asked(draft),
        photo_count=photo_count,
        language=language,
        now=now,
    )


def send_draft(*, shop: Shop, customer: Customer, nonce: str, language: str, now: datetime) -> Return:
    """The return; pressed twice, or after a kill, it is one. Raises UnknownDraft, Unfit."""
    try:
        with transaction.atomic():
            draft = open_draft(shop, customer, nonce)
            faults = [*reason_faults(draft), *wish_faults(draft)]
            if not draft.quantities:
                faults.insert(0, DraftFault.NO_ITEM)
            if faults:
                raise Unfit(*faults)
            asked_for = returns.request(
                shop=shop,
                customer=customer,
                asked=_asked(draft),
                wish=Wish(draft.wish),
                wanted=draft.wanted,
                words=draft.words,
                photos=[returns.KeptPhoto(photo.blob_id, photo.name) for photo in photos_of(draft)],
                language=language,
                nonce=draft.nonce,
                now=now,
            )
            draft.sent_at, draft.return_number = now, asked_for.number
            draft.words, draft.wanted = "", ""
            draft.save(update_fields=["sent_at", "return_number", "words", "wanted"])
            draft.photos.all().delete()
    except returns.TooMany as refusal:
        raise Unfit(DraftFault.TOO_MANY, left=refusal.left) from refusal
    except returns.PhotosNeeded as refusal:
        raise Unfit(DraftFault.NO_PHOTO) from refusal
    except returns.NothingToReturn as refusal:
        raise Unfit(DraftFault.NO_ITEM) from refusal
    return asked_for


def _asked(draft: ReturnDraft) -> Sequence[returns.Asked]:
    """Each item with the accessories that belong to it."""
    lines = draft.order.lines.select_related("product")
    own = {line.position: set(line.product.accessories) if line.product else set() for line in lines}
    return [
        returns.Asked(
            order_id=draft.order_id,
            position=int(place),
            quantity=quantity,
            reason=Reason(draft.reason),
            sub_reason=draft.sub_reason,
            condition=Condition(draft.condition),
            accessories_kept=tuple(sorted(own.get(int(place), set()) & set(draft.accessories))),
        )
        for place, quantity in sorted(draft.quantities.items(), key=lambda each: int(each[0]))
    ]
