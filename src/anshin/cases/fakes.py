"""A stand-in for the outbox: keeps what left, and refuses as told. For tests and work without a network."""

from anshin.cases.ports import Delivered, DeliveryRefused, HandingOver, OutgoingMessage
from anshin.cases.terms import Party


class RecordingOutbox:
    """An outbox whose mail stays in `left`; `refusals` are raised first, one a delivery."""

    def __init__(self, sender: Party | None = None) -> None:
        self.sender: Party | None = sender or Party("こもれび雑貨店", "support@komorebi.example")
        self.left: list[OutgoingMessage] = []
        self.refusals: list[DeliveryRefused] = []

    def sender_of(self, shop_id: int) -> Party | None:  # noqa: ARG002  one sender for every shop
        return self.sender

    def new_message_key(self, shop_id: int, message_id: int) -> str:
        return f"anshin.{shop_id}.{message_id}@outbox.example"

    def deliver(self, message: OutgoingMessage, *, handing_over: HandingOver) -> Delivered:
        if self.refusals:
            raise self.refusals.pop(0)
        handing_over()
        self.left.append(message)
        return Delivered("250 2.0.0 OK")
