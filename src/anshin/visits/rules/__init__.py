"""Decisions of the visits room: coming in (`entering`), and what belongs to a request's parts (`parts`)."""

from anshin.visits.rules.entering import (
    MOST_REQUESTS,
    RATE_WINDOW,
    NotBelieved,
    ends_at,
    is_code_over,
    is_locked,
    is_reminder_due,
    is_visit_over,
    limit_reached,
    read,
    sign,
)

__all__ = [
    "MOST_REQUESTS",
    "RATE_WINDOW",
    "NotBelieved",
    "ends_at",
    "is_code_over",
    "is_locked",
    "is_reminder_due",
    "is_visit_over",
    "limit_reached",
    "read",
    "sign",
]
