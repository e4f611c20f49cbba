"""Reading: whose visit it is, which code request a browser holds, whether the shop hands customers over."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from anshin.commerce.queries import load_details
from anshin.plumbing.prepared import Prepared
from anshin.visits import rules
from anshin.visits.models import CodeRequest, DraftPhoto, HandOverKey, ReminderSetting, ReturnDraft, Visit
from anshin.visits.rules import parts as part_rules

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Shop

_VISIT = Prepared(
    lambda shop, token: Visit.objects.select_related("customer").filter(
        shop_id=shop, token_key=token, ended_at=None, customer__erased_at=None
    ),
    shop=int,
    token=str,
)
_DRAFT = Prepared(
    lambda shop, customer, nonce: ReturnDraft.objects.select_related("order").filter(
        shop_id=shop, customer_id=customer, nonce=nonce
    ),
    shop=int,
    customer=int,
    nonce=str,
)
_PHOTOS = Prepared(
    lambda draft: DraftPhoto.objects.select_related("blob").filter(draft_id=draft).order_by("id"), draft=int
)


def open_visit(shop: Shop, token: str, *, now: datetime) -> Visit | None:
    """The visit behind the word in a cookie, with its customer; None when it is over or of another shop. One query."""
    if not token:
        return None
    visit = _VISIT.first(shop=shop.pk, token=key_of(token))
    if visit is None or rules.is_visit_over(began_at=visit.began_at, seen_at=visit.seen_at, now=now):
        return None
    return visit


def asked_code(shop: Shop, handle: str) -> CodeRequest | None:
    """The code request behind the word in a cookie."""
    return CodeRequest.objects.filter(shop=shop, handle_key=key_of(handle)).first() if handle else None


def hand_over_key(shop: Shop) -> HandOverKey | None:
    """The shop's key for handing customers over, still sealed."""
    return HandOverKey.objects.filter(shop=shop).first()


def draft_of(shop: Shop, customer: Customer, nonce: str) -> ReturnDraft | None:
    """The customer's own draft, with its order and the order's lines: two queries."""
    draft = _DRAFT.first(shop=shop.pk, customer=customer.pk, nonce=nonce)
    if draft is not None:
        draft.shop, draft.customer = shop, customer
        load_details(draft.order, "lines")
    return draft


def can_be_parted(draft: ReturnDraft) -> bool:
    """Whether more than one piece comes back, so that a second reason or wish could be told."""
    return part_rules.can_be_parted(draft.parts)


def photos_of(draft: ReturnDraft) -> list[DraftPhoto]:
    """The draft's photos with their blobs, in the order in which they came."""
    return _PHOTOS.rows(draft=draft.pk)


def draft_photo(shop: Shop, customer: Customer, nonce: str, photo_id: int) -> DraftPhoto | None:
    """A photo of the customer's own draft."""
    rows = DraftPhoto.objects.select_related("blob").filter(shop=shop, draft__customer=customer, draft__nonce=nonce)
    return rows.filter(pk=photo_id).first()


def reminder_setting(shop: Shop) -> ReminderSetting:
    """Whether the shop reminds; one that never chose does not."""
    return ReminderSetting.objects.filter(shop=shop).first() or ReminderSetting(shop=shop)


def key_of(word: str) -> str:
    """Under what a word that only a browser has is kept. The word is long and random, so no salt is needed."""
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()
