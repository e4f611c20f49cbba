"""Words about money that goes back: refunds, transfers, what banks and payment providers say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RefundWay(TextChoices):
    """How money goes back to the customer."""

    ORIGINAL = "original", _("The way it was paid")
    BANK = "bank", _("To a bank account")
    POINTS = "points", _("As points")
    COUPON = "coupon", _("As a coupon")
    CASH = "cash", _("Cash by registered mail")


class RefundState(TextChoices):
    """How far a refund has come."""

    ASKED = "asked", _("Waits for confirmation")
    READY = "ready", _("Waits to be paid")
    SENDING = "sending", _("Under way")
    UNSURE = "unsure", _("Not known whether it was paid")
    SETTLED = "settled", _("Paid back")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RefundKind(TextChoices):
    """What goes back: the price of goods, or what the customer laid out because of the shop."""

    GOODS = "goods", _("Price of goods")
    EXPENSE = "expense", _("Expense of the customer")


class RouteReason(TextChoices):
    """Why money goes back in this way."""

    REVERSIBLE = "reversible", _("The payment can be taken back.")
    TOO_OLD = "too_old", _("The payment is too old to be taken back.")
    TOO_SMALL = "too_small", _("Less was paid in that way than is to go back.")
    NO_WAY_BACK = "no_way_back", _("What was paid in this way cannot be taken back.")
    NOTHING_PAID = "nothing_paid", _("No payment is known.")
    LAID_OUT = "laid_out", _("The customer laid it out; it was never part of a payment.")


class AccountKind(TextChoices):
    """What sort of bank account it is."""

    ORDINARY = "ordinary", _("Ordinary account")
    CURRENT = "current", _("Current account")
    SAVINGS = "savings", _("Savings account")


class BatchState(TextChoices):
    """How far a batch of transfers has come."""

    DRAFT = "draft", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    HANDED = "handed", _("File taken")
    CLOSED = "closed", _("All lines marked")
    DISSOLVED = "dissolved", _("Dissolved")


class LineState(TextChoices):
    """What became of one transfer."""

    WAITING = "waiting", pgettext_lazy("transfer", "Not known yet")
    DONE = "done", pgettext_lazy("transfer", "Transferred")
    FAILED = "failed", pgettext_lazy("transfer", "Failed")


class ReplyScope(TextChoices):
    """What a bank's answer to a file of transfers holds."""

    FAILURES = "failures", _("Only what could not be transferred (不能分)")
    ALL = "all", _("All transfers with their results (振込結果)")


class ReplyColumn(TextChoices):
    """What a column of a bank's answer in CSV means."""

    LINE = "line", _("Number of the line (顧客コード1)")
    BANK = "bank", _("Number of the bank (4 digits)")
    BRANCH = "branch", _("Number of the branch (3 digits)")
    NUMBER = "number", _("Account number")
    AMOUNT = "amount", pgettext_lazy("transfer", "Amount")
    RESULT = "result", pgettext_lazy("transfer", "Result")
    REASON = "reason", _("The bank’s reason")


class ReplyState(TextChoices):
    """How far a bank's answer has come."""

    COLUMNS = "columns", pgettext_lazy("reply of a bank", "Columns to be named")
    READ = "read", pgettext_lazy("reply of a bank", "Waits to be taken over")
    DONE = "done", pgettext_lazy("reply of a bank", "Taken over")
    REFUSED = "refused", pgettext_lazy("reply of a bank", "Refused")


class ReplyFlaw(TextChoices):
    """Why a line of a bank's answer is not taken over."""

    UNKNOWN = "unknown", _("This transfer is not in the batch.")
    AMOUNT = "amount", _("The amount is another one than in the batch.")
    ACCOUNT = "account", _("The account is another one than in the batch.")
    TWICE = "twice", _("The file has this line twice.")
    KNOWN = "known", _("Marked so already. Nothing changes.")
    CONTRADICTS = "contradicts", _("Marked as failed already. A failed transfer goes out with the next batch.")
    UNCLEAR = "unclear", _("Whether it was transferred cannot be read. Mark this line by hand.")


class PaymentProvider(TextChoices):
    """Who takes the shop's card payments and pays them back."""

    STRIPE = "stripe", _("Stripe")
    PRACTICE = "practice", _("Practice provider")


class NoticeKind(TextChoices):
    """What a notice of a payment provider is about."""

    REFUND = "refund", _("A refund")
    DISPUTE = "dispute", _("A dispute")
    OTHER = "other", _("Something else")


class NoticeOutcome(TextChoices):
    """What came of a notice of a payment provider."""

    WAITING = "waiting", _("Not looked at yet")
    FOLLOWED = "followed", _("Looked up and taken over")
    NOT_OURS = "not_ours", _("About nothing that was paid through here")


class DisputeState(TextChoices):
    """How far a cardholder's dispute about a payment has come."""

    ENQUIRY = "enquiry", _("The bank asks")
    OPEN = "open", _("Disputed")
    WON = "won", _("Decided for the shop")
    LOST = "lost", _("Decided for the customer")
    CLOSED = "closed", _("Ended without a decision")
