"""Takes safety mails out of the building, many over few connections: fills the socket `safety.post`.

The sender is the shop's first mailbox, whose address the buyer knows; an answer arrives there as any mail does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from anshin.cases.terms import IncomingBounce
from anshin.channels.email import keys, queries
from anshin.channels.email.models import Mailbox
from anshin.channels.email.ports import (
    Parcel,
    Sender,
    Transport,
    TransportFailed,
    conversation,
    send_together,
    transport,
)
from anshin.channels.email.sending.adapter import bounce_of, sender_from
from anshin.channels.email.terms import MailTrouble, Trouble, sentence
from anshin.language.mails import mail_key
from anshin.plumbing import clock
from anshin.plumbing.mail import compose
from anshin.plumbing.mail.compose import AutoSubmitted, NotComposed, OutgoingFile, OutgoingMail
from anshin.plumbing.mail.values import Address, BounceKind
from anshin.project.safety_paces import SafetyPaces
from anshin.safety.actions import take_bounce
from anshin.safety.ports import Handed, HandingOver, SafetyLetter
from anshin.safety.terms import CameBack
from anshin.shops.queries import shop_by_id

_PICTURE: Final = "picture@anshin.invalid"
AT_ONCE: Final = 2
"""So many letters of one lane lie at their final dots together, each over a connection of its own, and are marked in
one commit: a disk that needs milliseconds for it is waited for half as often. A kill leaves so many of a lane unsure.
All lanes together keep within the connections that our own server is asked for (pacing.paces.OWN_SERVER)."""
_SILENT_SERVER: Final = 2
"""After so many mails that the server did not even answer, the rest is not tried now."""


class SafetyMailPost:
    """The post of a real installation; in the demo the transport behind it is a stand-in."""

    def send(self, shop_id: int, letters: Sequence[SafetyLetter], *, handing_over: HandingOver) -> Iterator[Handed]:
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
    handing_over: HandingOver,
) -> Iterator[Handed]:
    trip = _Trip(way, sender, mailbox, paces, handing_over)
    most = 1 if sender.account else AT_ONCE  # a service is asked mail by mail
    for letter in letters:
        if found := paces.enter(letter, now=clock.now()):
            waits, words = found
            if not waits.receiver:
                yield from trip.leave()
                yield Handed(letter.mail_id, is_taken=False, words=words, waits=waits)
                return
            yield Handed(letter.mail_id, is_taken=False, words=words, waits=waits)
            continue
        trip.letters.append(letter)
        if len(trip.letters) >= most:
            yield from trip.leave()
            if trip.is_over:
                return
    yield from trip.leave()


class _Trip:
    """The letters that leave next, at the same time."""

    def __init__(
        self, way: Transport, sender: Sender, mailbox: Mailbox, paces: SafetyPaces, handing_over: HandingOver
    ) -> None:
        self._way, self._sender, self._mailbox, self._paces = way, sender, mailbox, paces
        self._handing_over = handing_over
        self._silent = 0
        self.letters: list[SafetyLetter] = []
        self.is_over = False  # the server is silent, or some letter was not to leave any more

    def leave(self) -> Iterator[Handed]:
        """Hand them over; an answer for each that was tried."""
        drawn: list[tuple[SafetyLetter, bytes]] = []
        for letter in self.letters:
            try:
                drawn.append((letter, compose.compose(_mail(letter, self._mailbox, now=clock.now()))))
            except NotComposed as error:
                self._paces.leave(letter, now=clock.now())
                yield Handed(letter.mail_id, False, str(error), is_permanent=True, bounce=_unusable(error))
        self.letters = []
        parcels = [Parcel((letter.to,), raw) for letter, raw in drawn]

        def at_the_dots(places: Sequence[int]) -> Collection[int]:
            ours = self._handing_over([drawn[place][0] for place in places])
            return [place for place in places if drawn[place][0].mail_id in ours]

        said = send_together(self._way, self._sender, parcels, handing_over=at_the_dots)
        for (letter, _raw), answer in zip(drawn, said, strict=True):
            failure = answer if isinstance(answer, TransportFailed) else None
            self._paces.leave(letter, now=clock.now(), failure=failure)
            self._silent = self._silent + 1 if failure and not _has_answered(failure) else 0
            self.is_over = self.is_over or answer is None or self._silent >= _SILENT_SERVER
            if isinstance(answer, str):
                yield Handed(letter.mail_id, is_taken=True, words=answer)
            elif failure:
                yield _handed(letter, failure)


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
