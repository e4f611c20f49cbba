"""What the delivery room's facts mean, for the journal's page and a case's timeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anshin.commerce.terms import Carrier, Fault
from anshin.delivery.terms import (
    ArrivedAs,
    BoxState,
    CostKind,
    EvidenceKind,
    Payer,
    PickUpState,
    ReshipmentState,
    TroubleKind,
)

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]


def _choice(choices: type[TextChoices]) -> Callable[[Any], Words]:
    return lambda value: choices(value).label if value in choices.values else str(value)


def _number(value: Any) -> Words:
    return f"D-{int(value):04}"


def _plain(value: Any) -> Words:
    return str(value)


def _yen(value: Any) -> Words:
    return f"¥{int(value):,}"


def _first_digits(value: Any) -> Words:
    return str(value)[:12]


DELIVERY_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "delivery.reported": (
        _("Wrote down trouble with a delivery"),
        (("number", "", _number), ("kind", "", _choice(TroubleKind))),
    ),
    "delivery.described": (
        _("Said what arrived"),
        (("arrived_as", "", _choice(ArrivedAs)), ("box", "", _choice(BoxState))),
    ),
    "delivery.packing_recorded": (_("Wrote down what was packed"), ()),
    "delivery.packing_imported": (
        _("Imported packing records"),
        (
            ("records_new", _("New"), _plain),
            ("lots_noted", _("Lot numbers noted"), _plain),
            ("rows_refused", _("Rows left out"), _plain),
        ),
    ),
    "delivery.evidence_added": (
        _("Kept a photo or file as evidence"),
        (("kind", "", _choice(EvidenceKind)), ("sha256", _("SHA-256"), _first_digits)),
    ),
    "delivery.fault_found": (
        _("Decided whose doing it was"),
        (
            ("fault", "", _choice(Fault)),
            ("former", _("Before"), _choice(Fault)),
            ("proposed", _("The evidence said"), _choice(Fault)),
        ),
    ),
    "delivery.reshipment_planned": (_("Had something sent again"), (("payer", _("Paid by"), _choice(Payer)),)),
    "delivery.reshipment_moved": (
        _("A parcel sent again is a step further"),
        (("state", "", _choice(ReshipmentState)),),
    ),
    "delivery.pick_up_moved": (_("A pick-up is a step further"), (("state", "", _choice(PickUpState)),)),
    "delivery.number_given": (_("Wrote down a slip’s number"), (("carrier", "", _choice(Carrier)),)),
    "delivery.cost_booked": (
        _("Wrote a cost into the ledger"),
        (("kind", "", _choice(CostKind)), ("amount_yen", "", _yen), ("payer", _("Paid by"), _choice(Payer))),
    ),
    "delivery.snapshot_taken": (_("Took a copy of the order"), (("digest", "", _first_digits),)),
    "delivery.consent_recorded": (
        _("Wrote down that the customer agreed to pay"),
        (("amount_yen", "", _yen),),
    ),
    "delivery.settled": (_("Settled trouble with a delivery"), ()),
    "delivery.reopened": (_("Took up trouble with a delivery again"), ()),
}
