"""Parcels that need a slip: of re-shipments, pick-ups and returns, with what would stand on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from anshin.commerce.terms import Recipient
from anshin.delivery import queries as delivery
from anshin.delivery.ports import Consignment
from anshin.plumbing.pages.keyset import Page
from anshin.returns import queries as returns
from anshin.slips.models import CarrierAccount, ParcelAddress, SlipFileRow
from anshin.slips.terms import ParcelKey, SlipKind

if TYPE_CHECKING:
    from anshin.commerce.models import Order
    from anshin.delivery.models import PickUp, Reshipment
    from anshin.returns.models import Return, ReturnSetting
    from anshin.shops.models import Shop


@dataclass(frozen=True, slots=True)
class SlipParcel:
    """A parcel and what its slip would say. `customer` is the side of the customer: the receiver of what is sent, the
    sender of what comes back. `shop_side` comes from the setting of returns; a contract's sender goes before it on
    what is sent. `page`: the number by which its own page is found, that of the trouble or the return.
    """

    key: ParcelKey
    number: str
    page: int
    case_id: int
    case_number: int
    customer: Recipient
    shop_side: Recipient
    goods: tuple[str, ...]
    order_number: str
    is_mended: bool = False
    wished_on: date | None = None

    def consignment(self, account: CarrierAccount) -> Consignment:
        """The row for `delivery.slip_files`. What comes back is paid by the shop on receipt (着払い)."""
        comes_back = self.key.kind != SlipKind.RESHIPMENT
        ours = self.shop_side if comes_back else _sender(account, self.shop_side)
        return Consignment(
            number=self.number,
            sender=self.customer if comes_back else ours,
            receiver=ours if comes_back else self.customer,
            goods=self.goods,
            is_collect=comes_back,
            wished_on=self.wished_on,
            remark=self.order_number,
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parcel of the list, and the file in which it already stands (its id), 0 for none."""

    parcel: SlipParcel
    written_id: int


def waiting(shop: Shop, kind: SlipKind, *, written: bool = False, cursor: str = "", size: int = 50) -> Page[Waiting]:
    """One page of parcels without a tracking number, the oldest first: those in no file, or those that are in one.

    Five queries at most. Raises BadCursor.
    """
    page = _page(_found(shop, kind, written=written), cursor, size)
    parcels = _parcels(shop, kind, page.items)
    files = _files_of(shop, kind, [each.key.id for each in parcels]) if written else {}
    return Page([Waiting(each, files.get(each.key.id, 0)) for each in parcels], page.next, page.previous)


def waiting_counts(shop: Shop, *, written: bool = False) -> dict[SlipKind, int]:
    """How many parcels of each kind wait: three queries."""
    return {kind: _found(shop, kind, written=written).count() for kind in SlipKind}


def parcels_of(shop: Shop, keys: Iterable[ParcelKey]) -> list[SlipParcel]:
    """These parcels of the shop as they stand, two to eight queries; what is not the shop's is left out."""
    ids: dict[SlipKind, list[int]] = {kind: [] for kind in SlipKind}
    for key in keys:
        ids[key.kind].append(key.id)
    return [each for kind, wanted in ids.items() if wanted for each in _parcels(shop, kind, _rows(shop, kind, wanted))]


def parcel_of(shop: Shop, key: ParcelKey) -> SlipParcel | None:
    """One parcel of this shop."""
    return next(iter(parcels_of(shop, [key])), None)


def still_waiting(shop: Shop, keys: Iterable[ParcelKey]) -> bool:
    """Whether every one of these needs a slip still, in a file or not. One query for each kind."""
    ids: dict[SlipKind, set[int]] = {}
    for key in keys:
        ids.setdefault(key.kind, set()).add(key.id)
    return all(_without_number(shop, kind, only=wanted).count() == len(wanted) for kind, wanted in ids.items())


def written_in(shop: Shop, keys: Iterable[ParcelKey]) -> dict[ParcelKey, int]:
    """Each parcel with the newest file in which it stands, 0 for none. One query for each kind."""
    found = dict.fromkeys(keys, 0)
    for kind in {key.kind for key in found}:
        files = _files_of(shop, kind, [key.id for key in found if key.kind == kind])
        found |= {ParcelKey(kind, parcel_id): file_id for parcel_id, file_id in files.items()}
    return found


def mended_address(shop: Shop, key: ParcelKey) -> ParcelAddress | None:
    """What stands on the parcel's slip in place of the order's address. One query."""
    return ParcelAddress.objects.filter(shop=shop, kind=key.kind, parcel_id=key.id).first()


def _found(shop: Shop, kind: SlipKind, *, written: bool) -> QuerySet[Any]:
    ids = SlipFileRow.objects.filter(shop=shop, kind=kind).values("parcel_id")
    return _without_number(shop, kind, only=ids) if written else _without_number(shop, kind, but=ids)


