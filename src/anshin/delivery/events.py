"""What the delivery room writes to the journal."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class TroubleReported(Event):
    """Something is wrong with what arrived. `kind` is a code of terms.TroubleKind."""

    name: ClassVar[str] = "delivery.reported"
    trouble_id: int
    number: int
    kind: str


@dataclass(frozen=True, slots=True)
class ArrivalDescribed(Event):
    """Somebody said what the customer's words and photos show; codes of terms.ArrivedAs and BoxState."""

    name: ClassVar[str] = "delivery.described"
    trouble_id: int
    arrived_as: str
    box: str


@dataclass(frozen=True, slots=True)
class PackingRecorded(Event):
    """What was packed is written down now."""

    name: ClassVar[str] = "delivery.packing_recorded"
    record_id: int
    order_id: int


@dataclass(frozen=True, slots=True)
class PackingImported(Event):
    """A file of packing records was taken in, as far as it went."""

    name: ClassVar[str] = "delivery.packing_imported"
    import_id: int
    records_new: int
    lots_noted: int
    rows_refused: int


@dataclass(frozen=True, slots=True)
class EvidenceAdded(Event):
    """A picture or file was kept as evidence. `kind` is a code of terms.EvidenceKind."""

    name: ClassVar[str] = "delivery.evidence_added"
    trouble_id: int
    evidence_id: int
    kind: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FaultFound(Event):
    """A person decided whose doing it was; codes of commerce.terms.Fault, `former` and `proposed` "" without one."""

    name: ClassVar[str] = "delivery.fault_found"
    trouble_id: int
    decision_id: int
    former: str
    fault: str
    proposed: str


@dataclass(frozen=True, slots=True)
class ReshipmentPlanned(Event):
    """Something is to be sent again. `payer` is a code of terms.Payer."""

    name: ClassVar[str] = "delivery.reshipment_planned"
    trouble_id: int
    reshipment_id: int
    payer: str


@dataclass(frozen=True, slots=True)
class ReshipmentMoved(Event):
    """A re-shipment is a step further; codes of terms.ReshipmentState."""

    name: ClassVar[str] = "delivery.reshipment_moved"
    trouble_id: int
    reshipment_id: int
    former: str
    state: str


@dataclass(frozen=True, slots=True)
class PickUpMoved(Event):
    """A pick-up is a step further; codes of terms.PickUpState, `former` "" when it is new."""

    name: ClassVar[str] = "delivery.pick_up_moved"
    trouble_id: int
    pick_up_id: int
    former: str
    state: str


@dataclass(frozen=True, slots=True)
class CostBooked(Event):
    """A cost stands in the ledger; codes of terms.CostKind and Payer."""

    name: ClassVar[str] = "delivery.cost_booked"
    trouble_id: int
    cost_id: int
    kind: str
    payer: str
    amount_yen: int


@dataclass(frozen=True, slots=True)
class SnapshotTaken(Event):
    """The order was kept as it stood at this moment."""

    name: ClassVar[str] = "delivery.snapshot_taken"
    trouble_id: int
    snapshot_id: int
    digest: str


@dataclass(frozen=True, slots=True)
class ConsentRecorded(Event):
    """The customer agreed to pay; `message_id` is the message that says so."""

    name: ClassVar[str] = "delivery.consent_recorded"
    trouble_id: int
    consent_id: int
    message_id: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class TroubleSettled(Event):
    """Nothing is left to be done."""

    name: ClassVar[str] = "delivery.settled"
    trouble_id: int


@dataclass(frozen=True, slots=True)
class TroubleReopened(Event):
    """Something is to be done after all."""

    name: ClassVar[str] = "delivery.reopened"
    trouble_id: int


@dataclass(frozen=True, slots=True)
class NumberGiven(Event):
    """A parcel that is sent again (`reshipment_id`) or fetched (`pick_up_id`) has its slip's number; 0: the other."""

    name: ClassVar[str] = "delivery.number_given"
    trouble_id: int
    reshipment_id: int
    pick_up_id: int
    carrier: str
