"""Writing down that something is wrong with what arrived."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from anshin.cases.queries.messages import case_files
from anshin.cases.queries.subjects import case_by_id
from anshin.commerce.queries import order_with_details
from anshin.delivery import events
from anshin.delivery.actions import standing
from anshin.delivery.actions.refusals import WrongOrder
from anshin.delivery.models import EvidenceFile, Trouble, TroubleNumbering
from anshin.delivery.terms import LONGEST_SAID, EvidenceKind, TroubleKind
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.models import Order, OrderLine
    from anshin.shops.models import Membership, Shop

_SYSTEM = Actor(kind="system", id=None, name="anshin")


@transaction.atomic
def report(
    *,
    shop: Shop,
    by: Membership | None,
    case_id: int,
    order_id: int,
    line_id: int | None = None,
    kind: TroubleKind,
    quantity: int | None = None,
    said: str = "",
    key: str = "",
    actor: Actor | None = None,
    now: datetime,
) -> Trouble:
    """A trouble of this case about this order; pictures of the conversation become evidence.

    `by` is None when a room above tells it (a customer's request): `key` then says what, and the same again gives the
    same trouble; `actor` who it was. Without `line_id` it is about the order's first line.
    Raises NotAllowed, WrongOrder.
    """
    if by is not None:
        require(by, Permission.TRIAGE)
    case, order = case_by_id(shop, case_id), order_with_details(shop, order_id)
    line = _line(order, line_id) if order else None
    if case is None or order is None or line is None or (by is not None and by.shop_id != shop.pk):
        raise WrongOrder
    number = next_number(shop)  # locks: two that tell the same wait for each other
    if key and (told := Trouble.objects.filter(shop=shop, key=key).first()):
        return told
    trouble = Trouble.objects.create(
        shop=shop,
        number=number,
        case=case,
        order=order,
        line=line,
        kind=TroubleKind(kind),
        sku=line.sku,
        name=line.name,
        variant=line.variant,
        quantity=min(quantity or line.quantity, line.quantity),
        said=said.replace("\x00", "").strip()[:LONGEST_SAID],
        reported_by=by,
        key=key,
        created_at=now,
    )
    _keep_pictures(trouble, shop, now)
    fact = events.TroubleReported(trouble_id=trouble.pk, number=trouble.number, kind=trouble.kind)
    standing.tell(trouble, fact, shops.actor(by) if by else actor or _SYSTEM, now)
    return trouble


def _line(order: Order, line_id: int | None) -> OrderLine | None:
    lines = list(order.lines.all())
    if line_id is None:
        return lines[0] if lines else None
    return next((line for line in lines if line.pk == line_id), None)


def next_number(shop: Shop) -> int:
    """A fresh number; the row stays locked until the transaction ends."""
    TroubleNumbering.objects.get_or_create(shop=shop)
    TroubleNumbering.objects.filter(shop=shop).update(last_number=F("last_number") + 1)
    return TroubleNumbering.objects.get(shop=shop).last_number


def _keep_pictures(trouble: Trouble, shop: Shop, now: datetime) -> None:
    """What the customer sent so far, as pictures of what arrived; a person says otherwise where it is not."""
    seen: set[int] = set()
    for file in case_files(shop, trouble.case_id):
        if file.blob_id in seen or file.is_inline or not file.blob.kind.startswith("image/"):
            continue
        seen.add(file.blob_id)
        EvidenceFile.objects.create(
            shop=shop,
            trouble=trouble,
            blob=file.blob,
            kind=EvidenceKind.ARRIVED,
            name=file.name,
            message=file.message,
            came_at=file.message.at,
            added_at=now,
        )
