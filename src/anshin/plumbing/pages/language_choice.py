"""Decides in which language and theme a page is shown: what the person chose once, else Japanese and the system's.

The browser's Accept-Language is not asked: a Japanese shop's desk stays Japanese on a machine set up in English,
and two clerks at one machine see the same words.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

THEMES: Final = ("auto", "light", "dark")
THEME_COOKIE: Final = "anshin_theme"


class LanguageChoice:
    """Middleware: activates the chosen language for the request and puts it back afterwards."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._answer_later(request)
        with translation.override(chosen_language(request)):
            request.LANGUAGE_CODE = translation.get_language()
            return self.get_response(request)

    async def _answer_later(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(chosen_language(request)):
            request.LANGUAGE_CODE = translation.get_language()
            answer = self.get_response(request)
            return await answer if isinstance(answer, Awaitable) else answer


def chosen_language(request: HttpRequest) -> str:
    """The language code of the cookie, when it is one that we have; else the installation's."""
    wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def chosen_theme(request: HttpRequest) -> str:
    """`auto`, `light` or `dark`; whatever else a cookie says counts as `auto`."""
    wanted = request.COOKIES.get(THEME_COOKIE, "")
    return wanted if wanted in THEMES else "auto"
