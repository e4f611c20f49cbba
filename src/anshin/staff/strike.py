"""Striking something out of a message: choose what, see everywhere it stands, strike it once and for ever.

What is chosen travels as places in the text and is posted, so that it stands in no address and no log.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anshin.cases import actions
from anshin.cases.queries import files_of_message, message_of
from anshin.cases.queries.hidden_numbers import words_of_design
from anshin.cases.terms import PlaceKind, StrikeReason
from anshin.language.sensitive_numbers import NumberKind, SensitiveNumber, find_numbers, masked
from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.number_words import KINDS, unseen_words

if TYPE_CHECKING:
    from anshin.cases.models import Message
    from anshin.cases.ports import Place
    from anshin.shops.models import Membership

_LABEL_REACH = 12


@desk(Permission.STRIKE)
def strike(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Choose; with `step`: see the places, then strike."""
    message = message_of(by.shop, pk)
    if message is None:
        raise Http404
    step = request.POST.get("step", "") if request.method == "POST" else ""
    if step not in {"preview", "strike"}:
        return _choose(request, by, message)
    texts, file_ids = _texts(request, message), _ids(request.POST.getlist("file"))
    try:
        if step == "strike" and request.POST.get("seen") == _seen(texts, file_ids):
            return _struck(request, by, message, texts, file_ids)
        return _preview(request, by, message, texts, file_ids)
    except actions.CannotStrike as refusal:
        return _choose(request, by, message, refusal=str(refusal))


def _choose(request: HttpRequest, by: Membership, message: Message, refusal: str = "") -> HttpResponse:
    numbers = [
        {
            "index": index,
            "kind": KINDS[found.kind],
            "shown": masked(text)[found.start : found.end],
        }
        for index, (found, text) in enumerate(_numbers(message))
    ]
    files = [file for file in files_of_message(by.shop, message.pk) if file.struck_at is None]
    context = {
        "message": message,
        "numbers": numbers,
        "files": [(file, bool(file.number_kinds), unseen_words(file.unseen)) for file in files],
        "text": masked(message.text),
        "can_select": "\r" not in message.text,
        "refusal": refusal,
    }
    return render(request, "staff/strike.html", context, status=422 if refusal else 200)


def _preview(
    request: HttpRequest, by: Membership, message: Message, texts: list[str], file_ids: list[int]
) -> HttpResponse:
    found = actions.preview_strike(by=by, message_id=message.pk, texts=texts, file_ids=file_ids)
    if not found.places:
        raise actions.CannotStrike(_("This is not there any more. Nothing was changed. Reload the page."))
    posted = [
        (name, value)
        for name in ("number", "file", "from", "to", "text")
        for value in request.POST.getlist(name)
        if value
    ]
    context = {
        "message": message,
        "groups": _groups(found.places),
        "count": len(found.places),
        "closed_files": [masked(name) for name in found.closed_files],
        "whole_files": [masked(name) for name in found.whole_files],
        "posted": posted,
        "seen": _seen(texts, file_ids),
        "reasons": StrikeReason.choices,
        "reason": StrikeReason.NUMBER if request.POST.getlist("number") else StrikeReason.ASKED,
    }
    return render(request, "staff/strike_preview.html", context)


def _struck(
    request: HttpRequest, by: Membership, message: Message, texts: list[str], file_ids: list[int]
) -> HttpResponse:
    reason = request.POST.get("reason", "")
    if reason not in StrikeReason.values:
        return _preview(request, by, message, texts, file_ids)
    count = actions.strike(
        by=by, message_id=message.pk, texts=texts, file_ids=file_ids, reason=StrikeReason(reason), now=clock.now()
    )
    said = ngettext("Struck out at %(count)s place.", "Struck out at %(count)s places.", count)
    messages.success(request, said % {"count": count})
    return redirect("staff:case", by.shop.slug, message.case.number)


def _groups(places: tuple[Place, ...]) -> list[dict[str, Any]]:
    """The places by case, those outside of cases last."""
    ordered = sorted(places, key=lambda place: (place.case_number is None, place.case_number or 0, place.at))
    return [
        {
            "number": number,
            "places": [
                {"kind": PlaceKind(each.kind).label, "at": each.at, "name": masked(each.name)} for each in group
            ],
        }
        for number, group in groupby(ordered, key=lambda place: place.case_number)
    ]


def _texts(request: HttpRequest, message: Message) -> list[str]:
    """The chosen stretches of the message's text, and what was typed."""
    found = _numbers(message)
    chosen = []
    for index in _ids(request.POST.getlist("number")):
        if index < len(found):
            number, text = found[index]
            reach = _LABEL_REACH if number.kind == NumberKind.SECURITY_CODE else 0  # three digits alone say too little
            line = text.rfind("\n", 0, number.start) + 1
            chosen.append(text[max(line, number.start - reach) : number.end])
    start, end = (_ids([request.POST.get(name, "")]) for name in ("from", "to"))
    if start and end:
        chosen.append(message.text[start[0] : end[0]])
    return [text for text in [*chosen, request.POST.get("text", "").strip()] if text]


def _numbers(message: Message) -> list[tuple[SensitiveNumber, str]]:
    """The numbers of the text, then those that only the designed form has; each with the words where it stands."""
    found = [(number, message.text) for number in find_numbers(message.text)]
    if not message.number_kinds:
        return found
    known, words = {number.digits for number, _text in found}, words_of_design(message)
    return found + [(number, words) for number in find_numbers(words) if number.digits not in known]


def _ids(values: list[str]) -> list[int]:
    return [int(value) for value in values if value.isdecimal() and len(value) < 10]


def _seen(texts: list[str], file_ids: list[int]) -> str:
    """Says that these very words and files were on the preview, without holding them."""
    return salted_hmac("staff.strike", repr((texts, sorted(file_ids)))).hexdigest()
