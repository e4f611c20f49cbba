"""A policy as a shop of household goods would write it, and requests to judge by it."""

from datetime import date

from anshin.returns.rules.policy_content import Override, PolicyContent
from anshin.returns.rules.policy_judging import Asked

KOMOREBI = PolicyContent(
    defect_days=14,
    defect_start="delivery",
    defect_ways=("refund", "exchange", "repair"),
    accepts=True,
    days=14,
    start="delivery",
    allows_opened=True,
    needs_package=True,
    needs_accessories=True,
    payer="customer",
    excluded_tags=("food", "hygiene", "made_to_order"),
    excludes_used=True,
    overrides=(
        Override(kind="tag", value="sale", days=7),
        Override(kind="tag", value="limited", refused=True),
        Override(kind="sku", value="KT-01", name="琺瑯の片手鍋 18cm", days=30, payer="shop", defect_days=60),
    ),
)


def asked(**more):
    """A change of mind about something unused that arrived on 1 April 2026, asked on the 10th."""
    values = {
        "reason": "changed_mind",
        "condition": "unused",
        "ordered_on": date(2026, 3, 29),
        "shipped_on": date(2026, 3, 30),
        "delivered_on": date(2026, 4, 1),
        "asked_on": date(2026, 4, 10),
        "sku": "TB-02",
    }
    return Asked(**values | more)
