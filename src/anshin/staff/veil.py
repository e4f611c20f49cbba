"""What somebody who may not know customers gets of the desk: pages with marks, or a refusal. The one place for it.

A page is open to them only when its name stands here. Whatever it answers is then looked through for the words of
everybody whom it names (by links to cases, orders and customers, and by its own address) and for what has the shape of
a mail address, a telephone number, a postal address or an account. Files go through only while their case is shown.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from anshin.cases.queries import (
    Named,
    attachment_of,
    bounce_report_of,
    case_by_number,
    message_of,
    personal_words,
    reveal_of,
    sender_addresses,
)
from anshin.language.one_spelling import one_spelling
from anshin.language.personal import MARK, Known, PersonalKind, Shapes, Veil, each_over
from anshin.plumbing.pages.page_words import with_other_words
from anshin.shops.actions import Refused
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.veiled_pages import FILES, NEVER_SHOWN, OF_A_CASE, OF_A_MESSAGE, OPEN, OWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anshin.cases.models import Case
    from anshin.shops.models import Membership

_LINKS: Final = re.compile(r"/s/[a-z0-9_-]+/(c|orders|customers)/([0-9]{1,18})")
_MENTIONED: Final = re.compile(r"(?<!&)[#＃]([0-9]{1,9})(?![0-9A-Za-z])")
_LONGEST_NUMBER: Final = 2**31 - 1


class Veiled(Refused):
    """The page is not for somebody who may not know customers."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or _("Your role does not show who customers are, so this page is closed to it."))


def is_veiled(by: Membership) -> bool:
    """Whether this person may not know who customers are."""
    return not may(by, Permission.SEE_PERSONAL)


def require_open(request: HttpRequest, by: Membership, *, now: datetime) -> None:
    """Raises Veiled for a page or file that is closed to a person who may not know customers."""
    name = _name(request)
    if name not in OPEN:
        raise Veiled
    if name in FILES and not _is_shown(request, by, now):
        raise Veiled(_("Files and original mails show who the customer is. Show the customer of the case first."))


def veiled(request: HttpRequest, by: Membership, response: HttpResponseBase, *, now: datetime) -> HttpResponseBase:
    """The answer with marks. Raises Veiled for one that cannot be looked through."""
    name = _name(request)
    if name in OWN or (name in FILES and response.status_code < 400):
        return response
    if not isinstance(response, HttpResponse):
        raise Veiled
    content = response.content.decode(response.charset)
    kind = response.get("Content-Type", "").partition(";")[0]
    if content and kind not in {"text/html", "text/plain", "application/json"}:
        raise Veiled
    eyes = _eyes(request, by, f"{content} {response.get('HX-Trigger', '')}", now)
    if content:
        response.content = _written(content, kind, eyes)
    if said := response.get("HX-Trigger"):
        response["HX-Trigger"] = json.dumps(_in_values(json.loads(said), eyes))
    return response


def _written(content: str, kind: str, eyes: Veil) -> str:
    if kind == "application/json":
        return json.dumps(_in_values(json.loads(content), eyes), ensure_ascii=False)
    if kind == "text/plain":
        return eyes.over(content)
    return with_other_words(
        content, lambda texts: each_over(eyes, texts), initial=lambda one: MARK if eyes.is_initial(one) else one
    )


def _in_values(value: Any, eyes: Veil) -> Any:
    if isinstance(value, str):
        return eyes.over(value)
    if isinstance(value, list):
        return [_in_values(each, eyes) for each in value]
    if isinstance(value, dict):
        return {name: _in_values(each, eyes) for name, each in value.items()}
    return value


def _eyes(request: HttpRequest, by: Membership, content: str, now: datetime) -> Veil:
    """What has to be marked in this answer."""
    about = _about(request, by)
    words = personal_words(by.shop_id, _named(request, content, about))
    shown = reveal_of(by, about, now=now) if about and _name(request) not in NEVER_SHOWN else None
    if shown:
        return Veil(_but_the_shop(by, words.but_of(shown)), shapes=Shapes.LEFT)
    return Veil(_but_the_shop(by, words.all()), kept=_kept(by, about))


def _but_the_shop(by: Membership, words: Iterable[Known]) -> list[Known]:
    """Without names that are, or hold, the shop's own, in which others may have written."""
    own = [one_spelling(name) for name in (by.shop.name, by.shop.name_en) if len(name) > 2]

    def is_ours(word: Known) -> bool:
        written = one_spelling(word.text)
        return word.kind == PersonalKind.NAME and any(name in written for name in own)

    return [word for word in words if not is_ours(word)]


def _kept(by: Membership, about: Case | None) -> list[str]:
    """The shop's own addresses, and the reader's."""
    senders = [sender.mail for sender in sender_addresses(by.shop, about)] if about else []
    return [by.person.email, by.shop.contact_mail, *senders]


def _named(request: HttpRequest, content: str, about: Case | None) -> Named:
    found: dict[str, set[int]] = {"c": set(), "orders": set(), "customers": set()}
    for kind, number in _LINKS.findall(f"{content} {request.path}"):
        if int(number) <= _LONGEST_NUMBER:
            found[kind].add(int(number))
    found["c"].update(int(number) for number in _MENTIONED.findall(content))
    return Named(
        case_numbers=frozenset(found["c"]),
        case_ids=frozenset({about.pk} if about else ()),
        order_ids=frozenset(found["orders"]),
        customer_ids=frozenset(found["customers"]),
    )


def _about(request: HttpRequest, by: Membership) -> Case | None:
    """The case to which the page, message or file belongs."""
    name, values = _name(request), getattr(request.resolver_match, "kwargs", {})
    if name in OF_A_CASE:
        return case_by_number(by.shop, values["number"])
    found: Any = None
    if name in OF_A_MESSAGE or name in {"message_raw", "message_html"}:
        found = message_of(by.shop, values["pk"])
    elif name in {"attachment", "attachment_thumb"}:
        file = attachment_of(by.shop, values["pk"])
        found = file.message if file else None
    elif name == "message_report":
        report = bounce_report_of(by.shop, values["pk"])
        found = report.message if report else None
    return found.case if found else None


def _is_shown(request: HttpRequest, by: Membership, now: datetime) -> bool:
    about = _about(request, by)
    return about is not None and reveal_of(by, about, now=now) is not None


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.url_name or "" if match and match.namespace == "staff" else ""
