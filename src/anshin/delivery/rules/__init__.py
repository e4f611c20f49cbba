"""Decisions of the delivery room: what the evidence says, who pays, which step may follow which, what is masked."""

from anshin.delivery.rules.packing import packing_digest, places_of
from anshin.delivery.rules.paying import (
    apology_for,
    inserts_for,
    needs_consent,
    needs_pick_up,
    payer_of,
    recover_from,
)
from anshin.delivery.rules.snapshot import digest_of, masked_address, masked_name, masked_number
from anshin.delivery.rules.steps import (
    PICK_UP_MAY_BECOME,
    PICK_UP_OPEN,
    RESHIPMENT_MAY_BECOME,
    RESHIPMENT_OPEN,
    TROUBLE_MAY_BECOME,
    IllegalStep,
    check_pick_up,
    check_reshipment,
    check_trouble,
)
from anshin.delivery.rules.weighing import weigh

__all__ = [
    "PICK_UP_MAY_BECOME",
    "PICK_UP_OPEN",
    "RESHIPMENT_MAY_BECOME",
    "RESHIPMENT_OPEN",
    "TROUBLE_MAY_BECOME",
    "IllegalStep",
    "apology_for",
    "check_pick_up",
    "check_reshipment",
    "check_trouble",
    "digest_of",
    "inserts_for",
    "masked_address",
    "masked_name",
    "masked_number",
    "needs_consent",
    "needs_pick_up",
    "packing_digest",
    "payer_of",
    "places_of",
    "recover_from",
    "weigh",
]
