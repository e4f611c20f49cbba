"""Facts of the shops room for the journal."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class RoleGranted(Event):
    name: ClassVar[str] = "shop.role_granted"
    membership_id: int
    former: str
    role: str


@dataclass(frozen=True, slots=True)
class StaffLeft(Event):
    name: ClassVar[str] = "shop.staff_left"
    membership_id: int
