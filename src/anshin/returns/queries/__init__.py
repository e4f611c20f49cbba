"""Reading of the returns room: lists by turn, one return with all that belongs to it, what lies in the warehouse."""

from anshin.returns.queries.labels import label_facts, label_paper
from anshin.returns.queries.left import left_to_return
from anshin.returns.queries.lists import (
    ReturnRow,
    Tab,
    has_returns,
    inspection_count,
    inspection_rows,
    overdue_inspections,
    return_rows,
    returns_of_case,
    returns_of_customer,
    returns_of_refunds,
    row_of,
    setting_of,
    tab_counts,
    waiting_count,
)
from anshin.returns.queries.pages import (
    ReturnPage,
    fault_decision,
    photo_of,
    return_by_number,
    return_of_customer,
    return_page,
    returns_by_name,
    returns_by_numbers,
    returns_by_scan,
)
from anshin.returns.queries.parcels import (
    parcel_by_id,
    parcel_by_nonce,
    parcel_photo_of,
    parcels_since,
    unsorted_parcels,
)
from anshin.returns.queries.parts import Parts, parts_of
from anshin.returns.queries.reasons import ReasonCount, reasons_by_product

__all__ = [
    "Parts",
    "ReasonCount",
    "ReturnPage",
    "ReturnRow",
    "Tab",
    "fault_decision",
    "has_returns",
    "inspection_count",
    "inspection_rows",
    "label_facts",
    "label_paper",
    "left_to_return",
    "overdue_inspections",
    "parcel_by_id",
    "parcel_by_nonce",
    "parcel_photo_of",
    "parcels_since",
    "parts_of",
    "photo_of",
    "reasons_by_product",
    "return_by_number",
    "return_of_customer",
    "return_page",
    "return_rows",
    "returns_by_name",
    "returns_by_numbers",
    "returns_by_scan",
    "returns_of_case",
    "returns_of_customer",
    "returns_of_refunds",
    "row_of",
    "setting_of",
    "tab_counts",
    "unsorted_parcels",
    "waiting_count",
]
