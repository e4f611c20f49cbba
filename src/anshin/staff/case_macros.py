"""Macros and phrases in a case: the menu of those that fit, and putting one into the reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases import actions as cases
from anshin.cases.queries import CasePage, case_page
from anshin.plumbing import clock
from anshin.replies import actions, queries
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.case_page import find_case
from anshin.staff.desk import desk, is_fragment
from anshin.staff.macro_words import language_name
from anshin.staff.offers import offers
from anshin.staff.topic_words import topic_name
from anshin.staff.veiled_replies import kept_open

if TYPE_CHECKING:
    from anshin.replies.queries import Choice
    from anshin.shops.models import Membership

_MOST = 14


@desk(Permission.ANSWER)
def choose(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """What fits the case, with ?q= what fits that too: the menu's list for a script, else a page."""
    found = find_case(by, number)
    wanted = request.GET.get("q", "").strip()[:100]
    macros = queries.suggested(by.shop, found, wanted=wanted, most=_MOST if is_fragment(request) else 200)
    fitting = [_item(by, number, each) for each in macros if each.fits]
    others = [_item(by, number, each) for each in macros if not each.fits]
    topic = topic_name(found.topic) if found.topic else ""
    phrases = [
        {
            "name": phrase.name,
            "hint": "",
            "url": address("case_phrase", by.shop.slug, number, phrase.pk),
            "line": " ".join(phrase.text.split())[:80],
        }
        for phrase in queries.phrases_of(by, wanted=wanted)
    ]
    groups = [
        {"label": _("For “%(topic)s”") % {"topic": topic}, "icon": "zap", "items": fitting},
        {"label": _("My phrases"), "icon": "user-round", "items": phrases},
        {"label": _("Other macros") if fitting else _("Macros"), "icon": "zap", "items": others},
    ]
    context = {
        "case": found,
        "groups": [group for group in groups if group["items"]],
        "wanted": wanted,
        "is_menu": is_fragment(request),
        "manage_url": address("macros", by.shop.slug),
        "referrals_url": address("case_referrals", by.shop.slug, number),
    }
    return render(request, "staff/_macro_menu.html" if is_fragment(request) else "staff/case_macros.html", context)


@require_POST
@desk(Permission.ANSWER)
def insert(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:
    """Put a macro into the reply, filled in; ?language= another language than the customer's."""
    found, now = find_case(by, number), clock.now()
    use = actions.use_macro(by=by, case=found, macro_id=pk, language=request.POST.get("language", ""), now=now)
    page = case_page(by, found)
    text = kept_open(by, page, use.macro.texts[use.language], language=use.language, now=now)
    return put_in(request, by, page, text)


@require_POST
@desk(Permission.ANSWER)
def insert_phrase(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:
    """Put one of the person's own phrases into the reply, filled in."""
    page = case_page(by, find_case(by, number))
    phrase = queries.phrase_of(by, pk)
    if phrase is None:
        raise actions.WrongMacro
    language = get_language() or "ja"
    text = kept_open(by, page, phrase.text, language=language, now=clock.now())
    return put_in(request, by, page, text)


@require_POST
@desk(Permission.ANSWER)
def drop(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:  # noqa: ARG001  a view
    """Forget that a macro is in the draft, with what it offers."""
    actions.drop_use(by=by, use_id=pk)
    return redirect("staff:case", by.shop.slug, number)


def put_in(request: HttpRequest, by: Membership, page: CasePage, text: str) -> HttpResponseBase:
    """For a script the words and what stands beside them; without one they go below what is in the draft."""
    now = clock.now()
    if is_fragment(request):
        beside = {"offers": offers(by, page, now=now)}
        return JsonResponse({"text": text, "offers": render_to_string("staff/_macro_offers.html", beside, request)})
    draft = page.drafts.get(False)
    before = request.POST.get("text", draft.text if draft else "").rstrip()  # the screen may be newer than the draft
    cases.save_draft(
        by=by,
        case_id=page.case.pk,
        is_note=False,
        text=f"{before}\n\n{text}\n" if before else f"{text}\n",
        version=draft.version if draft else 0,
        read_at_version=page.case.version,
        now=now,
    )
    return redirect("staff:case", by.shop.slug, page.case.number)


def _item(by: Membership, number: int, choice: Choice) -> dict[str, Any]:
    macro = choice.macro
    return {
        "name": macro.name,
        "hint": "" if choice.language == "ja" else language_name(choice.language),
        "url": address("case_macro", by.shop.slug, number, macro.pk),
        "line": "",
    }
