"""Facts of the mail channel for the journal."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class MailboxSaved(Event):
    name: ClassVar[str] = "email.mailbox_saved"
    mailbox_id: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class SpamJudgeChosen(Event):
    """Somebody said whose spam marks count in all mailboxes of the shop; `judge` is one of terms.SpamJudge."""

    name: ClassVar[str] = "email.spam_judge_chosen"
    judge: str


@dataclass(frozen=True, slots=True)
class MailboxFailing(Event):
    """From now on mail of this mailbox cannot be fetched; `trouble` is a code of terms.Trouble."""

    name: ClassVar[str] = "email.mailbox_failing"
    mailbox_id: int
    trouble: str


@dataclass(frozen=True, slots=True)
class MailboxWorking(Event):
    """The mailbox can be fetched again."""

    name: ClassVar[str] = "email.mailbox_working"
    mailbox_id: int


@dataclass(frozen=True, slots=True)
class ArrivalTriedAgain(Event):
    """A person had a quarantined or held-back mail taken in again."""

    name: ClassVar[str] = "email.arrival_tried_again"
    arrival_id: int
    fate: str


@dataclass(frozen=True, slots=True)
class ComparisonAsked(Event):
    """A person wants a mailbox compared with its ledger now."""

    name: ClassVar[str] = "email.comparison_asked"
    mailbox_id: int


@dataclass(frozen=True, slots=True)
class AlertBegan(Event):
    """Owner and manager are told of something about a mailbox; `kind` is a code of terms.Alert."""

    name: ClassVar[str] = "email.alert_began"
    mailbox_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class AlertEnded(Event):
    """What they were told of has ended by itself."""

    name: ClassVar[str] = "email.alert_ended"
    mailbox_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class MailMissed(Event):
    """A comparison found mails on the server that the ledger did not have; `brought_count` of them came in at once."""

    name: ClassVar[str] = "email.mail_missed"
    mailbox_id: int
    missing_count: int
    brought_count: int


@dataclass(frozen=True, slots=True)
class AppRegistered(Event):
    """The shop stated by which client ID a provider knows Anshin; the secret stands nowhere."""

    name: ClassVar[str] = "email.app_registered"
    provider: str


@dataclass(frozen=True, slots=True)
class MailboxConnected(Event):
    """The owner of a mail account gave Anshin the permission to use it."""

    name: ClassVar[str] = "email.mailbox_connected"
    mailbox_id: int
    provider: str


@dataclass(frozen=True, slots=True)
class MailboxDisconnected(Event):
    """The permission was thrown away at the desk."""

    name: ClassVar[str] = "email.mailbox_disconnected"
    mailbox_id: int
    provider: str


@dataclass(frozen=True, slots=True)
class AliasSaved(Event):
    """A second address of a mailbox was added or changed."""

    name: ClassVar[str] = "email.alias_saved"
    alias_id: int
    mailbox_id: int


@dataclass(frozen=True, slots=True)
class AliasRemoved(Event):
    """Nothing leaves from a second address any more."""

    name: ClassVar[str] = "email.alias_removed"
    alias_id: int
    mailbox_id: int


@dataclass(frozen=True, slots=True)
class TestMailSent(Event):
    """A test mail left, or was refused; `outcome` says which."""

    name: ClassVar[str] = "email.test_mail_sent"
    mailbox_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class PostAddressOpened(Event):
    """From now on a provider may post mail for a mailbox."""

    name: ClassVar[str] = "email.post_address_opened"
    mailbox_id: int
    poster: str


@dataclass(frozen=True, slots=True)
class PostAddressClosed(Event):
    """Nobody is heard at that address any more."""

    name: ClassVar[str] = "email.post_address_closed"
    mailbox_id: int
    poster: str
