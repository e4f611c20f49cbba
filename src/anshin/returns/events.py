"""Facts of the returns room for the journal and the timeline. `number` is the return's; texts stay out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class PolicyDrafted(Event):
    """A draft of the policy was begun; `source_id`: the version it was copied from, 0 for none."""

    name: ClassVar[str] = "policy.drafted"
    policy_id: int
    source_id: int


@dataclass(frozen=True, slots=True)
class PolicySaved(Event):
    """A draft of the policy was changed; `fields` names what differs."""

    name: ClassVar[str] = "policy.saved"
    policy_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyRemoved(Event):
    """A draft of the policy was thrown away."""

    name: ClassVar[str] = "policy.removed"
    policy_id: int


@dataclass(frozen=True, slots=True)
class PolicyPublished(Event):
    """A version was published; orders are judged by it from `in_force_at` on."""

    name: ClassVar[str] = "policy.published"
    policy_id: int
    label: str
    in_force_at: datetime


@dataclass(frozen=True, slots=True)
class PolicyWithdrawn(Event):
    """A published version became a draft again before any order was judged by it."""

    name: ClassVar[str] = "policy.withdrawn"
    policy_id: int
    label: str


@dataclass(frozen=True, slots=True)
class PolicyShowingTold(Event):
    """Since when the terms of a version stand at a place; `since_on` None: they do not. `former` is the day before."""

    name: ClassVar[str] = "policy.showing_told"
    policy_id: int
    where: str
    former: date | None
    since_on: date | None


@dataclass(frozen=True, slots=True)
class ReturnRequested(Event):
    """A return was asked for; `verdict` is what the policy said at once."""

    name: ClassVar[str] = "return.requested"
    return_id: int
    number: int
    verdict: str


@dataclass(frozen=True, slots=True)
class ReturnStepped(Event):
    """One axis of a return has moved: `axis` and `state` are codes of terms."""

    name: ClassVar[str] = "return.stepped"
    return_id: int
    number: int
    axis: str
    former: str
    state: str


@dataclass(frozen=True, slots=True)
class FaultDecided(Event):
    """Whose doing it was, as a person or the delivery room said; `why` in a sentence, "" where nobody wrote one."""

    name: ClassVar[str] = "return.fault_decided"
    return_id: int
    number: int
    former: str
    fault: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ParcelBookedIn(Event):
    """A parcel arrived; `is_announced` False: nobody knew of it or had approved it."""

    name: ClassVar[str] = "return.parcel_booked_in"
    parcel_id: int
    is_announced: bool


@dataclass(frozen=True, slots=True)
class ItemInspected(Event):
    """An item was looked at; `disposition` says what becomes of it."""

    name: ClassVar[str] = "return.item_inspected"
    return_id: int
    number: int
    line_id: int
    grade: str
    disposition: str


@dataclass(frozen=True, slots=True)
class SettlementConfirmed(Event):
    """A person confirmed what is paid back."""

    name: ClassVar[str] = "return.settlement_confirmed"
    return_id: int
    number: int
    settlement_id: int
    total_yen: int
    points: int


@dataclass(frozen=True, slots=True)
class BulkBegun(Event):
    """One step for several returns was asked for; `verb` is a code of terms.BulkVerb. Each return has its own facts."""

    name: ClassVar[str] = "return.bulk_begun"
    bulk_id: int
    verb: str
    count: int


@dataclass(frozen=True, slots=True)
class ReturnSettingChanged(Event):
    """How long each step may take, or where returns go, was changed."""

    name: ClassVar[str] = "return.setting_changed"
    what: str


@dataclass(frozen=True, slots=True)
class NumberGiven(Event):
    """The slip that the shop wrote for a return has its number."""

    name: ClassVar[str] = "return.number_given"
    return_id: int
    number: int
    carrier: str


@dataclass(frozen=True, slots=True)
class PageTaskOpened(Event):
    """A product comes back so often for one reason that its page should be looked at; `again`: after it was before."""

    name: ClassVar[str] = "return.page_task_opened"
    task_id: int
    product: str
    reason: str
    returns: int
    sold: int
    again: bool


@dataclass(frozen=True, slots=True)
class PageTaskFinished(Event):
    """Somebody changed a product's page, or said why nothing is to be changed: `state` done or dismissed."""

    name: ClassVar[str] = "return.page_task_finished"
    task_id: int
    product: str
    state: str


@dataclass(frozen=True, slots=True)
class ReturnPlaceSaved(Event):
    name: ClassVar[str] = "return.place_saved"
    place_id: int
    place: str


@dataclass(frozen=True, slots=True)
class ReturnPlaceRetired(Event):
    name: ClassVar[str] = "return.place_retired"
    place_id: int
    place: str


@dataclass(frozen=True, slots=True)
class ReturnDirected(Event):
    """Somebody chose where a return goes; `place` "" for the usual address."""

    name: ClassVar[str] = "return.directed"
    return_id: int
    number: int
    place: str


@dataclass(frozen=True, slots=True)
class ParcelReminded(Event):
    """A customer was reminded that their parcel is awaited, for the `place`th time."""

    name: ClassVar[str] = "return.parcel_reminded"
    return_id: int
    number: int
    place: int


@dataclass(frozen=True, slots=True)
class ReturnInvoiceVoided(Event):
    """A return invoice no longer counts, because its money came back."""

    name: ClassVar[str] = "return.invoice_voided"
    return_id: int
    number: int
    invoice: str


@dataclass(frozen=True, slots=True)
class ReturnInvoiceIssued(Event):
    """A return invoice was numbered and kept."""

    name: ClassVar[str] = "return.invoice_issued"
    return_id: int
    number: int
    invoice: str
    total_yen: int
