"""Tables of the delivery room, one file for each noun."""

from anshin.delivery.models.arrangements import Consent, CostEntry, PickUp, Reshipment, Snapshot
from anshin.delivery.models.evidence import EvidenceFile, PackingRecord
from anshin.delivery.models.packing_files import PackingColumns, PackingImport, RefusedPackingRow
from anshin.delivery.models.troubles import FaultDecision, Trouble, TroubleNumbering

__all__ = [
    "Consent",
    "CostEntry",
    "EvidenceFile",
    "FaultDecision",
    "PackingColumns",
    "PackingImport",
    "PackingRecord",
    "PickUp",
    "RefusedPackingRow",
    "Reshipment",
    "Snapshot",
    "Trouble",
    "TroubleNumbering",
]
