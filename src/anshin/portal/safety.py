"""A buyer's page of a safety notice, behind the word in their mail: what it says now, and how things stand.

Opening it changes nothing; no sign-in, no cookie is needed to answer.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from anshin.plumbing import clock
from anshin.safety import actions
from anshin.safety.forms import buyer_words
from anshin.safety.queries import BuyerPage, buyer_page, public_picture
from anshin.safety.terms import Answer, Content, RemedyKind
from anshin.shops.queries import shop_by_slug
from anshin.visits.terms import LANGUAGES

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_ICONS = {
    Answer.STOPPED: "circle-check",
    Answer.NEVER_GOT: "circle-x",
    Answer.GAVE_AWAY: "gift",
    Answer.THREW_AWAY: "trash-2",
    Answer.WANTS_REMEDY: "undo-2",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, shop: str, token: str) -> HttpResponse:
    """What the notice says, and the answers; a POST keeps one. 404 for whoever has no such mail."""
    found = shop_by_slug(shop)
    known = buyer_page(found, token) if found else None
    if found is None or known is None:
        raise Http404
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else known.language
    refused = False
    if request.method == "POST" and known.content is not None:
        chosen = request.POST.get("answer", "")
        try:
            if chosen in Answer.values:
                actions.answer(shop=found, token=token, said=Answer(chosen), now=clock.now())
                return redirect(f"{request.path}?language={language}")
        except actions.UnknownAdvisory:
            pass  # an answer that this notice does not offer
        refused = True
    with translation.override("ja" if language == "ja" else "en"):
        context = _page(found, known, language) | {"refused": refused}
        return render(request, "portal/safety.html", context, status=422 if refused else 200)


def _page(shop: Shop, known: BuyerPage, language: str) -> dict[str, Any]:
    name = shop.name if language == "ja" else shop.name_en or shop.name
    words = {key: Template(text).safe_substitute(shop=name) for key, text in buyer_words(language).items()}
    return {
        "shop": shop,
        "shop_name": name,
        "language": language,
        "number": known.number,
        "words": words,
        "languages": [{"code": code, "name": own, "on": code == language} for code, own in LANGUAGES.items()],
        "told": _told(known.content, language) if known.content else None,
        "picture": public_picture(shop.slug, int(known.number.removeprefix("S-")), known.content)
        if known.content
        else "",
        "choices": [
            {"code": each.value, "label": words[each.value], "icon": icon}
            for each, icon in _ICONS.items()
            if each != Answer.WANTS_REMEDY or (known.content and known.content.facts.remedy != RemedyKind.NONE)
        ],
        "last": known.last.value if known.last else "",
        "thanks_more": words.get(f"thanks_{_THANKS.get(known.last, '')}", "") if known.last else "",
    }


_THANKS = {Answer.WANTS_REMEDY: "remedy", Answer.GAVE_AWAY: "gave_away"}


def _told(content: Content, language: str) -> dict[str, Any]:
    written_in = content.language_for(language)
    return {"language": written_in, "words": content.words[written_in], "facts": content.facts}
