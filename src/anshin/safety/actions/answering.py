"""A buyer says, on the page behind the link in their mail, how things stand with what they bought."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from anshin.cases.actions import receive_message
from anshin.cases.terms import Channel, IncomingMessage, Party
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.safety import events
from anshin.safety.actions.keeping import tell_progress
from anshin.safety.actions.refusals import UnknownAdvisory
from anshin.safety.actions.remedying import open_returns
from anshin.safety.models import Acknowledgement, Advisory, Notice, SafetyMail
from anshin.safety.queries.mails import mail_named_in
from anshin.safety.terms import Answer, RemedyKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from anshin.shops.models import Shop

_TOPIC = "return.how"


@transaction.atomic
def answer(*, shop: Shop, token: str, said: Answer, now: datetime) -> SafetyMail:
    """Keep what the buyer said, for every order that the mail told of; the same again changes nothing.

    Whoever wants the remedy gets the return under it, once; where none can be opened (a part is sent, or everything is
    back already) a case, so that somebody sees to it. Raises UnknownAdvisory for a word that is
    none of this shop's, or when the advisory offers no such remedy.
    """
    mail = (
        SafetyMail.objects.filter(shop=shop, pk=mail_named_in(token) or 0)
        .select_related("advisory", "customer")
        .first()
    )
    if mail is None or (said == Answer.WANTS_REMEDY and mail.advisory.remedy == RemedyKind.NONE):
        raise UnknownAdvisory
    opened = open_returns(shop, mail, now=now) if said == Answer.WANTS_REMEDY else {}
    for notice in notices_of(mail).select_for_update():
        latest = notice.answers.order_by("-id").first()
        if latest is not None and latest.answer == said:
            continue
        Acknowledgement.objects.create(
            shop=shop, notice=notice, answer=said, at=now, remedy_return=opened.get(notice.customer_id)
        )
        fact = events.BuyerAnswered(
            advisory_id=mail.advisory_id, number=mail.advisory.number or 0, notice_id=notice.pk, answer=str(said)
        )
        record(
            fact,
            shop_id=shop.pk,
            by=Actor.customer(mail.customer_id, mail.customer.name),
            now=now,
            order_id=notice.order_id,
        )
    tell_progress(mail.advisory, now=now)
    if said == Answer.WANTS_REMEDY and not opened:
        _ask_for_remedy(shop, mail, mail.advisory, now)
    return mail


def notices_of(mail: SafetyMail) -> QuerySet[Notice]:
    """The notices of which this mail, or the first one to the same address, told."""
    return Notice.objects.filter(advisory_id=mail.advisory_id, address_key=mail.address_key).order_by("pk")


def _ask_for_remedy(shop: Shop, mail: SafetyMail, advisory: Advisory, now: datetime) -> None:
    """A case at the desk; the same mail's wish twice is one case."""
    notice = notices_of(mail).select_related("order").first()
    with translation.override("ja"):  # the desk reads it; the customer has their own page
        values = {"number": advisory, "title": advisory.title, "remedy": RemedyKind(advisory.remedy).label}
        message = IncomingMessage(
            channel=Channel.PORTAL,
            sender=Party(mail.customer.name, mail.address),
            subject=_("%(number)s: wants the remedy (%(remedy)s)") % values,
            text=_("On the page of the safety notice “%(title)s” the customer asked for: %(remedy)s") % values,
            message_key=f"safety-remedy:{advisory.pk}:{mail.address_key}"[:250],
            received_at=now,
            order_number=notice.order.number if notice else "",
            topic=_TOPIC,
            language=mail.language,
        )
    receive_message(shop=shop, message=message, now=now)
