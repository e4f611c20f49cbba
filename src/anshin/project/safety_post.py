"""Takes safety mails out of the building, many over one connection: fills the socket `safety.post`.

The sender is the shop's first mailbox, whose address the buyer knows; an answer arrives there as any mail does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from anshin.cases.terms import IncomingBounce
from anshin.channels.email import keys, queries
from anshin.channels.email.models import Mailbox
from anshin.channels.email.ports import Sender, Transport, TransportFailed, conversation, transport
from anshin.channels.email.sending.adapter import bounce_of, sender_from
from anshin.channels.email.terms import MailTrouble, Trouble, sentence
from anshin.language.mails import mail_key
from anshin.plumbing import clock
from anshin.plumbing.mail import compose
from anshin.plumbing.mail.compose import AutoSubmitted, NotComposed, OutgoingFile, OutgoingMail
from anshin.plumbing.mail.values import Address, BounceKind
from anshin.project.safety_paces import SafetyPaces
from anshin.safety.actions import take_bounce
from anshin.safety.ports import Handed, SafetyLetter
from anshin.safety.terms import CameBack
from anshin.shops.queries import shop_by_id

_PICTURE: Final = "picture@anshin.invalid"
_SILENT_SERVER: Final = 2
"""After so many mails that the server did not even answer, the rest is not tried now."""


class SafetyMailPost:
    """The post of a real installation; in the demo the transport behind it is a stand-in."""

    def send(
        self, shop_id: int, letters: Sequence[SafetyLetter], *, handing_over: Callable[[SafetyLetter], None]
    ) -> Iterator[Handed]:
        """See safety.ports.SafetyPost."""
        mailbox = queries.first_mailbox(shop_id)
        if mailbox is None:
            yield from _refused(letters[:1], sentence(Trouble.NOT_SET_UP))
            return
        try:
            sender = sender_from(mailbox, mailbox.address, returns_to="")
        except MailTrouble as trouble:
            yield from _refused(letters[:1], trouble.sentence)
            return
        paces = SafetyPaces(sender, [letter.to for letter in letters])
        with conversation(transport.get(), sender) as way:
            yield from _handed_over(way, sender, mailbox, letters, paces=paces, handing_over=handing_over)

    def arrives_here(self, shop_id: int, mail: str) -> bool:
        """See safety.ports.SafetyPost."""
        return mail_key(mail) in {mail_key(each) for each in queries.own_addresses(shop_id)}


def _handed_over(
    way: Transport,
    sender: Sender,
    mailbox: Mailbox,
    letters: Sequence[SafetyLetter],
    *,
    paces: SafetyPaces,
    handing_over: Callable[[SafetyLetter], None],
) -> Iterator[Handed]:
    silent = 0
    for letter in letters:
        if found := paces.enter(letter, now=clock.now()):
            waits, words = found
            yield Handed(letter.mail_id, is_taken=False, words=words, waits=waits)
            if not waits.receiver:
                return
            continue
        failure = None
        try:
            raw = compose.compose(_mail(letter, mailbox, now=clock.now()))
            words = way.send(sender, (letter.to,), raw, handing_over=partial(handing_over, letter))
            handed = Handed(letter.mail_id, is_taken=True, words=words)
        except NotComposed as error:
            handed = Handed(letter.mail_id, False, str(error), is_permanent=True, bounce=_unusable(error))
        except TransportFailed as failed:
            failure = failed
            handed = _handed(letter, failed)
        paces.leave(letter, now=clock.now(), failure=failure)
        yield handed
        silent = silent + 1 if failure and not _has_answered(failure) else 0
        if silent >= _SILENT_SERVER:
            return


def _has_answered(failure: TransportFailed) -> bool:
    return bool(failure.permanent or failure.unsure or failure.slower_for)


def _handed(letter: SafetyLetter, failure: TransportFailed) -> Handed:
    bounce = bounce_of(failure) if failure.permanent else ""
    return Handed(letter.mail_id, False, failure.words, failure.permanent, failure.unsure, bounce)


def _unusable(error: NotComposed) -> str:
    return BounceKind.UNKNOWN_USER if error.code == "address_unusable" else ""


def _refused(letters: Sequence[SafetyLetter], words: str) -> Iterator[Handed]:
    for letter in letters:
        yield Handed(letter.mail_id, is_taken=False, words=words)


def _mail(letter: SafetyLetter, mailbox: Mailbox, *, now: datetime) -> OutgoingMail:
    picture = OutgoingFile("picture", letter.picture_type, letter.picture, _PICTURE) if letter.picture else None
    return OutgoingMail(
        sender=Address(mailbox.display_name or str(mailbox.shop), mailbox.address),
        to=(Address(" ".join(letter.name.split()), letter.to),),
        subject=letter.subject,
        text=letter.text,
        html=letter.html.replace('"cid:picture"', f'"cid:{_PICTURE}"'),
        message_id=letter.message_id,
        sent_at=now,
        reply_to=Address("", letter.reply_to) if letter.reply_to else None,
        files=(picture,) if picture else (),
        auto_submitted=AutoSubmitted.GENERATED,
        desk_mark=keys.desk_mark(mailbox.shop_id),
    )


class SafetyBounces:
    """Fills `email.other_mails`: reports about safety mails."""

    def take_bounce(self, shop_id: int, bounce: IncomingBounce, *, now: datetime) -> bool:
        """See channels.email.ports.OtherMails."""
        came_back = CameBack(
            message_keys=bounce.message_keys,
            address=bounce.address,
            kind=str(bounce.kind),
            is_final=bounce.given_up,
            words=bounce.words,
            at=bounce.at,
        )
        return take_bounce(shop=shop_by_id(shop_id), came_back=came_back, now=now)
