"""Writing to a customer whom one may not know: addresses by a word that stands for them, names filled in as it leaves.

The composer shows no address; what it posts is a word made of the address with the installation's key. Placeholders for
the customer stay as they are in the draft and are filled in on the way out, so that the customer reads their name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from anshin.cases.queries import CasePage
from anshin.cases.terms import Party
from anshin.language.detect import guess_language
from anshin.language.personal import MARK
from anshin.replies import queries
from anshin.replies.terms import Placeholder
from anshin.shops.actions import Refused
from anshin.staff.veil import is_veiled

if TYPE_CHECKING:
    from anshin.shops.models import Membership

WITHHELD: Final = frozenset(
    {
        Placeholder.CUSTOMER_NAME,
        Placeholder.CUSTOMER_MAIL,
        Placeholder.ADDRESS_WRITTEN,
        Placeholder.ADDRESS_DOUBT,
        Placeholder.CASE_SUBJECT,
        Placeholder.RETURN_LABEL,
        Placeholder.RETURN_PAGE,
        Placeholder.RETURN_ACCOUNT,
    }
)
"""Placeholders whose value tells who the customer is."""
_OF_THE_ORDER: Final = frozenset({Placeholder.ADDRESS_WRITTEN, Placeholder.ADDRESS_DOUBT})


class OnlyTheCustomer(Refused):
    """An address that is none of the case's."""

    def __init__(self) -> None:
        super().__init__(_("Your role writes only to the customer of the case. Choose one of the addresses."))


class MarkedText(Refused):
    """A reply with marks in the place of what was not shown."""

    def __init__(self) -> None:
        super().__init__(
            _("%(mark)s stands in the text. Take it out, or write {{customer.name}}: the name is filled in by itself.")
            % {"mark": MARK * 2}
        )


def to_value(by: Membership, mail: str) -> str:
    """What the composer says for an address: the address, or a word that stands for it."""
    return salted_hmac("anshin.staff.veiled_replies", f"{by.shop_id}:{mail.lower()}").hexdigest()[:20]


def veiled_choices(by: Membership, form: dict[str, Any]) -> dict[str, Any]:
    """The composer's form with words in the place of addresses where the reader may not know these."""
    if not is_veiled(by):
        return form

    def hidden(part: dict[str, Any], name: str) -> dict[str, Any]:
        return part | {name: to_value(by, part[name]) if part[name] else ""}

    warnings = [
        hidden(each, "mail") | {"others": [hidden(other, "value") for other in each["others"]]}
        for each in form["warnings"]
    ]
    choices = [hidden(each, "value") for each in form["to_choices"]]
    return hidden(form, "to") | {"to_choices": choices, "warnings": warnings}


def known_party(by: Membership, written: str, people: Iterable[tuple[str, str]]) -> list[Party]:
    """The one of `people` for whom the word stands, nobody for none. Raises OnlyTheCustomer for anything else."""
    if not written.strip():
        return []
    for name, mail in people:
        if to_value(by, mail) == written.strip():
            return [Party(name, mail)]
    raise OnlyTheCustomer


def kept_open(by: Membership, page: CasePage, text: str, *, language: str, now: datetime) -> str:
    """A macro or phrase filled in but for what the reader may not know: that stays a placeholder."""
    left = WITHHELD if is_veiled(by) else frozenset[str]()
    return queries.filled(by, page, text, language=language, left=left, now=now).text


def ready_to_leave(by: Membership, page: CasePage, text: str, *, now: datetime) -> str:
    """What goes to the customer. Raises MarkedText.

    An address is filled in only from an order of the case's own customer.
    """
    if not is_veiled(by):
        return text
    if MARK * 2 in text:
        raise MarkedText
    left = frozenset(Placeholder.values) - WITHHELD
    order = page.orders[0].order if page.orders else None
    if order is None or order.customer_id != page.case.customer_id:
        left |= _OF_THE_ORDER
    language = guess_language(text).language if text.strip() else "ja"
    return queries.filled(by, page, text, language=language, left=left, now=now).text


def subject_to_leave(by: Membership, subject: str) -> str:
    """The subject, "" (the case's own) where it came with marks."""
    return "" if is_veiled(by) and MARK * 2 in subject else subject
