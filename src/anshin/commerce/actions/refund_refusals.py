"""Why a refund is refused: one class a reason, each with a sentence for the person who asked. Nothing was written."""

from anshin.shops.actions import Refused


class RefundRefused(Refused):
    """The refund cannot be asked for or go on; `str(error)` says why and what to do."""


class UnknownOrder(RefundRefused):
    """The shop has no such order."""


class UnknownRefund(RefundRefused):
    """The shop has no such refund."""


class TooMuch(RefundRefused):
    """More than may still go back of the order, or nothing at all."""


class KeyTaken(RefundRefused):
    """Another refund was asked for under this key."""


class WayImpossible(RefundRefused):
    """Money cannot go back in this way."""


class ReasonMissing(RefundRefused):
    """The way is not the usual one, or the step needs words, and nobody said why."""


class AccountRefused(RefundRefused):
    """The bank account is not this customer's, or not there any more."""


class StepRefused(RefundRefused):
    """The refund has come too far, or not far enough, for this step."""


class SamePerson(RefundRefused):
    """Whoever asked for it cannot be the second person."""


class RecordMissing(RefundRefused):
    """A refund is not finished without reference, date and proof."""
