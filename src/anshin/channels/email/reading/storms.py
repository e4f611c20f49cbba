"""Two machines that answer each other, and one that writes without end: from when on their mail is held back.

Marked automatic mail (RFC 3834) counts by number. Mail that looks like a person's counts only when the same address
writes nearly the same words again and again, which people do not do twenty times an hour; pictures sent one by one
from a phone have no words and are no storm. Nor is imported mail, which is history.
"""

import re
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anshin.cases.terms import Channel, Hold, IncomingMessage, Party
from anshin.channels.email.models import Arrival
from anshin.channels.email.reading import messages
from anshin.channels.email.terms import Fate, Source
from anshin.plumbing.mail.values import Judged, Nature, ParsedMail

WINDOW = timedelta(hours=1)
AUTOMATIC_PER_HOUR = 60
"""More automatic mails than this from one address in an hour are a loop of two machines."""
ALIKE_PER_HOUR = 20
"""More nearly identical mails than this from one address in an hour are no person's."""
ALIKE_FROM = 0.95
_MOST_COMPARED = 60
_LONGEST_COMPARED = 600
_SHORTEST_COMPARED = 10
_SHOWN_CHARS = 500
_CHANGING = re.compile(r"https?://\S+|\b[0-9a-f]{8,}\b|[0-9０-９]+", re.IGNORECASE)


def storm_of(arrival: Arrival, mail: ParsedMail, judged: Judged) -> str:
    """Why this mail is held back, as a code; "" for nearly all mail."""
    if arrival.source == Source.IMPORT or not mail.sender.mail:
        return ""
    recent = _recent(arrival, mail)
    if judged.nature in {Nature.AUTO_REPLY, Nature.BOUNCE}:
        count = recent.filter(fate__in=[Fate.AUTO_REPLY, Fate.BOUNCE]).count()
        return "too_many_automatic" if count >= AUTOMATIC_PER_HOUR else ""
    own = comparable(mail.text, messages.quoted_from(mail.text))
    if judged.nature == Nature.LOOP or mail.attachments or len(own) < _SHORTEST_COMPARED:
        return ""  # contact forms write in the shop's own name, each time for another customer
    taken = recent.filter(fate=Fate.TAKEN_IN, message__isnull=False)
    if taken.count() < ALIKE_PER_HOUR:
        return ""
    texts = taken.order_by("-id").values_list("message__text", "message__quoted_from")[:_MOST_COMPARED]
    alike = sum(_are_alike(own, comparable(text, quoted_from)) for text, quoted_from in texts)
    return "too_many_alike" if alike >= ALIKE_PER_HOUR else ""


def shown_as(arrival: Arrival, mail: ParsedMail, judged: Judged, *, sender: Party, now: datetime) -> IncomingMessage:
    """The one message that stands for a storm in the inbox: the same for all mails of one address on one day."""
    address = messages.clean(mail.sender.mail)
    is_marked = judged.nature in {Nature.AUTO_REPLY, Nature.BOUNCE}
    said = (
        _("More than %(count)s automatic mails came from %(mail)s within an hour.")
        if is_marked
        else _("More than %(count)s nearly identical mails came from %(mail)s within an hour.")
    ) % {"count": AUTOMATIC_PER_HOUR if is_marked else ALIKE_PER_HOUR, "mail": address}
    what = _(
        "So that two machines do not answer each other without end, the further ones are held back. None is lost: they "
        "stand under Settings, Mailboxes, “Mail that waits for a person”, and each can be taken in there. The first of "
        "them:"
    )
    return IncomingMessage(
        channel=Channel.EMAIL,
        sender=sender,
        subject=_("Many mails from %(mail)s") % {"mail": address[:200]},
        text=f"{said}\n{what}\n\n{messages.clean(mail.text)[:_SHOWN_CHARS].rstrip()}",
        message_key=f"storm:{_moment(arrival):%Y-%m-%d}:{address.lower()}"[:200],
        received_at=min(_moment(arrival), now),
        hold=Hold.STORM,
        is_automatic=True,
    )


def comparable(text: str, quoted_from: int | None) -> str:
    """What two mails of one machine share: the words without history, figures, links and codes."""
    own = text if quoted_from is None else text[:quoted_from]
    return " ".join(_CHANGING.sub("#", own[:_LONGEST_COMPARED]).split())


def _are_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return (
        matcher.real_quick_ratio() >= ALIKE_FROM
        and matcher.quick_ratio() >= ALIKE_FROM
        and matcher.ratio() >= ALIKE_FROM
    )


def _recent(arrival: Arrival, mail: ParsedMail) -> QuerySet[Arrival]:
    begin = _moment(arrival) - WINDOW
    rows = Arrival.objects.filter(
        shop_id=arrival.shop_id, sender_mail=mail.sender.mail[:320].lower(), arrived_at__gte=begin
    )
    return rows.exclude(server_date_at__lt=begin)


def _moment(arrival: Arrival) -> datetime:
    return arrival.server_date_at or arrival.arrived_at
