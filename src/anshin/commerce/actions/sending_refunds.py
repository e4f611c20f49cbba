"""Sends refunds to the payment provider."""

from __future__ import annotations

from datetime import datetime

from anshin.commerce.models import Refund


def start(refund: Refund, *, now: datetime) -> None:
    """Set a held refund that is ready on its way, where the program can: inside the caller's transaction."""
