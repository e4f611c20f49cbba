"""Macros for tests."""

from __future__ import annotations

from typing import Any

from anshin.replies.terms import MacroContent

JA = "{{customer.name}} 様\n\nご注文 {{order.number}} の配送状況をお調べします。"
EN = "Dear {{customer.name}},\n\nWe are looking into your order {{order.number}}."


def content(**changes: Any) -> MacroContent:
    """A macro about a late parcel in Japanese and English."""
    values: dict[str, Any] = {
        "name": "配送の遅れ: お調べします",
        "topics": ("delivery.late_or_missing",),
        "texts": {"ja": JA, "en": EN},
    }
    return MacroContent(**(values | changes))
