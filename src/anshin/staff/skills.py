"""Who can do what, who is there, and who is called at night; the texts of automatic answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.plumbing import clock
from anshin.routing import actions, queries
from anshin.routing.actions import RuleRefused
from anshin.routing.terms import LANGUAGES, SkillKind
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.rule_choices import language_name
from anshin.staff.topic_words import group_names

if TYPE_CHECKING:
    from anshin.routing.queries import Place
    from anshin.shops.models import Membership

SECTION = "rules"
_SEPARATORS = str.maketrans({",": "、", "，": "、", "\n": "、", "\r": None})


@desk(Permission.MAKE_RULES)
def skills(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Everybody with their skills."""
    request.desk_section = SECTION  # type: ignore[attr-defined]
    now = clock.now()
    rows = [_row(place) for place in queries.places_of(by.shop, now=now)]
    return render(request, "staff/skills.html", {"rows": rows, "tab": "skills", "now": now})


@require_POST
@desk(Permission.MAKE_RULES)
def set_skills(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Let somebody have these skills, and be on call or not."""
    now = clock.now()
    place = next((each for each in queries.places_of(by.shop, now=now) if each.member.pk == pk), None)
    if place is None:
        raise Http404
    words = request.POST.get("words", "").translate(_SEPARATORS).split("、")
    wanted = [
        *((SkillKind.LANGUAGE, code) for code in request.POST.getlist("language") if code in LANGUAGES),
        *((SkillKind.TOPICS, group) for group in request.POST.getlist("topics") if group in group_names()),
        *((SkillKind.WORD, word) for word in words),
    ]
    actions.set_skills(by=by, member=place.member, skills=wanted, now=now)
    actions.set_on_call(by=by, member=place.member, is_on_call=request.POST.get("on_call") == "1", now=now)
    messages.success(request, _("Saved for %(name)s.") % {"name": place.member.person})
    return redirect("staff:skills", by.shop.slug)


@require_POST
@desk(Permission.READ_CASES)
def away(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Say that one is away (until=hour, day, open), or there again (until=back)."""
    now, until = clock.now(), request.POST.get("until", "")
    if until == "back":
        actions.be_back(by=by, now=now)
        messages.success(request, _("Welcome back. Rules may give you cases again."))
    else:
        actions.be_away(by=by, until=_until(until, now), now=now)
        messages.success(request, _("You are away. No rule gives you a case until you are back."))
    return redirect("staff:account", by.shop.slug)


@desk(Permission.MAKE_RULES)
def answers(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """What automatic answers say, in each language."""
    request.desk_section = SECTION  # type: ignore[attr-defined]
    written: dict[str, tuple[str, str]] = {}
    refusal: RuleRefused | None = None
    if request.method == "POST":
        language = request.POST.get("language", "")
        written[language] = request.POST.get("subject", ""), request.POST.get("text", "")
        try:
            actions.set_answer_text(
                by=by, language=language, subject=written[language][0], text=written[language][1], now=clock.now()
            )
        except RuleRefused as error:
            refusal = error
        else:
            messages.success(request, _("The text is saved."))
            return redirect("staff:answers", by.shop.slug)
    kept, own = actions.answer_texts(by.shop), queries.own_answers(by.shop)
    rows = [
        {
            "code": code,
            "name": language_name(code),
            "subject": written.get(code, (kept[code].subject, ""))[0],
            "text": written.get(code, ("", kept[code].text))[1],
            "is_own": code in own,
            "error": str(refusal) if refusal and code in written else "",
            "is_open": code in written or code == "ja",
        }
        for code in LANGUAGES
    ]
    context = {"rows": rows, "placeholders": _placeholders(), "tab": "answers"}
    return render(request, "staff/answers.html", context, status=422 if refusal else 200)


def _row(place: Place) -> dict[str, Any]:
    has = set(place.skills)
    return {
        "place": place,
        "languages": [
            (code, language_name(code), (SkillKind.LANGUAGE.value, code) in has) for code in LANGUAGES if code != "ja"
        ],
        "groups": [(group, str(name), (SkillKind.TOPICS.value, group) in has) for group, name in group_names().items()],
        "words": "、".join(value for kind, value in place.skills if kind == SkillKind.WORD),
    }


def _until(choice: str, now: datetime) -> datetime | None:
    if choice == "hour":
        return now + timedelta(hours=1)
    if choice == "day":
        tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return tomorrow.astimezone(now.tzinfo)
    return None


def _placeholders() -> list[tuple[str, str]]:
    return [
        ("$greeting", _("The customer’s name, or a greeting without one")),
        ("$number", _("Number of the case")),
        ("$due", _("Until when an answer is due, in Japan’s time")),
        ("$shop", _("Name of the shop")),
        ("$signature", _("Signature of the shop")),
    ]
