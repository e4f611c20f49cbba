"""Stand-ins for the sockets of the commerce room: a payment provider that behaves, for the demo and for tests."""

import hashlib
import json

from anshin.commerce.ports import (
    Declined,
    NotYet,
    ProviderAccount,
    ProviderAnswer,
    ProviderDispute,
    ProviderNotice,
    RefundQuestion,
    TooLate,
    Unsure,
)
from anshin.commerce.terms import NoticeKind

SLOW, LOST, DECLINED, TOO_LATE, BUSY = "slow", "lost", "declined", "too_late", "busy"
"""With these words a charge's id begins when the practice provider shall make difficulties."""


class PracticePayments:
    """A provider without money. The same key gets the same answer, in any process.

    What it does is in the charge's id: `declined…` is refused, `too_late…` cannot be taken back any more, `busy…` is
    put off the first time, `lost…` is paid but its first answer gets lost, `slow…` is under way at first.
    """

    def __init__(self) -> None:
        self.paid: dict[str, int] = {}
        self.came_back: dict[str, str] = {}
        self.disputes: dict[str, ProviderDispute] = {}
        self._seen: set[str] = set()

    def refund(self, account: ProviderAccount, question: RefundQuestion) -> ProviderAnswer:  # noqa: ARG002
        """See ports.Payments."""
        if question.charge.startswith(DECLINED):
            raise Declined("The practice provider does not pay this back.")
        if question.charge.startswith(TOO_LATE):
            raise TooLate("The practice provider says that this payment is too old.")
        is_first = question.key not in self._seen and not question.is_again
        self._seen.add(question.key)
        if question.charge.startswith(BUSY) and is_first:
            raise NotYet("The practice provider is busy.")
        self.paid[question.key] = question.amount_yen
        if question.charge.startswith(LOST) and is_first:
            raise Unsure("The practice provider gave no answer.")
        reference = "practice_" + hashlib.sha256(question.key.encode()).hexdigest()[:16]
        is_final = not question.charge.startswith(SLOW)
        return ProviderAnswer(reference, "paid" if is_final else "under way", is_final)

    def look(self, account: ProviderAccount, reference: str) -> ProviderAnswer:  # noqa: ARG002
        """See ports.Payments. `came_back` holds why a refund failed after it was paid, by its number."""
        if reference in self.came_back:
            raise Declined(self.came_back[reference])
        return ProviderAnswer(reference, "paid", is_final=True)

    def notice(self, account: ProviderAccount, body: bytes) -> ProviderNotice:  # noqa: ARG002
        """See ports.Payments: an object with kind, reference and key."""
        told = json.loads(body)
        return ProviderNotice(NoticeKind(told["kind"]), told["reference"], told.get("key", ""))

    def dispute(self, account: ProviderAccount, reference: str) -> ProviderDispute:  # noqa: ARG002
        """See ports.Payments."""
        return self.disputes[reference]
