"""Takes replies out of the building by mail: fills the socket `cases.ports.outbox`.

How a reply is sent once although any process may be killed at any moment:

1. Before anything else a SendAttempt row is committed (phase `connecting`).
2. The mail is handed to the server except for the final dot. If we die here, the server throws it away: the row has
   no outcome in phase `connecting`, and the next run sends again. Safe.
3. Just before the final dot the row is committed as `handed_over`. If we die between here and step 4, nobody knows
   whether the server had accepted. The next run finds the row, reports "unsure" and does *not* send; a person decides.
4. The server's answer is committed as the outcome.

Before step 1 the message asks for its turn (lanes.py), because mobile carriers refuse bursts; whoever has to wait has
not been tried.

SMTP has no way to ask later whether a mail was accepted, so the window in step 3 cannot be closed, only named. A mail
sent again by a person has the same Message-ID; most mailboxes then show it once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases.ports import (
    Delivered,
    DeliveryRefused,
    FromAddress,
    HandingOver,
    NotYet,
    OutgoingFile,
    OutgoingMessage,
    RefusedRecipient,
)
from anshin.channels.email import keys, queries
from anshin.channels.email.consents.keeping import bearer_of
from anshin.channels.email.fetching.inboxes import opened_password
from anshin.channels.email.models import Mailbox, SendAttempt
from anshin.channels.email.ports import Sender, TransportFailed, transport
from anshin.channels.email.sending import lanes, senders
from anshin.channels.email.terms import (
    Account,
    MailTrouble,
    Outcome,
    Phase,
    Security,
    Server,
    Service,
    Trouble,
    sentence,
)
from anshin.plumbing import clock
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import BlobDamaged, read_bytes
from anshin.plumbing.mail import compose
from anshin.plumbing.mail.bounce_kinds import kind_of
from anshin.plumbing.mail.carriers import carrier_of
from anshin.plumbing.mail.compose import AutoSubmitted, NotComposed, OutgoingMail
from anshin.plumbing.mail.values import Address, BounceKind

_AFTER_DATA = "(in reply to end of DATA command)"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to leave: from whom, for whom, and its bytes."""

    sender: Sender
    recipients: tuple[str, ...]
    raw: bytes


