"""Decisions of the commerce room, one file for each question."""

from anshin.commerce.rules.orders import (
    BOUNCES_UNTIL_UNREACHABLE,
    address_key,
    clears,
    digest,
    name_key,
    order_state,
    reach_after,
    speaks_against_the_address,
    total_yen,
)
from anshin.commerce.rules.tracking import check_tracking, read_tracking, tracking_address

__all__ = [
    "BOUNCES_UNTIL_UNREACHABLE",
    "address_key",
    "check_tracking",
    "clears",
    "digest",
    "name_key",
    "order_state",
    "reach_after",
    "read_tracking",
    "speaks_against_the_address",
    "total_yen",
    "tracking_address",
]
