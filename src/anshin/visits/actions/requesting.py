"""The draft becomes a return: asked of the policy first without writing, then sent once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.returns import actions as returns
from anshin.returns.terms import Condition, Payer, Reason, Verdict, Wish
from anshin.visits.actions.drafting import Unfit, open_draft, own_accessories, reason_faults, wish_faults
from anshin.visits.queries import photos_of
from anshin.visits.terms import DraftFault, Part

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.returns.models import Return
    from anshin.shops.models import Shop
    from anshin.visits.models import DraftPhoto, ReturnDraft


@dataclass(frozen=True, slots=True)
class _Bundle:
    """Parts that become one return: they have one wish, and the policy says the same to them."""

    wish: str
    wanted: str
    parts: list[Part]
    considered: list[returns.Considered]

    @property
    def turn(self) -> tuple[bool, bool]:
        """What is refused comes last, and what the shop pays the postage of first, for it pays for the one parcel."""
        judged = [each.judged for each in self.considered]
        is_refused = any(each.verdict == Verdict.REFUSED for each in judged)
        return is_refused, all(each.payer != Payer.SHOP for each in judged)


def what_policy_says(
    draft: ReturnDraft, *, photographed: Collection[int], language: str, now: datetime
) -> list[returns.Considered]:
    """The policy's answer to each part, nothing written; none while reason or state are not told. `photographed`: keys
    of the parts that a photo shows, 0 for all."""
    parts = draft.parts
    if not parts or reason_faults(parts):
        return []
    return returns.consider(
        shop=draft.shop,
        customer=draft.customer,
        asked=_asked(draft, parts),
        photographed=set(_places(parts, photographed)),
        language=language,
        loaded=draft.order,
        now=now,
    )


def send_draft(*, shop: Shop, customer: Customer, nonce: str, language: str, now: datetime) -> Return:
    """The return, the first where wishes or answers differ and it becomes several with one case; pressed twice, or
    after a kill, it is the same. Raises UnknownDraft, Unfit."""
    try:
        with transaction.atomic():
            draft = open_draft(shop, customer, nonce)
            _look_at(draft)
            first = _send(draft, photos_of(draft), language, now)
            draft.sent_at, draft.return_number, draft.words = now, first.number, ""
            draft.told = [part.stored() | {"wanted": ""} for part in draft.parts]
            draft.save(update_fields=["sent_at", "return_number", "words", "told"])
            draft.photos.all().delete()
    except returns.TooMany as refusal:
        raise Unfit(DraftFault.TOO_MANY, left=refusal.left) from refusal
    except returns.PhotosNeeded as refusal:
        raise Unfit(DraftFault.NO_PHOTO) from refusal
    except returns.NothingToReturn as refusal:
        raise Unfit(DraftFault.NO_ITEM) from refusal
    return first


def _look_at(draft: ReturnDraft) -> None:
    """Raises Unfit for what is missing."""
    parts = draft.parts
    if not parts:
        raise Unfit(DraftFault.NO_ITEM)
    for part in parts:
        faults = [*reason_faults([part]), *wish_faults([part])]
        if faults:
            raise Unfit(*faults, part=part.key)


def _send(draft: ReturnDraft, photos: Sequence[DraftPhoto], language: str, now: datetime) -> Return:
    first: Return | None = None
    considered = what_policy_says(draft, photographed={photo.part for photo in photos}, language=language, now=now)
    for count, bundle in enumerate(_bundles(draft, considered), 1):
        made = returns.request(
            shop=draft.shop,
            customer=draft.customer,
            asked=_asked(draft, bundle.parts),
            wish=Wish(bundle.wish),
            wanted=bundle.wanted,
            words=draft.words if first is None else "",
            photos=_kept(bundle.parts, photos),
            language=language,
            nonce=draft.nonce if first is None else f"{draft.nonce}.{count}",
            along_with=first,
            now=now,
        )
        first = first or made
    if first is None:
        raise returns.NothingToReturn
    return first


def _bundles(draft: ReturnDraft, considered: Sequence[returns.Considered]) -> list[_Bundle]:
    found: dict[tuple[str, str, str], _Bundle] = {}
    for part, each in zip(draft.parts, considered, strict=True):
        wanted = part.wanted if part.wish == Wish.EXCHANGE else ""
        bundle = found.setdefault((part.wish, wanted, each.judged.verdict), _Bundle(part.wish, wanted, [], []))
        bundle.parts.append(part)
        bundle.considered.append(each)
    return sorted(found.values(), key=lambda bundle: bundle.turn)


def _kept(parts: Sequence[Part], photos: Sequence[DraftPhoto]) -> list[returns.KeptPhoto]:
    """The photos of these parts and those of all, each with the place of the item that it shows."""
    places = {0: 0} | {part.key: place for place, part in enumerate(parts, 1)}
    return [
        returns.KeptPhoto(photo.blob_id, photo.name, places[photo.part]) for photo in photos if photo.part in places
    ]


def _places(parts: Sequence[Part], photographed: Collection[int]) -> list[int]:
    places: Mapping[int, int] = {0: 0} | {part.key: place for place, part in enumerate(parts, 1)}
    return [places[key] for key in photographed if key in places]


def _asked(draft: ReturnDraft, parts: Sequence[Part]) -> list[returns.Asked]:
    """Each part with the accessories that belong to it."""
    own = own_accessories(draft)
    return [
        returns.Asked(
            order_id=draft.order_id,
            position=part.position,
            quantity=part.quantity,
            reason=Reason(part.reason),
            sub_reason=part.sub_reason,
            condition=Condition(part.condition),
            accessories_kept=tuple(name for name in part.accessories if name in own.get(part.position, ())),
        )
        for part in parts
    ]
