"""Asks Stripe about refunds and disputes, with the key of one shop. Nothing is understood here."""

from urllib.parse import urlencode

from anshin.plumbing.web.client import Answer, get, post_form

STRIPE = "https://api.stripe.com"
VERSION = "2025-04-30.basil"
MOST_AT_ONCE = 100


class StripeClient:
    """One shop's way to Stripe. `address` is another one in tests."""

    def __init__(self, key: str, *, address: str = STRIPE) -> None:
        self._key, self._address = key, address

    def create_refund(self, fields: dict[str, str], *, key: str) -> Answer:
        """The answer to POST /v1/refunds under this idempotency key. Raises Unreachable."""
        headers = {**self._headers(), "Idempotency-Key": key}
        return post_form(f"{self._address}/v1/refunds", fields, headers=headers)

    def refunds(self, asked: dict[str, str], *, after: str = "") -> Answer:
        """One page of the refunds of a payment, newest first. Raises Unreachable."""
        question = {**asked, "limit": str(MOST_AT_ONCE), **({"starting_after": after} if after else {})}
        return get(f"{self._address}/v1/refunds?{urlencode(question)}", headers=self._headers())

    def refund(self, reference: str) -> Answer:
        """One refund. Raises Unreachable."""
        return get(f"{self._address}/v1/refunds/{reference}", headers=self._headers())

    def dispute(self, reference: str) -> Answer:
        """One dispute. Raises Unreachable."""
        return get(f"{self._address}/v1/disputes/{reference}", headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}", "Stripe-Version": VERSION}
