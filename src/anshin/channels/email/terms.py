"""Words of the mail channel: how a server is reached, what became of an arrival, what can be wrong."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Security(TextChoices):
    """How the connection to a mail server is protected."""

    TLS = "tls", _("TLS from the start")
    STARTTLS = "starttls", _("STARTTLS")
    PLAIN = "plain", _("No encryption")


class SignIn(TextChoices):
    """How Anshin signs in to a mailbox's servers."""

    PASSWORD = "password", _("User name and password")
    GOOGLE = "google", _("Google (Gmail, Google Workspace)")
    MICROSOFT = "microsoft", _("Microsoft (Microsoft 365, Outlook.com)")


class Afterwards(TextChoices):
    """What becomes of a mail in its mailbox on the server once it is on the desk."""

    LEAVE = "leave", _("Leave it as it is")
    READ = "read", _("Mark it as read")
    MOVE = "move", _("Move it to a folder")
    DELETE = "delete", _("Delete it")


class Poster(TextChoices):
    """Who posts mail to an address of ours, and so how a post is signed."""

    STANDARD = "standard", _("Any system (Standard Webhooks)")
    MAILGUN = "mailgun", _("Mailgun")
    POSTMARK = "postmark", _("Postmark")
    SENDGRID = "sendgrid", _("SendGrid")
    SES = "ses", _("Amazon SES")


class Service(TextChoices):
    """How replies leave a mailbox: over its SMTP server, or over a sending service's own interface."""

    SMTP = "smtp", _("SMTP server")
    MAILGUN = "mailgun", "Mailgun"
    MAILGUN_EU = "mailgun_eu", "Mailgun (EU)"
    POSTMARK = "postmark", "Postmark"
    SENDGRID = "sendgrid", "SendGrid"
    BREVO = "brevo", "Brevo"
    RESEND = "resend", "Resend"
    AMAZON_SES = "amazon_ses", "Amazon SES"


class Source(TextChoices):
    """Which way a mail came in."""

    IMAP = "imap", _("Fetched from the mailbox")
    IMPORT = "import", _("Imported from a file")
    OUTSIDE = "outside", _("Written on the practice page")
    PIPE = "pipe", _("Handed over by the mail server")
    POST = "post", _("Posted by a mail provider")


class SpamJudge(TextChoices):
    """Whose marks in a mail put it into the spam folder."""

    ON_TOP = "on_top", _("Marks at the very top of the mail, which no sender can write")
    RSPAMD = "rspamd", _("rspamd, wherever its marks stand")
    SPAMASSASSIN = "spamassassin", _("SpamAssassin, wherever its marks stand")
    MICROSOFT = "microsoft", _("Microsoft 365, wherever its marks stand")
    YAHOO = "yahoo", _("Yahoo!, wherever its marks stand")
    GOOGLE = "google", _("Google, wherever its marks stand")
    BARRACUDA = "barracuda", _("Barracuda, wherever its marks stand")
    NOBODY = "nobody", _("Nobody: all mail goes to the inbox")


class Fate(TextChoices):
    """What became of a mail that arrived. Every arrival has exactly one fate; only `stored` is not final."""

    STORED = "stored", _("Kept, not read yet")
    TAKEN_IN = "taken_in", _("Became part of a case")
    DUPLICATE = "duplicate", _("A copy of a mail we already have")
    BOUNCE = "bounce", _("A report that our mail came back")
    AUTO_REPLY = "auto_reply", _("An automatic mail, put into a case")
    LOOP = "loop", _("Our own mail that came back to us")
    QUARANTINED = "quarantined", _("Could not be read, shown for a person")
    WAITING = "waiting", _("Held back: too many from one address")
    SPAM = "spam", _("Put into the spam folder")


class ComparisonState(TextChoices):
    """How far a comparison of a mailbox with its ledger has come."""

    WAITING = "waiting", _("Begins in a moment")
    READING = "reading", _("Waits until the mailbox has been read")
    RUNNING = "running", _("Comparing")
    DONE = "done", _("Compared")
    FAILED = "failed", _("Could not compare")


