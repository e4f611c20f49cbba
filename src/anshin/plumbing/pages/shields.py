"""What a page tells the browser to refuse: features that no page of ours asks for, and keeping what stands on it."""

from collections.abc import Awaitable, Callable
from typing import Final

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_NEVER: Final = (
    "accelerometer",
    "autoplay",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
"""A photo from a telephone's camera comes through a file field, which is no use of `camera`."""
_OURS: Final = ("clipboard-write", "fullscreen", "publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS: Final = ", ".join([*(f"{name}=()" for name in _NEVER), *(f"{name}=(self)" for name in _OURS)])
"""The header Permissions-Policy. Source: W3C Permissions Policy, working draft of 2025."""

_FORM_AGAIN: Final = frozenset({200, 409, 422})
KEPT_FOR_BACK: Final = "private, no-cache"
"""For a form that came back with what was wrong: with no-store “back” would ask whether to send it once more."""


class Shields:
    """Middleware: the headers on every answer that has none of its own."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        answer = self.get_response(request)
        return _shielded(request, answer) if isinstance(answer, HttpResponseBase) else self._later(request, answer)

    @staticmethod
    async def _later(request: HttpRequest, answer: Awaitable[HttpResponseBase]) -> HttpResponseBase:
        return _shielded(request, await answer)


def _shielded(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
    is_posted_form = request.method == "POST" and answer.status_code in _FORM_AGAIN
    answer.headers.setdefault("Cache-Control", KEPT_FOR_BACK if is_posted_form else "no-store")
    return answer
