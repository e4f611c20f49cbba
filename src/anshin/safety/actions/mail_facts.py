"""What each mail of a portion tells: read for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anshin.commerce import queries as commerce
from anshin.plumbing.files.store import read_bytes
from anshin.safety.letters import MailFacts, Purchase
from anshin.safety.queries import Bought, link_of, message_id_of, place_of, purchases_of

if TYPE_CHECKING:
    from anshin.safety.models import Advisory, SafetyMail
    from anshin.safety.terms import Content
    from anshin.shops.models import Shop


def facts_for_mails(advisory: Advisory, content: Content, mails: Sequence[SafetyMail]) -> list[MailFacts]:
    """In the order of the mails. Three queries, and one more where there is a picture."""
    shop = advisory.shop
    bought = purchases_of(mails)
    names = commerce.names_of_customers({mail.customer_id for mail in mails})
    picture = advisory.picture
    shown = read_bytes(picture) if picture else None
    return [
        MailFacts(
            mail_id=mail.pk,
            round=mail.round,
            to=mail.address,
            name=names.get(mail.customer_id, ""),
            shop=shop.name,
            language=mail.language,
            content=content,
            purchases=tuple(_purchase(each, shop) for each in bought.get(mail.address_key, ())),
            link=link_of(mail, shop.slug),
            message_id=message_id_of(mail, shop.contact_mail),
            picture=shown,
            picture_type=picture.kind if picture else "",
        )
        for mail in mails
    ]


def _purchase(bought: Bought, shop: Shop) -> Purchase:
    on = bought.at.astimezone(ZoneInfo(shop.zone)).date()
    return Purchase(on, place_of(bought.sales_channel, shop.name), bought.number, bought.quantity, bought.is_gift)
