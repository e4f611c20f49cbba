"""Facts of this room for the journal. They name keys and addresses, never what proves them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class KeyMade(Event):
    """A key for another program; `member` is for whom it works."""

    name: ClassVar[str] = "integration.key_made"
    key_id: int
    label: str
    scopes: str
    member: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyRevoked(Event):
    name: ClassVar[str] = "integration.key_revoked"
    key_id: int
    label: str


@dataclass(frozen=True, slots=True)
class WebhookAdded(Event):
    name: ClassVar[str] = "integration.webhook_added"
    webhook_id: int
    url: str
    types: str


@dataclass(frozen=True, slots=True)
class WebhookChanged(Event):
    name: ClassVar[str] = "integration.webhook_changed"
    webhook_id: int
    url: str
    types: str


@dataclass(frozen=True, slots=True)
class WebhookRemoved(Event):
    name: ClassVar[str] = "integration.webhook_removed"
    webhook_id: int
    url: str


@dataclass(frozen=True, slots=True)
class WebhookPaused(Event):
    name: ClassVar[str] = "integration.webhook_paused"
    webhook_id: int
    url: str


@dataclass(frozen=True, slots=True)
class WebhookResumed(Event):
    name: ClassVar[str] = "integration.webhook_resumed"
    webhook_id: int
    url: str


@dataclass(frozen=True, slots=True)
class WebhookStopped(Event):
    """An address did not answer for days, or said that it wants nothing any more."""

    name: ClassVar[str] = "integration.webhook_stopped"
    webhook_id: int
    url: str


@dataclass(frozen=True, slots=True)
class SecretRotated(Event):
    name: ClassVar[str] = "integration.secret_rotated"
    webhook_id: int
    url: str


@dataclass(frozen=True, slots=True)
class EventsSentAgain(Event):
    name: ClassVar[str] = "integration.events_sent_again"
    webhook_id: int
    url: str
    count: int
