"""How those whom no mail reaches are shown: the lists with their counts, one row a person, the same as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.safety.queries import caller_of
from anshin.safety.terms import Answer, MailRound, Outcome, RemedyKind, TellState
from anshin.staff.addresses import address
from anshin.staff.safety_journal_words import LANGUAGE_NAMES, TELL_LISTS
from anshin.staff.spreadsheets import BOM, safe_cell

if TYPE_CHECKING:
    from anshin.safety.models import Advisory, Approach, LetterBundle
    from anshin.safety.queries import Listed, ToldByHand
    from anshin.shops.models import Membership

_OUTCOMES: Final[Mapping[str, tuple[Outcome, ...]]] = {
    "phone": (Outcome.TOLD, Outcome.NO_ONE, Outcome.WRONG),
    "letter": (Outcome.TOLD, Outcome.RETURNED),
    "none": (Outcome.TOLD,),
    "told": (Outcome.TOLD, Outcome.RETURNED),
}
"""What may come of it on each list, beside an answer."""


def tabs(advisory: Advisory, counts: ToldByHand, on: str) -> list[dict[str, Any]]:
    """The lists with how many people are on each."""
    base = address("safety_tell", advisory.shop.slug, advisory.key)
    return [
        {"code": code, "label": label, "url": f"{base}?list={code}", "on": code == on, "count": counts.on[code]}
        for code, label in TELL_LISTS.items()
    ]


def choices(advisory: Advisory, which: str) -> list[dict[str, Any]]:
    """What can be written down, in two groups: what they said, and what came of it otherwise."""
    answers = [each for each in Answer if each != Answer.WANTS_REMEDY or advisory.remedy != RemedyKind.NONE]
    return [
        {
            "label": pgettext("call", "They say"),
            "options": [(f"said:{each}", each.label) for each in answers],
        },
        {
            "label": pgettext("call", "Without an answer"),
            "options": [(str(each), each.label) for each in _OUTCOMES[which]],
        },
    ]


def next_tries() -> list[tuple[str, str]]:
    """When somebody who did not pick up may be called again, as the form offers it."""
    return [
        ("2h", _("in 2 hours")),
        ("morning", _("tomorrow morning (10:00)")),
        ("evening", _("tomorrow evening (18:00)")),
        ("3d", _("in 3 days")),
    ]


def next_try(code: str, *, zone: str, now: datetime) -> datetime | None:
    """The moment that a code of `next_tries` means on the shop's clock; None for none of them."""
    if code == "2h":
        return now + timedelta(hours=2)
    if code == "3d":
        return now + timedelta(days=3)
    hour = {"morning": 10, "evening": 18}.get(code)
    if hour is None:
        return None
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(hour), ZoneInfo(zone))


def row(by: Membership, each: Listed, *, now: datetime, has_left: bool = False) -> dict[str, Any]:
    """One person. `has_left`: not on the shown list any more."""
    person, postcode = each.person, each.place.postcode
    caller = caller_of(person, now=now)
    return {
        "pk": person.pk,
        "name": each.name or _("Erased"),
        "kana": each.kana,
        "url": address("customer", by.shop.slug, person.customer_id),
        "phones": each.phones,
        "place": [part for part in (f"〒{postcode}" if postcode else "", each.place.lines) if part],
        "place_name": each.place.name if each.place.lines and each.place.name != each.name else "",
        "language": LANGUAGE_NAMES.get(each.language, each.language) if each.language != "ja" else "",
        "orders": [
            {
                "number": bought.number,
                "on": bought.at.astimezone(ZoneInfo(by.shop.zone)).date(),
                "quantity": bought.quantity,
                "is_gift": bought.is_gift,
            }
            for bought in each.bought
        ],
        "why": _("A mail came back") if person.has_lost_mail else _("No mail address"),
        "round": MailRound(person.round).label if person.round != MailRound.FIRST else "",
        "is_told": person.state == TellState.TOLD,
        "told_at": person.told_at,
        "tries": person.tries,
        "bundle": person.bundle.number if person.bundle else None,
        "last": _last(each.last),
        "seen": each.last.pk if each.last else 0,
        "caller": {"name": str(caller.person), "is_me": caller.pk == by.pk} if caller else None,
        "next_try_at": person.next_try_at if person.next_try_at and person.next_try_at > now else None,
        "has_left": has_left,
    }


def bundle_row(by: Membership, bundle: LetterBundle) -> dict[str, Any]:
    """Letters that were printed together."""
    where = (by.shop.slug, bundle.advisory.key, bundle.number)
    return {
        "number": bundle.number,
        "letters": bundle.letters,
        "made_at": bundle.made_at,
        "made_by": str(bundle.made_by.person),
        "posted_at": bundle.posted_at,
        "posted_by": str(bundle.posted_by.person) if bundle.posted_by else "",
        "pdf": address("safety_letters_pdf", *where),
        "post": address("safety_letters_posted", *where),
    }


def as_csv(shop_zone: str, people: Iterable[Listed]) -> Iterator[str]:
    """The list line by line, with the mark by which a spreadsheet knows UTF-8; a cell never begins like a formula."""
    writer = csv.writer(_Lines())
    zone = ZoneInfo(shop_zone)
    yield BOM + writer.writerow(_heads())
    for each in people:
        last = each.last
        yield writer.writerow(
            [
                safe_cell(cell)
                for cell in (
                    each.name,
                    each.kana,
                    "、".join(each.phones),
                    each.place.postcode,
                    each.place.lines,
                    each.place.name,
                    each.language,
                    "、".join(bought.number for bought in each.bought),
                    f"{each.bought[0].at.astimezone(zone):%Y-%m-%d}" if each.bought else "",
                    str(sum(bought.quantity for bought in each.bought)),
                    str(each.person.tries),
                    f"{last.at.astimezone(zone):%Y-%m-%d %H:%M}" if last else "",
                    str(last.by.person) if last else "",
                    _outcome(last) if last else "",
                    last.words if last else "",
                )
            ]
        )


class _Lines:
    """What csv writes to; hands each line on."""

    def write(self, line: str) -> str:
        return line


def _heads() -> list[str]:
    return [
        _("Name"),
        _("Reading of the name"),
        _("Telephone"),
        _("Postcode"),
        pgettext("postal", "Address"),
        _("Addressed to"),
        _("Language"),
        _("Orders"),
        _("Last bought on"),
        _("Items"),
        _("Attempts"),
        _("Last attempt"),
        _("By whom"),
        _("What came of it"),
        _("Remark"),
    ]


def _last(last: Approach | None) -> dict[str, Any] | None:
    if last is None:
        return None
    return {"words": _outcome(last), "said": last.words, "by": str(last.by.person), "at": last.at}


def _outcome(last: Approach) -> str:
    return str(Answer(last.answer).label if last.answer else Outcome(last.outcome).label)