class Alert(TextChoices):
    """What can be wrong with a mailbox so that owner and manager are told."""

    FAILING = "failing", _("Cannot be fetched")
    DIFFER = "differ", _("Received and shown differ")
    SILENT = "silent", _("Unusually silent")


class Phase(TextChoices):
    """How far an attempt to send got. Only in `handed_over` without an outcome is it unknown whether it left."""

    CONNECTING = "connecting", _("Talking to the server")
    HANDED_OVER = "handed_over", _("Handed over, no answer yet")
    DONE = "done", _("Answered")


class Outcome(TextChoices):
    """How an attempt to send ended."""

    SENT = "sent", _("Sent")
    DEFERRED = "deferred", _("Will be tried again")
    REFUSED = "refused", _("Refused")
    UNSURE = "unsure", _("Not known whether it left")


class Trouble(TextChoices):
    """What can be wrong with a mail server, as a sentence that says what to do."""

    WRONG_PASSWORD = (
        "wrong_password",
        _("The server does not accept the user name or password. Check both; some providers want an app password."),
    )
    UNKNOWN_HOST = "unknown_host", _("There is no server with this name. Check the server name for typing errors.")
    INSIDE = (
        "inside",
        _(
            "This server name leads into an inside network, which is not asked. Use the name that your provider "
            "states; a mail server of your own must be allowed by whoever runs this installation."
        ),
    )
    REFUSED = (
        "refused",
        _("The server does not accept connections on this port. Check the port, or wait until the server is back."),
    )
    TIMEOUT = (
        "timeout",
        _("The server does not answer. Check server name and port, or wait until the server is back."),
    )
    CERTIFICATE = (
        "certificate",
        _("The server's certificate is not valid for this name. Use the server name that your provider states."),
    )
    CERTIFICATE_EXPIRED = (
        "certificate_expired",
        _("The server's certificate has run out, so nothing was handed over. Ask your provider to renew it."),
    )
    CERTIFICATE_UNKNOWN = (
        "certificate_unknown",
        _("Nobody known vouches for the server's certificate, so nothing was handed over. Check the server name."),
    )
    ENCRYPTION = (
        "encryption",
        _("The server does not speak this kind of encryption on this port. Try the other kind or port."),
    )
    NO_FOLDER = "no_folder", _("The mailbox has no such folder. Check the user name with your provider.")
    DISK_FULL = (
        "disk_full",
        _("There is no room left to store mail. Nothing is lost; free some space and fetching goes on by itself."),
    )
    STORAGE = (
        "storage",
        _("The folder for files cannot be written. Nothing is lost; ask whoever runs this installation to look at it."),
    )
    SECRET_CHANGED = (
        "secret_changed",
        _("The stored password cannot be read any more because the installation's secret changed. Enter it again."),
    )
    BUSY = "busy", _("The server is busy or under maintenance. It is tried again by itself.")
    BROKEN = "broken", _("The connection broke off. It is tried again by itself.")
    CANNOT_TIDY = (
        "cannot_tidy",
        _("The server cannot do this safely to single mails, so they stay as they are. Choose something else."),
    )
    UNFETCHABLE = "unfetchable", _("The server does not hand this mail out. Ask your provider to look at it.")
    ADDRESS_REFUSED = "address_refused", _("The server does not accept this address. Check its spelling.")
    MAIL_REFUSED = "mail_refused", _("The server does not accept the mail. Ask your mail provider for the reason.")
    CONSENT_MISSING = (
        "consent_missing",
        _("This mailbox is not connected yet. The owner connects it under Settings, Mailboxes."),
    )
    CONSENT_WITHDRAWN = (
        "consent_withdrawn",
        _("The permission to use this mailbox was withdrawn or has run out. Connect the mailbox again."),
    )
    CLIENT_WRONG = (
        "client_wrong",
        _("The provider does not accept the client ID or secret. Check both where the mailbox is connected."),
    )
    TOKEN_REFUSED = (
        "token_refused",
        _("The mail server does not accept the permission. Check that IMAP and SMTP are allowed for this account."),
    )
    SIGN_IN_DOWN = "sign_in_down", _("The provider's sign-in does not answer. It is tried again by itself.")
    NOT_SET_UP = (
        "not_set_up",
        _("No mail server is set up for this shop. The owner can do it under Settings, Mailboxes."),
    )