class EmailOutbox:
    """The outbox of shops that answer by mail. `clock` gives the moments written on attempts."""

    def __init__(self, *, moment: Callable[[], datetime] = clock.now) -> None:
        self._now = moment

    def senders_for(self, shop_id: int, case_id: int) -> tuple[FromAddress, ...]:
        """The addresses of the shop's active mailboxes and their aliases, first the one to which the customer wrote."""
        return tuple(origin.address for origin in senders.origins_for(shop_id, case_id))

    def new_message_key(self, shop_id: int, turn: str, sender_mail: str) -> str:
        """A Message-ID in the domain of the sender's address."""
        return keys.message_key(shop_id, turn, sender_mail)

    def deliver(self, message: OutgoingMessage, *, handing_over: HandingOver) -> Delivered:
        """See cases.ports.Outbox. Must not be called inside a transaction: each step has to be on disk."""
        origin = _origin(message)
        letter = _prepared(origin, message)
        way = lanes.way_of(letter.sender, letter.recipients)
        self._refuse_if_unsure(message, way)
        waiting = lanes.enter(way, shop_id=message.shop_id, message_id=message.message_id, now=self._now())
        if waiting is not None:
            raise NotYet(waiting.words, until_at=waiting.until_at)
        failure: TransportFailed | None = TransportFailed("")
        try:
            words = self._hand_over(origin.mailbox, message, letter, handing_over)
            failure = None
        except DeliveryRefused as refusal:
            failure = refusal.__cause__ if isinstance(refusal.__cause__, TransportFailed) else failure
            raise
        finally:
            lanes.leave(way, message_id=message.message_id, now=self._now(), failure=failure)
        return Delivered(words)

    def _hand_over(self, mailbox: Mailbox, message: OutgoingMessage, letter: Letter, handing_over: HandingOver) -> str:
        attempt = self._begin(mailbox, message)
        stages: list[str] = []

        def at_the_dot() -> None:
            stages.append(_AFTER_DATA)
            with transaction.atomic(durable=True):
                SendAttempt.objects.filter(pk=attempt.pk).update(phase=Phase.HANDED_OVER)
            handing_over()

        try:
            words = transport.get().send(letter.sender, letter.recipients, letter.raw, handing_over=at_the_dot)
        except TransportFailed as failure:
            self._end(attempt, _outcome_of(failure), failure.words)
            refused = _refused(failure, " ".join(stages))
            raise DeliveryRefused(
                failure.words, permanent=failure.permanent, unsure=failure.unsure, refused=refused
            ) from failure
        except Exception as error:
            raise self._broken_off(attempt, error) from error
        self._end(attempt, Outcome.SENT, words)
        return words

    def _refuse_if_unsure(self, message: OutgoingMessage, way: lanes.Way) -> None:
        """Report an attempt that was cut off after the hand-over, once; asked again after that, sending is allowed."""
        open_ones = SendAttempt.objects.filter(message_id=message.message_id, phase=Phase.HANDED_OVER)
        words = _("The work was interrupted just as the mail was handed over. The server may have taken it.")
        done = {"phase": Phase.DONE, "outcome": Outcome.UNSURE, "server_words": words, "finished_at": self._now()}
        with transaction.atomic(durable=True):
            is_unsure = bool(open_ones.update(**done))
        if is_unsure:
            lanes.leave(
                way, message_id=message.message_id, now=self._now(), failure=TransportFailed(words, unsure=True)
            )
            raise DeliveryRefused(words, permanent=False, unsure=True)

    def _begin(self, mailbox: Mailbox, message: OutgoingMessage) -> SendAttempt:
        with transaction.atomic(durable=True):
            return SendAttempt.objects.create(
                shop_id=message.shop_id, message_id=message.message_id, mailbox=mailbox, started_at=self._now()
            )

    def _end(self, attempt: SendAttempt, outcome: Outcome, words: str) -> None:
        with transaction.atomic(durable=True):
            SendAttempt.objects.filter(pk=attempt.pk).update(
                phase=Phase.DONE, outcome=outcome, server_words=words[:500], finished_at=self._now()
            )

    def _broken_off(self, attempt: SendAttempt, error: Exception) -> DeliveryRefused:
        """What an unforeseen error means depends on how far the attempt had got."""
        attempt.refresh_from_db()
        unsure = attempt.phase == Phase.HANDED_OVER
        words = sentence(Trouble.BROKEN, str(error)[:200])
        self._end(attempt, Outcome.UNSURE if unsure else Outcome.DEFERRED, words)
        return DeliveryRefused(words, permanent=False, unsure=unsure)


def smtp_server(mailbox: Mailbox) -> Server | None:
    """The mailbox's SMTP server with its password, or None. Raises MailTrouble when the password is unreadable."""
    if not mailbox.smtp_host:
        return None
    return Server(
        mailbox.smtp_host,
        mailbox.smtp_port,
        Security(mailbox.smtp_security),
        mailbox.smtp_user,
        opened_password(mailbox.smtp_password_sealed),
        bearer_of(mailbox),
    )


def account_of(mailbox: Mailbox) -> Account | None:
    """The mailbox's account with a sending service, or None. Raises MailTrouble when the key is unreadable."""
    if mailbox.sends_by == Service.SMTP:
        return None
    return Account(Service(mailbox.sends_by), opened_password(mailbox.service_key_sealed), mailbox.service_place)


def sender_from(mailbox: Mailbox, address: str, *, returns_to: str) -> Sender:
    """Who sends, and over what. Raises MailTrouble when a stored secret is unreadable."""
    account = account_of(mailbox)
    server = None if account else smtp_server(mailbox)
    return Sender(mailbox.shop_id, address, server, returns_to, account)


def _origin(message: OutgoingMessage) -> senders.Origin:
    """The address frozen in the message, with its mailbox. Raises DeliveryRefused when the shop has lost it."""
    if not message.sender.mail:  # written before senders were frozen
        origin = next(iter(senders.origins_for(message.shop_id, message.case_id)), None)
    else:
        origin = senders.origin_of(message.shop_id, message.sender.mail)
    if origin is not None:
        return origin
    if queries.first_mailbox(message.shop_id) is None:
        raise DeliveryRefused(sentence(Trouble.NOT_SET_UP), permanent=True)
    words = _(
        "The mailbox of %(mail)s was switched off or removed. Switch it on again, or answer from another address."
    )
    raise DeliveryRefused(words % {"mail": message.sender.mail}, permanent=True)


