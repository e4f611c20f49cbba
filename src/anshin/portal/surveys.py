"""How was it? A customer's page behind a word that only their mail has. Opening it changes nothing."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from anshin.plumbing import clock
from anshin.satisfaction import actions
from anshin.satisfaction.forms import page_words
from anshin.satisfaction.queries import is_open, survey_by_token
from anshin.satisfaction.terms import DISSATISFIED, LANGUAGES, LONGEST_COMMENT, Score
from anshin.shops.queries import shop_by_slug

if TYPE_CHECKING:
    from anshin.satisfaction.models import Survey
    from anshin.shops.models import Shop

_ICONS = {5: "laugh", 4: "smile", 3: "meh", 2: "frown", 1: "angry"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, shop: str, token: str) -> HttpResponse:
    """The five answers, or thanks; a POST keeps what was chosen. 404 for whoever has no such mail."""
    found = shop_by_slug(shop)
    known = survey_by_token(found, token) if found else None
    if found is None or known is None:
        raise Http404
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else known.language
    refused = False
    if request.method == "POST":
        chosen = request.POST.get("score", "")
        score = int(chosen) if chosen.isdecimal() and len(chosen) == 1 else 0
        comment = request.POST.get("comment", "")
        try:
            actions.answer(shop=found, token=token, score=score, comment=comment, now=clock.now())
        except actions.NoScore:
            refused = True
        except actions.TooLate:
            pass  # the page says so
        else:
            return redirect(f"{request.path}?language={language}")
    with translation.override("ja" if language == "ja" else "en"):
        context = _page(request, found, known, language, refused=refused)
        return render(request, "portal/survey.html", context, status=422 if refused else 200)


def _page(request: HttpRequest, shop: Shop, known: Survey, language: str, *, refused: bool) -> dict[str, Any]:
    name = shop.name if language == "ja" else shop.name_en or shop.name
    values = {"about": known.case.subject, "number": str(known.case.number), "shop": name}
    words = {key: Template(text).safe_substitute(values) for key, text in page_words(language).items()}
    wanted = request.GET.get("score", "")
    return {
        "shop": shop,
        "shop_name": name,
        "language": language,
        "words": words,
        "languages": [{"code": code, "name": own, "on": code == language} for code, own in LANGUAGES.items()],
        "choices": [
            {"score": score.value, "label": words[f"score_{score.value}"], "icon": _ICONS[score.value]}
            for score in sorted(Score, reverse=True)
        ],
        "chosen": known.score or (int(wanted) if wanted in {"1", "2", "3", "4", "5"} else 0),
        "comment": request.POST.get("comment", known.comment) if refused else known.comment,
        "most": LONGEST_COMMENT,
        "is_answered": known.score is not None and not refused,
        "is_low": known.score in DISSATISFIED,
        "is_open": is_open(known, now=clock.now()),
        "refused": refused,
    }
