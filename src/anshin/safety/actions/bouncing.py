"""A safety mail comes back after the server had taken it: it counts as not delivered, and its address as bad."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from anshin.commerce.actions import mark_bounced
from anshin.commerce.terms import BounceKind
from anshin.language.mails import mail_key
from anshin.plumbing.journal.actions import record
from anshin.safety import events
from anshin.safety.actions.keeping import PROGRAM
from anshin.safety.actions.listing import list_for_lost_mail
from anshin.safety.models import Advisory, SafetyMail
from anshin.safety.queries import is_rehearsal
from anshin.safety.terms import CameBack, MailRound, MailState

if TYPE_CHECKING:
    from anshin.shops.models import Shop

REPORTED_WITHIN: Final = timedelta(days=14)
"""A report that names no mail is about one that left in this time."""
_ON_ITS_WAY: Final = (MailState.SENDING, MailState.SENT, MailState.UNSURE)


@transaction.atomic
def take_bounce(*, shop: Shop, came_back: CameBack, now: datetime) -> bool:
    """Whether the report is about a safety mail of this shop; then it is written on it. Twice is once.

    A rehearsal that came back is nobody's business: it is settled without a trace.
    """
    if any(is_rehearsal(key) for key in came_back.message_keys):
        return True
    mail = _meant(shop, came_back, now)
    if mail is None:
        return False
    if not came_back.is_final:
        return True
    row = SafetyMail.objects.filter(pk=mail.pk, state__in=_ON_ITS_WAY)
    if row.update(state=MailState.BOUNCED, words=came_back.words[:300]):
        kind = BounceKind(came_back.kind)
        mark_bounced(shop=shop, mail=mail.address, kind=kind, at=came_back.at, now=now)
        fact = events.SafetyMailBounced(
            advisory_id=mail.advisory_id, number=mail.advisory.number or 0, mail_id=mail.pk, kind=str(kind)
        )
        record(fact, shop_id=shop.pk, by=PROGRAM, now=now)
        list_for_lost_mail(mail, now=now)
    return True


def _meant(shop: Shop, came_back: CameBack, now: datetime) -> SafetyMail | None:
    found = SafetyMail.objects.select_related("advisory").filter(shop=shop)
    if came_back.message_keys:
        return found.filter(message_id__in=[f"<{key}>" for key in came_back.message_keys]).first()
    key = mail_key(came_back.address) if came_back.address else ""
    public = Advisory.objects.filter(shop=shop, number__isnull=False, announced_at__isnull=False)
    of_address = found.filter(
        advisory__in=list(public.values_list("pk", flat=True)),
        round__in=list(MailRound.values),
        address_key=key,
        handed_at__gte=now - REPORTED_WITHIN,
    )
    return of_address.order_by("-handed_at").first() if key else None
