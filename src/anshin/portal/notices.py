"""All notices that a shop has made public, for anybody, in five languages."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from anshin.safety.queries import public_notices, public_picture, shown_notice, words_around
from anshin.shops.queries import shop_by_slug
from anshin.visits.terms import LANGUAGES

KEPT_SECONDS = 15


@require_safe
def notices(request: HttpRequest, shop: str) -> HttpResponse:
    """What is public now, the newest first; ?language= chooses. Two queries for the notices, whatever their number."""
    found = shop_by_slug(shop)
    if found is None:
        raise Http404
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else "ja"
    context = {
        "shop": found,
        "shop_name": found.name if language == "ja" else found.name_en or found.name,
        "language": language,
        "languages": [{"code": code, "name": own, "on": code == language} for code, own in LANGUAGES.items()],
        "words": words_around(language),
        "notices": [
            shown_notice(
                each.content,
                language=language,
                number=each.number,
                released_at=each.released_at,
                corrected_at=each.corrected_at,
                picture=public_picture(found.slug, each.number, each.content),
            )
            for each in public_notices(found)
        ],
    }
    with translation.override("ja" if language == "ja" else "en"):
        answer = render(request, "portal/notices.html", context)
    patch_cache_control(answer, public=True, max_age=KEPT_SECONDS)
    return answer
