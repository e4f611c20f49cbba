"""Mails to the customer about a return: each once, in their language, in the return's case."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.cases.actions import NoMailbox, NoRecipient, WrongCase, carry_out, inform
from anshin.cases.terms import Party
from anshin.commerce.queries import mails_of
from anshin.plumbing.journal.actors import Actor
from anshin.returns import letters
from anshin.returns.queries.places import destination

if TYPE_CHECKING:
    from anshin.returns.models import Return

RETURNS = Actor.system("returns")
_WITH_PLACE = frozenset({"approved", "elsewhere", "waiting"})
_DAY = {
    "ja": "{0.month}月{0.day}日",
    "en": "{0:%d %B}",
    "zh-Hans": "{0.month}月{0.day}日",
    "zh-Hant": "{0.month}月{0.day}日",
    "ko": "{0.month}월 {0.day}일",
}


def tell(
    returned: Return,
    name: str,
    *,
    why: str = "",
    amount: str = "",
    until: str = "",
    sent: str = "",
    turn: str = "",
    now: datetime,
) -> None:
    """Write the mail `name` of letters.NAMES; `turn` names it where one step brings several.

    Where none can leave, a note in the case says so: never silence."""
    customer = returned.customer
    mails = mails_of(returned.shop, customer.pk) if customer else []
    letter = letters.letter(
        name,
        returned.language,
        name=customer.name if customer else "",
        shop=_shop_name(returned),
        number=str(returned),
        items=_items(returned),
        clause=_clause(returned),
        payer=letters.payer_words(returned.payer, returned.language),
        until=until or _until(returned),
        amount=amount,
        why=why.strip(),
        link=link_to(returned),
        sent=sent,
        place=letters.place_words(destination(returned), returned.language) if name in _WITH_PLACE else "",
    )
    try:
        inform(
            shop=returned.shop,
            case_id=returned.case_id,
            by=RETURNS,
            to=Party(customer.name if customer else "", mails[0] if mails else ""),
            subject=letter.subject,
            text=letter.text,
            turn=turn or f"return-{returned.pk}-{name}-{returned.steps.count()}",
            now=now,
        )
    except (NoMailbox, NoRecipient, WrongCase):
        _note(returned, letter.subject, now)


def link_to(returned: Return) -> str:
    """The address of the customer's page about this return."""
    return f"{settings.ANSHIN_ADDRESS}/p/{returned.shop.slug}/returns/{returned.number}"


def day_words(day: date, language: str) -> str:
    """A day as a customer reads it: 11月30日, 30 November."""
    return _DAY.get(language, _DAY["ja"]).format(day)


def _note(returned: Return, subject: str, now: datetime) -> None:
    with translation.override("ja"):
        note = _("The customer could not be told by mail: “%(subject)s”. Call them, or write in another way.") % {
            "subject": subject
        }
        carry_out(
            shop=returned.shop,
            case_id=returned.case_id,
            by=RETURNS,
            note=note,
            rule_name=pgettext("room", "Returns"),
            now=now,
        )


def _until(returned: Return) -> str:
    if returned.due_at is None:
        return ""
    return day_words(returned.due_at.astimezone(ZoneInfo(returned.shop.zone)).date(), returned.language)


def _items(returned: Return) -> str:
    return "\n".join(
        " ".join(filter(None, [line.name, line.variant, f"× {line.quantity}"])) for line in returned.lines.all()
    )


def _clause(returned: Return) -> str:
    """The paragraphs of the policy that decided, each once."""
    clauses = dict.fromkeys(line.clause_told for line in returned.lines.all())
    return "\n".join(clause for clause in clauses if clause)


def _shop_name(returned: Return) -> str:
    shop = returned.shop
    return shop.name if returned.language == "ja" else shop.name_en or shop.name
