"""The practice mail server: fills the socket `email.transport` in demo, development and tests.

Mails that leave become rows instead of going anywhere; the switch lets it refuse as real servers do.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from anshin.channels.email.pacing.turns import asks_for_patience
from anshin.channels.email.ports import Sender, TransportFailed
from anshin.channels.email.terms import Trouble, sentence
from anshin.plumbing import clock
from anshin.plumbing.mail.reader import parse
from anshin.project.outside.models import Behaviour, LeftMail, Switch

FAILURES = {
    Behaviour.LATER: (Trouble.BUSY, "450 4.2.0 Greylisted, try again later", False),
    Behaviour.REFUSE: (Trouble.MAIL_REFUSED, "550 5.7.1 Message refused", True),
    Behaviour.SILENT: (Trouble.TIMEOUT, "", False),
    Behaviour.CLOSED: (Trouble.REFUSED, "", False),
}


class OutsidePostOffice:
    """A transport whose mails can be read under /dev/outside."""

    def __init__(self, *, moment: Callable[[], datetime] = clock.now) -> None:
        self._now = moment

    def send(self, sender: Sender, recipients: Sequence[str], raw: bytes, *, handing_over: Callable[[], None]) -> str:
        """See channels.email.ports.Transport."""
        behaviour = current_behaviour()
        if behaviour in FAILURES:
            trouble, words, permanent = FAILURES[behaviour]
            slower_for = recipients if asks_for_patience(words) else ()
            raise TransportFailed(words or sentence(trouble), permanent=permanent, slower_for=slower_for)
        handing_over()
        if behaviour == Behaviour.VANISH:
            raise TransportFailed(sentence(Trouble.BROKEN), unsure=True)
        left = _keep(sender, recipients, raw, self._now())
        return f"250 2.0.0 Ok: queued as OUTSIDE{left.pk}"


def current_behaviour() -> Behaviour:
    """What the practice mail server does just now."""
    found = Switch.objects.values_list("behaviour", flat=True).first()
    return Behaviour(found) if found else Behaviour.ACCEPT


def behave(behaviour: Behaviour) -> None:
    """Turn the switch."""
    Switch.objects.update_or_create(only=True, defaults={"behaviour": behaviour})


@transaction.atomic
def _keep(sender: Sender, recipients: Sequence[str], raw: bytes, now: datetime) -> LeftMail:
    mail = parse(raw)
    return LeftMail.objects.create(
        shop_id=sender.shop_id,
        sender=sender.address,
        recipients=list(recipients),
        message_id=(mail.message_id or "")[:400],
        subject=mail.subject[:500],
        text=mail.text,
        raw=raw,
        left_at=now,
    )
