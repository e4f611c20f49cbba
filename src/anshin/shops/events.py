"""Facts of the shops room for the journal."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class ShopOpened(Event):
    name: ClassVar[str] = "shop.opened"
    slug: str


@dataclass(frozen=True, slots=True)
class StaffInvited(Event):
    name: ClassVar[str] = "shop.staff_invited"
    membership_id: int
    role: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class InvitationSent(Event):
    name: ClassVar[str] = "shop.invitation_sent"
    membership_id: int
    who: str


@dataclass(frozen=True, slots=True)
class RoleGranted(Event):
    name: ClassVar[str] = "shop.role_granted"
    membership_id: int
    former: str
    role: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class StaffLeft(Event):
    name: ClassVar[str] = "shop.staff_left"
    membership_id: int
    who: str = ""


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    """A member of staff changed their own name, language or signature; `what` names the columns, comma between."""

    name: ClassVar[str] = "shop.account_changed"
    membership_id: int
    what: str


@dataclass(frozen=True, slots=True)
class ApprovalSet(Event):
    """Whether the replies of a member of staff wait for approval from now on."""

    name: ClassVar[str] = "shop.approval_set"
    membership_id: int
    who: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class SecondFactorRequired(Event):
    """From a moment on nobody works in the shop without a second factor."""

    name: ClassVar[str] = "shop.second_factor_required"
    since: datetime


@dataclass(frozen=True, slots=True)
class SecondFactorFreed(Event):
    """Nobody needs a second factor any more."""

    name: ClassVar[str] = "shop.second_factor_freed"


@dataclass(frozen=True, slots=True)
class FactorTaken(Event):
    """Somebody's second factor was taken away by the owner, or at the server."""

    name: ClassVar[str] = "shop.factor_taken"
    membership_id: int
    who: str


@dataclass(frozen=True, slots=True)
class PasswordEnded(Event):
    """The owner made somebody's password void and signed them out, on a suspicion."""

    name: ClassVar[str] = "shop.password_ended"
    membership_id: int
    who: str


@dataclass(frozen=True, slots=True)
class ShopChanged(Event):
    """The shop's settings; `what` names the columns that changed, comma between."""

    name: ClassVar[str] = "shop.changed"
    what: str


@dataclass(frozen=True, slots=True)
class OpeningHoursSet(Event):
    """The week as it is from now on: one "weekday opens-closes" an open day, Monday = 0."""

    name: ClassVar[str] = "shop.opening_hours_set"
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HolidayAdded(Event):
    name: ClassVar[str] = "shop.holiday_added"
    on: date
    label: str


@dataclass(frozen=True, slots=True)
class HolidayRemoved(Event):
    name: ClassVar[str] = "shop.holiday_removed"
    on: date
    label: str


@dataclass(frozen=True, slots=True)
class WentOnAfterRestore(Event):
    """What was held since a backup was put back is held no more. `held`: `runs`, or `given_up` as done already; `jobs`
    of them, and so many mails of product-safety notices are given up."""

    name: ClassVar[str] = "shop.went_on_after_restore"
    restored_at: datetime
    held: str
    jobs: int
    mails: int = 0
