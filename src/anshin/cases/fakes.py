"""A stand-in for the outbox: keeps what left, and refuses as told. For tests and work without a network."""

from anshin.cases.ports import Delivered, DeliveryRefused, FromAddress, HandingOver, NotYet, OutgoingMessage


class RecordingOutbox:
    """An outbox whose mail stays in `left`; `refusals` are raised first, one a delivery."""

    def __init__(self, *senders: FromAddress) -> None:
        self.senders = senders or (FromAddress("こもれび雑貨店", "support@komorebi.example"),)
        self.left: list[OutgoingMessage] = []
        self.refusals: list[DeliveryRefused | NotYet] = []

    def senders_for(self, shop_id: int, case_id: int) -> tuple[FromAddress, ...]:  # noqa: ARG002  always the same
        return self.senders

    def new_message_key(self, shop_id: int, turn: str, sender_mail: str) -> str:  # noqa: ARG002
        return f"anshin.{shop_id}.{turn}@outbox.example"

    def deliver(self, message: OutgoingMessage, *, handing_over: HandingOver) -> Delivered:
        if self.refusals:
            raise self.refusals.pop(0)
        handing_over()
        self.left.append(message)
        return Delivered("250 2.0.0 OK")