def _without_number(shop: Shop, kind: SlipKind, **which: Any) -> QuerySet[Any]:
    finders: dict[SlipKind, Any] = {
        SlipKind.RESHIPMENT: delivery.reshipments_without_number,
        SlipKind.PICK_UP: delivery.pick_ups_without_reference,
        SlipKind.RETURN: returns.returns_without_number,
    }
    found: QuerySet[Any] = finders[kind](shop, **which)
    return found


def _page(found: QuerySet[Any], cursor: str, size: int) -> Page[Any]:
    pages: dict[str, Any] = {
        "Reshipment": delivery.page_of_reshipments,
        "PickUp": delivery.page_of_pick_ups,
        "Return": returns.page_of_returns,
    }
    page: Page[Any] = pages[found.model.__name__](found, cursor=cursor, size=size)
    return page


def _rows(shop: Shop, kind: SlipKind, ids: Collection[int]) -> list[Any]:
    finders: dict[SlipKind, Any] = {
        SlipKind.RESHIPMENT: delivery.reshipments_by_ids,
        SlipKind.PICK_UP: delivery.pick_ups_by_ids,
        SlipKind.RETURN: returns.returns_by_ids,
    }
    rows: list[Any] = finders[kind](shop, ids)
    return rows


def _parcels(shop: Shop, kind: SlipKind, rows: list[Any]) -> list[SlipParcel]:
    if not rows:
        return []
    setting = returns.setting_of(shop)
    makers: dict[SlipKind, Any] = {
        SlipKind.RESHIPMENT: _of_reshipment,
        SlipKind.PICK_UP: _of_pick_up,
        SlipKind.RETURN: _of_return,
    }
    made = [makers[kind](row, setting) for row in rows]
    mended = {
        each.parcel_id: each
        for each in ParcelAddress.objects.filter(shop=shop, kind=kind, parcel_id__in=[row.pk for row in rows])
    }
    return [_mended(each, mended.get(each.key.id)) for each in made]


def _of_reshipment(row: Reshipment, setting: ReturnSetting) -> SlipParcel:
    trouble = row.trouble
    return SlipParcel(
        key=ParcelKey(SlipKind.RESHIPMENT, row.pk),
        number=delivery.reshipment_number(row),
        page=trouble.number,
        case_id=trouble.case_id,
        case_number=trouble.case.number,
        customer=_customer(trouble.order),
        shop_side=_place(setting),
        goods=(_named(row.name, row.variant),),
        order_number=trouble.order.number,
    )


def _of_pick_up(row: PickUp, setting: ReturnSetting) -> SlipParcel:
    trouble = row.trouble
    return SlipParcel(
        key=ParcelKey(SlipKind.PICK_UP, row.pk),
        number=delivery.pick_up_number(row),
        page=trouble.number,
        case_id=trouble.case_id,
        case_number=trouble.case.number,
        customer=_customer(trouble.order),
        shop_side=_place(setting),
        goods=(_named(trouble.name, trouble.variant),),
        order_number=trouble.order.number,
    )


def _of_return(row: Return, setting: ReturnSetting) -> SlipParcel:
    consignment = returns.label_facts(row, setting=setting).consignment()
    return SlipParcel(
        key=ParcelKey(SlipKind.RETURN, row.pk),
        number=consignment.number,
        page=row.number,
        case_id=row.case_id,
        case_number=row.case.number,
        customer=consignment.sender,
        shop_side=consignment.receiver,
        goods=consignment.goods,
        order_number=consignment.remark,
    )


def _customer(order: Order) -> Recipient:
    return Recipient(
        order.recipient_name or order.customer.name,
        order.recipient_postcode,
        order.recipient_lines,
        order.recipient_phone,
    )


def _place(setting: ReturnSetting) -> Recipient:
    return returns.usual_place(setting.shop, setting)


def _sender(account: CarrierAccount, otherwise: Recipient) -> Recipient:
    """The contract's sender, each part that it leaves out taken from where returns go."""
    return Recipient(
        account.sender_name or otherwise.name,
        account.sender_postcode or otherwise.postcode,
        account.sender_lines or otherwise.lines,
        account.sender_phone or otherwise.phone,
    )


def _named(name: str, variant: str) -> str:
    return " ".join(filter(None, (name, variant)))


def _mended(parcel: SlipParcel, address: ParcelAddress | None) -> SlipParcel:
    if address is None:
        return parcel
    customer = Recipient(address.name, address.postcode, address.lines, address.phone)
    return replace(parcel, customer=customer, is_mended=True)


def _files_of(shop: Shop, kind: SlipKind, ids: list[int]) -> dict[int, int]:
    rows = SlipFileRow.objects.filter(shop=shop, kind=kind, parcel_id__in=ids).order_by("written_id")
    return dict(rows.values_list("parcel_id", "written_id"))
