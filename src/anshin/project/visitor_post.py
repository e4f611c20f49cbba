"""Takes letters to customers out of the building that belong to no case: fills the socket `visits.letter_slot`.

The sender is the shop's first mailbox, whose address the customer knows; an answer arrives there as any mail does.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from anshin.channels.email import keys, queries
from anshin.channels.email.models import Mailbox
from anshin.channels.email.ports import TransportFailed, transport
from anshin.channels.email.sending.adapter import sender_from
from anshin.channels.email.terms import MailTrouble, Trouble, sentence
from anshin.plumbing import clock
from anshin.plumbing.mail import compose
from anshin.plumbing.mail.compose import AutoSubmitted, NotComposed, OutgoingFile, OutgoingMail
from anshin.plumbing.mail.values import Address
from anshin.visits.ports import CustomerLetter, LetterNotSent


class VisitorPost:
    """The letter slot of a real installation; in the demo the transport behind it is a stand-in."""

    def send(self, letter: CustomerLetter, *, handing_over: Callable[[], None] = lambda: None) -> None:
        """See visits.ports.LetterSlot."""
        mailbox = queries.first_mailbox(letter.shop_id)
        if mailbox is None:
            raise LetterNotSent(sentence(Trouble.NOT_SET_UP), permanent=True)
        try:
            mail = _mail(letter, mailbox, now=clock.now())
            sender = sender_from(mailbox, mailbox.address, returns_to="")
            transport.get().send(sender, mail.recipients, compose.compose(mail), handing_over=handing_over)
        except MailTrouble as trouble:
            raise LetterNotSent(trouble.sentence, permanent=trouble.permanent) from trouble
        except TransportFailed as failure:
            raise LetterNotSent(failure.words, permanent=failure.permanent, unsure=failure.unsure) from failure
        except NotComposed as error:
            raise LetterNotSent(str(error), permanent=True) from error


def _mail(letter: CustomerLetter, mailbox: Mailbox, *, now: datetime) -> OutgoingMail:
    domain = mailbox.address.rpartition("@")[2].lower()
    return OutgoingMail(
        sender=Address(mailbox.display_name or str(mailbox.shop), mailbox.address),
        to=(Address(" ".join(letter.name.split()), letter.to),),
        subject=letter.subject,
        text=letter.text,
        message_id=f"visitor.{secrets.token_hex(16)}@{domain}",
        sent_at=now,
        files=tuple(OutgoingFile(file.name, file.content_type, file.content) for file in letter.files),
        auto_submitted=AutoSubmitted.GENERATED,
        desk_mark=keys.desk_mark(letter.shop_id),
    )
