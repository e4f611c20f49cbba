"""Fills the socket commerce.payments: asks the provider that the shop has named."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from anshin.commerce.ports import (
    NotYet,
    Payments,
    ProviderAccount,
    ProviderAnswer,
    ProviderDispute,
    ProviderNotice,
    RefundQuestion,
    Unsure,
)
from anshin.commerce.terms import PaymentProvider
from anshin.connectors.payments.client import STRIPE, StripeClient
from anshin.connectors.payments.notices import dispute_of, notice_of
from anshin.connectors.payments.translate import answer_of, fields_of, is_ours, payment_of, trouble_of
from anshin.plumbing.web.client import Unreachable

MOST_PAGES = 20
_GOOD = 200


class ByProvider:
    """Every shop's way to its own provider."""

    def __init__(self, providers: Mapping[PaymentProvider, Payments]) -> None:
        self._providers = dict(providers)

    def refund(self, account: ProviderAccount, question: RefundQuestion) -> ProviderAnswer:
        """See ports.Payments."""
        return self._of(account).refund(account, question)

    def look(self, account: ProviderAccount, reference: str) -> ProviderAnswer:
        """See ports.Payments."""
        return self._of(account).look(account, reference)

    def notice(self, account: ProviderAccount, body: bytes) -> ProviderNotice:
        """See ports.Payments."""
        return self._of(account).notice(account, body)

    def dispute(self, account: ProviderAccount, reference: str) -> ProviderDispute:
        """See ports.Payments."""
        return self._of(account).dispute(account, reference)

    def _of(self, account: ProviderAccount) -> Payments:
        if account.provider not in self._providers:
            raise NotYet(_("This installation does not speak with the shop’s payment provider."))
        return self._providers[account.provider]


class StripePayments:
    """Refunds at Stripe.

    Stripe forgets an idempotency key after a day. So a question that may have been asked before first looks whether the
    payment has a refund with our key in its metadata, and asks for one only when it has none.
    """

    def __init__(self, *, address: str = STRIPE) -> None:
        self._address = address

    def refund(self, account: ProviderAccount, question: RefundQuestion) -> ProviderAnswer:
        """See ports.Payments."""
        client = StripeClient(account.key, address=self._address)
        fields = fields_of(question)
        if question.is_again and (found := self._made_before(client, question)):
            return found
        try:
            answer = client.create_refund(fields, key=question.key)
        except Unreachable as error:
            raise Unsure(_("Stripe gave no answer (%(what)s).") % {"what": error}) from error
        if answer.status != _GOOD:
            raise trouble_of(answer.status, answer.fields)
        return answer_of(answer.fields, amount_yen=question.amount_yen)

    def look(self, account: ProviderAccount, reference: str) -> ProviderAnswer:
        """See ports.Payments."""
        try:
            answer = StripeClient(account.key, address=self._address).refund(reference)
        except Unreachable as error:
            raise NotYet(_("Stripe gave no answer (%(what)s).") % {"what": error}) from error
        if answer.status != _GOOD:
            raise NotYet(str(trouble_of(answer.status, answer.fields)))
        return answer_of(answer.fields)

    def notice(self, account: ProviderAccount, body: bytes) -> ProviderNotice:  # noqa: ARG002  a socket's shape
        """See ports.Payments."""
        return notice_of(body)

    def dispute(self, account: ProviderAccount, reference: str) -> ProviderDispute:
        """See ports.Payments."""
        try:
            answer = StripeClient(account.key, address=self._address).dispute(reference)
        except Unreachable as error:
            raise NotYet(_("Stripe gave no answer (%(what)s).") % {"what": error}) from error
        if answer.status != _GOOD:
            raise NotYet(str(trouble_of(answer.status, answer.fields)))
        return dispute_of(answer.fields)

    def _made_before(self, client: StripeClient, question: RefundQuestion) -> ProviderAnswer | None:
        """The refund of this payment that bears our key. Raises Unsure when Stripe cannot be asked."""
        asked, after = payment_of(question.charge), ""
        for _page in range(MOST_PAGES):
            try:
                answer = client.refunds(asked, after=after)
            except Unreachable as error:
                raise Unsure(_("Stripe gave no answer (%(what)s).") % {"what": error}) from error
            if answer.status != _GOOD:
                raise Unsure(str(trouble_of(answer.status, answer.fields)))
            listed = [each for each in answer.fields.get("data", []) if isinstance(each, dict)]
            for refund in listed:
                if is_ours(refund, question.key):
                    return answer_of(refund, amount_yen=question.amount_yen)
            if not answer.fields.get("has_more") or not listed:
                return None
            after = str(listed[-1].get("id", ""))
        raise Unsure(_("This payment has too many refunds at Stripe to look through. Look at it there."))
