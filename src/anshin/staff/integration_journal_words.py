"""What the integrations room's facts mean, for the journal's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]


def _plain(value: Any) -> Words:
    return str(value)


_KEY: Piece = ("label", "", _plain)
_URL: Piece = ("url", "", _plain)
_TYPES: Piece = ("types", _("Of what it is told"), _plain)
INTEGRATION_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "integration.key_made": (
        _("A key for another program was made"),
        (_KEY, ("member", _("Works for"), _plain), ("scopes", _("What it may do"), _plain)),
    ),
    "integration.key_revoked": (_("A key of another program was ended"), (_KEY,)),
    "integration.webhook_added": (_("An address for webhooks was added"), (_URL, _TYPES)),
    "integration.webhook_changed": (_("An address for webhooks was changed"), (_URL, _TYPES)),
    "integration.webhook_removed": (_("An address for webhooks was removed"), (_URL,)),
    "integration.webhook_paused": (_("An address for webhooks was paused"), (_URL,)),
    "integration.webhook_resumed": (_("An address for webhooks was resumed"), (_URL,)),
    "integration.webhook_stopped": (_("An address for webhooks did not answer and was stopped"), (_URL,)),
    "integration.secret_rotated": (_("An address for webhooks got a new secret"), (_URL,)),
    "integration.events_sent_again": (
        _("Webhooks were sent again"),
        (_URL, ("count", _("How many"), _plain)),
    ),
}
