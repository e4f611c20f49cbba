"""Reading of the delivery room: troubles, their evidence, whose doing it was; for returns and screens."""

from anshin.delivery.queries.closing import ArrangementsCheck
from anshin.delivery.queries.evidence import (
    EvidenceLine,
    evidence_file,
    evidence_files,
    evidence_of,
    finding_of,
    packing_photo,
    packing_record,
)
from anshin.delivery.queries.snapshots import reshipment_by_id, snapshot_by_id
from anshin.delivery.queries.troubles import (
    CostTotals,
    cost_totals,
    costs_to_recover,
    fault_of,
    latest_decision,
    open_count,
    trouble_by_id,
    trouble_by_number,
    trouble_details,
    troubles_in_state,
    troubles_of_case,
    waiting_count,
)

__all__ = [
    "ArrangementsCheck",
    "CostTotals",
    "EvidenceLine",
    "cost_totals",
    "costs_to_recover",
    "evidence_file",
    "evidence_files",
    "evidence_of",
    "fault_of",
    "finding_of",
    "latest_decision",
    "open_count",
    "packing_photo",
    "packing_record",
    "reshipment_by_id",
    "snapshot_by_id",
    "trouble_by_id",
    "trouble_by_number",
    "trouble_details",
    "troubles_in_state",
    "troubles_of_case",
    "waiting_count",
]
