"""What every page's frame needs: language, theme, the moment at which it is drawn."""

from typing import Any

from django.http import HttpRequest
from django.utils import translation

from anshin.plumbing import clock
from anshin.plumbing.pages.language_choice import chosen_theme


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Shapes: `now` in UTC; `now_ms` the same as milliseconds since 1970 for the scripts."""
    now = clock.now()
    return {
        "now": now,
        "now_ms": int(now.timestamp() * 1000),
        "theme": chosen_theme(request),
        "language": translation.get_language() or "ja",
    }