def _prepared(origin: senders.Origin, message: OutgoingMessage) -> Letter:
    """The message ready to leave. Raises DeliveryRefused when the mail cannot even be written."""
    try:
        mailbox, address = origin.mailbox, origin.address.mail
        mail = outgoing_mail(origin, message)
        returns_to = keys.bounce_address(address, message.message_id) if mailbox.returns_per_message else ""
        sender = sender_from(mailbox, address, returns_to=returns_to)
        return Letter(sender, mail.recipients, compose.compose(mail))
    except MailTrouble as trouble:
        raise DeliveryRefused(trouble.sentence, permanent=True) from trouble
    except NotComposed as error:
        words = _("The mail cannot be written like this: %(what)s. Correct it and send it again.")
        raise DeliveryRefused(words % {"what": error.what}, permanent=True) from error
    except (BlobDamaged, Blob.DoesNotExist) as error:
        words = _("An attached file is damaged or missing. Remove it, attach it anew and send the reply again.")
        raise DeliveryRefused(words, permanent=True) from error


def outgoing_mail(origin: senders.Origin, message: OutgoingMessage) -> OutgoingMail:
    """The reply as a mail: the same message is always the same mail. Raises BlobDamaged."""
    answered = [key for key in message.references if _is_message_id(key)]
    nearest = message.in_reply_to if _is_message_id(message.in_reply_to) else ""
    sender = Address(_one_line(message.sender.name or origin.address.name), origin.address.mail)
    takes_tokens = origin.mailbox.takes_plus_addresses
    reply_to = keys.address_for_case(sender.mail, message.case_id) if takes_tokens else ""
    return OutgoingMail(
        sender=sender,
        to=tuple(Address(_one_line(party.name), party.mail) for party in message.to),
        cc=tuple(Address(_one_line(party.name), party.mail) for party in message.cc),
        subject=_one_line(message.subject),
        text=message.text,
        message_id=message.message_key,
        sent_at=message.at,
        reply_to=Address(sender.name, reply_to) if reply_to else None,
        in_reply_to=nearest or (answered[-1] if answered else ""),
        references=tuple(answered),
        files=tuple(_file(message.shop_id, file) for file in message.files),
        auto_submitted=AutoSubmitted.REPLIED if message.is_automatic else AutoSubmitted.NO,
        desk_mark=keys.desk_mark(message.shop_id),
    )


def _file(shop_id: int, file: OutgoingFile) -> compose.OutgoingFile:
    blob = Blob.objects.get(pk=file.blob_id, shop_id=shop_id)
    return compose.OutgoingFile(_one_line(file.name), blob.kind, read_bytes(blob))


def bounce_of(failure: TransportFailed) -> str:
    """Why the server does not accept the one recipient for good, as a code of BounceKind; "" when it is not about the
    address."""
    refused = _refused(failure, "")
    kind = BounceKind(refused.kind) if refused else None
    about = {BounceKind.UNKNOWN_USER, BounceKind.UNKNOWN_DOMAIN, BounceKind.MAILBOX_FULL}
    return kind.value if kind in about else ""


def _is_message_id(key: str) -> bool:
    """Keys made by us for mails without one (a hash) do not go out."""
    return "@" in key and "#" not in key and key.isascii()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _refused(failure: TransportFailed, stage: str) -> RefusedRecipient | None:
    """Why the server does not take mail for one recipient. The stage counts: docomo and au refuse after the text.

    A refusal as such blames the recipient only where it is that of a phone: the shop's own server, too, refuses mail.
    """
    if not failure.refused:
        return None
    kind = kind_of(f"{failure.words} {stage}", status="", address=failure.refused)
    is_doubtful = kind is BounceKind.REFUSED and carrier_of(failure.refused) is None
    return None if is_doubtful else RefusedRecipient(failure.refused, kind.value)


def _outcome_of(failure: TransportFailed) -> Outcome:
    if failure.unsure:
        return Outcome.UNSURE
    return Outcome.REFUSED if failure.permanent else Outcome.DEFERRED
