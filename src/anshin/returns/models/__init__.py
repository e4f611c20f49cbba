"""Tables of the returns room, one file for each noun."""

from anshin.returns.models.bulk import BulkItem, BulkRun
from anshin.returns.models.disputes import DisputeCase
from anshin.returns.models.improvements import ImprovementOutcome, ImprovementTask
from anshin.returns.models.inspections import Inspection
from anshin.returns.models.invoices import ReturnInvoice
from anshin.returns.models.parcels import Parcel, ParcelContent, ParcelPhoto, ParcelReminder
from anshin.returns.models.places import ReturnPlace
from anshin.returns.models.policy import Policy, PolicyShowing
from anshin.returns.models.returns import Return, ReturnLine, ReturnNumbering, ReturnPhoto, ReturnSetting, Step
from anshin.returns.models.settlements import Settlement, SettlementItem

__all__ = [
    "BulkItem",
    "BulkRun",
    "DisputeCase",
    "ImprovementOutcome",
    "ImprovementTask",
    "Inspection",
    "Parcel",
    "ParcelContent",
    "ParcelPhoto",
    "ParcelReminder",
    "Policy",
    "PolicyShowing",
    "Return",
    "ReturnInvoice",
    "ReturnLine",
    "ReturnNumbering",
    "ReturnPhoto",
    "ReturnPlace",
    "ReturnSetting",
    "Settlement",
    "SettlementItem",
    "Step",
]
