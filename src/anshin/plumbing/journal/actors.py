"""Who did something: the actor that every verb takes as `by`."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["staff", "customer", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or the system itself, as the journal remembers it.

    `id` is the person's or customer's number, None for the system. `name` is how the actor was called at that
    moment; it stays as it was when somebody is renamed later.
    """

    kind: ActorKind
    id: int | None
    name: str

    @classmethod
    def staff(cls, person_id: int, name: str) -> "Actor":
        return cls("staff", person_id, name)

    @classmethod
    def customer(cls, customer_id: int | None, name: str) -> "Actor":
        return cls("customer", customer_id, name)

    @classmethod
    def system(cls, name: str = "Anshin") -> "Actor":
        return cls("system", None, name)
