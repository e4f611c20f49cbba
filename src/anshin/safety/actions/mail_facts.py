"""What each mail of a portion tells: read for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict
from zoneinfo import ZoneInfo

from anshin.commerce import queries as commerce
from anshin.safety.letters import MailFacts, Purchase
from anshin.safety.queries import Bought, link_of, message_id_of, picture_bytes, place_of, purchases_of

if TYPE_CHECKING:
    from anshin.safety.models import Advisory, SafetyMail
    from anshin.safety.terms import Content
    from anshin.shops.models import Shop


class Picture(TypedDict):
    """The picture of a mail and its type, as MailFacts takes them."""

    picture: bytes | None
    picture_type: str


def facts_for_mails(advisory: Advisory, content: Content, mails: Sequence[SafetyMail]) -> list[MailFacts]:
    """In the order of the mails. Three queries, and one more where there is a picture."""
    shop = advisory.shop
    bought = purchases_of(mails)
    names = commerce.names_of_customers({mail.customer_id for mail in mails})
    picture = picture_of(content)
    return [
        MailFacts(
            mail_id=mail.pk,
            round=mail.round,
            to=mail.address,
            name=names.get(mail.customer_id, ""),
            shop=shop.name,
            language=mail.language,
            content=content,
            purchases=tuple(purchase(each, shop) for each in bought.get(mail.address_key, ())),
            link=link_of(mail, shop.slug),
            message_id=message_id_of(mail, shop.contact_mail),
            **picture,
        )
        for mail in mails
    ]


def picture_of(content: Content) -> Picture:
    """The picture in the mails that tell this; none where its file is damaged: the words are what warns."""
    found = picture_bytes(content)
    return {"picture": found[0], "picture_type": found[1]} if found else {"picture": None, "picture_type": ""}


def purchase(bought: Bought, shop: Shop) -> Purchase:
    """An order as a mail tells it."""
    on = bought.at.astimezone(ZoneInfo(shop.zone)).date()
    return Purchase(on, place_of(bought.sales_channel, shop.name), bought.number, bought.quantity, bought.is_gift)
