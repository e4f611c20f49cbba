"""What a page tells the browser to refuse: features that no page of ours asks for, so that nothing brought in can."""

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


class Shields:
    """Middleware: the header on every answer that has none of its own."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        answer = self.get_response(request)
        return _shielded(answer) if isinstance(answer, HttpResponseBase) else self._later(answer)

    @staticmethod
    async def _later(answer: Awaitable[HttpResponseBase]) -> HttpResponseBase:
        return _shielded(await answer)


def _shielded(answer: HttpResponseBase) -> HttpResponseBase:
    answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
    return answer
