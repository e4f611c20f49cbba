"""What stands beside a reply while it is written: macros for the step, rights, objections, questions it leaves out,
words that could hurt, plain words, promises."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from anshin.cases.ports import reply_check
from anshin.language.detect import guess_language
from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.replies import queries
from anshin.replies.terms import PromiseChoices
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.case_page import find_case
from anshin.staff.desk import desk, is_fragment
from anshin.staff.tone_words import harsh_text

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership


@require_POST
@desk(Permission.ANSWER)
def hints(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """For a script what stands beside the text as it is now; nothing is written down."""
    found, now = find_case(by, number), clock.now()
    if not is_fragment(request):
        return redirect("staff:case", by.shop.slug, number)
    text = request.POST.get("text", "")[:20_000]
    standing = queries.standing_of(by.shop, found)
    context: dict[str, Any] = {
        "standing": standing,
        "steps": [
            {"name": each.macro.name, "url": address("case_macro", by.shop.slug, number, each.macro.pk)}
            for each in queries.for_steps(by.shop, found, standing.steps, most=4)
        ],
        "kept": _kept(by, found, request.POST, now),
    }
    if text.strip():
        language = guess_language(text).language
        context |= {
            "objections": reply_check.get().objections(by.shop_id, found.pk, text),
            "unanswered": queries.unanswered_questions(by.shop, found.pk, text),
            "harsh": [
                {"passage": each.passage, "words": harsh_text(each), "instead": each.instead}
                for each in queries.harsh_words(text)
            ],
            "words": queries.found_words(by.shop, text, language),
            "promises": _promised(by, text, request.POST, now),
        }
    return render(request, "staff/_reply_hints.html", context)


def promise_choices(post: Any) -> PromiseChoices | None:
    """What the form says of promises; None where it did not show any."""
    shown, asked = frozenset(post.getlist("promise_shown")), frozenset(_ids(post.getlist("keeps_shown")))
    if not post.get("hints_shown"):
        return None
    made = {key: _day(post.get(f"promise_on_{key}", "")) for key in post.getlist("promise") if key in shown}
    return PromiseChoices(shown, made, asked, frozenset(_ids(post.getlist("keeps"))) & asked)


def _promised(by: Membership, text: str, post: Any, now: datetime) -> list[dict[str, Any]]:
    zone, chosen = ZoneInfo(by.shop.zone), promise_choices(post)
    rows = []
    for each in queries.proposed_promises(by.shop, text, leaves_at=now):
        on = each.due_at.astimezone(zone).date()
        was_shown = chosen is not None and each.key in chosen.shown
        kept = chosen.made.get(each.key) if chosen else None
        rows.append(
            {
                "key": each.key,
                "quote": each.quote,
                "on": (kept or on).isoformat(),
                "is_on": not (was_shown and chosen is not None and each.key not in chosen.made),
                "is_vague": each.is_vague,
            }
        )
    return rows


def _kept(by: Membership, found: Case, post: Any, now: datetime) -> list[dict[str, Any]]:
    chosen = promise_choices(post)
    language = get_language() or "ja"
    return [
        {
            "pk": each.pk,
            "quote": each.quote,
            "due": dates.when(each.due_at, now=now, language=language),
            "is_late": each.due_at < now,
            "is_on": not (chosen is not None and each.pk in chosen.asked and each.pk not in chosen.kept),
        }
        for each in queries.open_promises(by.shop, found.pk)
    ]


def _ids(values: list[str]) -> list[int]:
    return [int(each) for each in values if each.isdecimal() and len(each) < 19]


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
