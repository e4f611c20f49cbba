"""A buyer says how things stand with what they bought: behind the link of a mail or letter, or on the telephone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from anshin.cases.actions import receive_message
from anshin.cases.terms import Channel, IncomingMessage, Party
from anshin.commerce import queries as commerce
from anshin.commerce.terms import ContactKind
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.safety import events
from anshin.safety.actions.keeping import tell_person, tell_progress
from anshin.safety.actions.refusals import UnknownAdvisory
from anshin.safety.actions.remedying import open_returns
from anshin.safety.models import Acknowledgement, PersonToTell
from anshin.safety.queries import Addressee, addressee_of, live_version
from anshin.safety.terms import Answer, RemedyKind, TellState

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_TOPIC = "return.how"


@transaction.atomic
def answer(*, shop: Shop, token: str, said: Answer, now: datetime) -> Addressee:
    """Keep what the buyer said behind their link. Raises UnknownAdvisory for a word that is none of this shop's, or
    when the advisory offers no such remedy.
    """
    whose = addressee_of(shop, token)
    if whose is None:
        raise UnknownAdvisory
    keep_answer(shop, whose, said, by=Actor.customer(whose.customer.pk, whose.customer.name), now=now)
    return whose


def keep_answer(shop: Shop, whose: Addressee, said: Answer, *, by: Actor, now: datetime) -> None:
    """Keep what a buyer said for every order of which they were told; the same again changes nothing. For the caller's
    transaction. `by`: the buyer, or the member of staff to whom they said it.

    Whoever wants the remedy gets the return under it, once; where none can be opened (a part is sent, or everything is
    back already) a case, so that somebody sees to it. Whoever was still to be called has been told. Raises
    UnknownAdvisory when the advisory offers no such remedy.
    """
    if said == Answer.WANTS_REMEDY and whose.advisory.remedy == RemedyKind.NONE:
        raise UnknownAdvisory
    opened = open_returns(shop, whose, now=now) if said == Answer.WANTS_REMEDY else {}
    customers = set()
    for notice in whose.notices.select_for_update():
        customers.add(notice.customer_id)
        latest = notice.answers.order_by("-id").first()
        if latest is not None and latest.answer == said:
            continue
        Acknowledgement.objects.create(
            shop=shop,
            notice=notice,
            answer=said,
            at=now,
            is_by_staff=by.kind != "customer",
            remedy_return=opened.get(notice.customer_id),
        )
        fact = events.BuyerAnswered(
            advisory_id=whose.advisory.pk, number=whose.advisory.number or 0, notice_id=notice.pk, answer=str(said)
        )
        record(fact, shop_id=shop.pk, by=by, now=now, order_id=notice.order_id)
    waiting = PersonToTell.objects.filter(advisory=whose.advisory, customer__in=customers, state=TellState.OPEN)
    told = list(waiting)
    waiting.update(
        state=TellState.TOLD, told_at=now, version=live_version(whose.advisory), called_by=None, called_at=None
    )
    for person in told:
        tell_person(person, now=now)
    tell_progress(whose.advisory, now=now)
    if said == Answer.WANTS_REMEDY and not opened:
        _ask_for_remedy(shop, whose, now)


def _ask_for_remedy(shop: Shop, whose: Addressee, now: datetime) -> None:
    """A case at the desk; the same buyer's wish twice is one case."""
    advisory = whose.advisory
    notice = whose.notices.select_related("order").first()
    with translation.override("ja"):  # the desk reads it; the customer has their own page
        values = {"number": advisory, "title": advisory.title, "remedy": RemedyKind(advisory.remedy).label}
        message = IncomingMessage(
            channel=Channel.PORTAL,
            sender=Party(whose.customer.name, whose.mail),
            subject=_("%(number)s: wants the remedy (%(remedy)s)") % values,
            text=_("On the page of the safety notice “%(title)s” the customer asked for: %(remedy)s") % values,
            message_key=f"safety-remedy:{advisory.pk}:{whose.key}"[:250],
            received_at=now,
            phone="" if whose.mail else _phone_of(shop, whose),
            order_number=notice.order.number if notice else "",
            topic=_TOPIC,
            language=whose.language,
        )
    receive_message(shop=shop, message=message, now=now)


def _phone_of(shop: Shop, whose: Addressee) -> str:
    """By which the desk knows whose case it is."""
    points = commerce.contact_points(shop, whose.customer.pk)
    return next((point.value for point in points if point.kind == ContactKind.PHONE), "")