PERMANENT = frozenset(
    {
        Trouble.WRONG_PASSWORD,
        Trouble.UNKNOWN_HOST,
        Trouble.INSIDE,
        Trouble.CERTIFICATE,
        Trouble.CERTIFICATE_EXPIRED,
        Trouble.CERTIFICATE_UNKNOWN,
        Trouble.ENCRYPTION,
        Trouble.NO_FOLDER,
        Trouble.SECRET_CHANGED,
        Trouble.CANNOT_TIDY,
        Trouble.UNFETCHABLE,
        Trouble.ADDRESS_REFUSED,
        Trouble.MAIL_REFUSED,
        Trouble.CONSENT_MISSING,
        Trouble.CONSENT_WITHDRAWN,
        Trouble.CLIENT_WRONG,
        Trouble.TOKEN_REFUSED,
        Trouble.NOT_SET_UP,
    }
)
"""Troubles that time alone does not mend; a person must change something."""


class MailTrouble(Exception):
    """A mail server cannot be used right now.

    `trouble` says what and what to do, `server_words` is what the server itself said (may be empty),
    `permanent` whether trying again without a change is useless, `about` the addresses in question (none: the server).
    """

    def __init__(
        self,
        trouble: Trouble,
        server_words: str = "",
        *,
        permanent: bool | None = None,
        about: Collection[str] = (),
    ) -> None:
        self.trouble = trouble
        self.server_words = server_words
        self.about = tuple(about)
        self.permanent = trouble in PERMANENT if permanent is None else permanent
        super().__init__(f"{trouble.value}: {server_words}" if server_words else trouble.value)

    @property
    def sentence(self) -> str:
        """The trouble in the reader's language, with the server's own words behind it."""
        return sentence(self.trouble, self.server_words)

    @property
    def answer(self) -> str:
        """What a server answered with a code, as it is in every language; the sentence where there is no answer."""
        return self.server_words if self.server_words[:3].isdecimal() else self.sentence


def sentence(trouble: Trouble, server_words: str = "") -> str:
    """What is wrong and what to do, with the server's own words in brackets when there are any."""
    label = str(trouble.label)
    return f"{label} ({server_words})" if server_words else label


class Bearer(Protocol):
    """Gives what opens a mailbox instead of a password: an access token (SASL XOAUTH2)."""

    def token(self) -> str:
        """A token that is still good for some minutes. Raises MailTrouble."""
        ...

    def other_than(self, refused: str) -> str:
        """Another token, after a server refused this one. Raises MailTrouble."""
        ...


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how a mail server is reached; `password` in clear, for the moment of use only.

    With a `bearer` its tokens are shown instead of the password. `is_operators`: its name stands in the settings of the
    installation, so that it may be inside.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""
    bearer: Bearer | None = None
    is_operators: bool = False

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port} {self.security.value} as {self.user!r})"


@dataclass(frozen=True, slots=True)
class Account:
    """A shop's account with a sending service; `key` in clear, for the moment of use only.

    `place` is the sending domain with Mailgun, the message stream with Postmark ("": the usual one), the region with
    Amazon, whose key is written as ID:secret.
    """

    service: Service
    key: str
    place: str = ""

    def __repr__(self) -> str:
        return f"Account({self.service.value} {self.place})"


def is_region(text: str) -> bool:
    """Whether this can be the name of one of Amazon's regions; it becomes part of an address."""
    return re.fullmatch(r"[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d", text) is not None
