"""Fills the integrations room's socket for the way out, with HTTPS through the door for typed addresses."""

from __future__ import annotations

import time
from collections.abc import Mapping

from anshin.integrations.terms import Failing, Told
from anshin.plumbing.web import guarded
from anshin.plumbing.web.client import Unreachable

ANSWER_SECONDS = 20.0
"""Within 15 to 30, as Standard Webhooks 1.0.0 recommends (“Request timeouts”, read 2026-11-27)."""
_SHOWN_BYTES = 1000
_SUCCESS = range(200, 300)
_LONGEST_ASKED = 24 * 60 * 60


class HttpsMessenger:
    """One POST; redirects are failures, as the specification says."""

    def tell(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Told:
        """What the other side answered, or why it did not."""
        began = time.monotonic()
        try:
            answer = guarded.post(
                url, body=body, headers=headers, answer_bytes=_SHOWN_BYTES, whole_seconds=ANSWER_SECONDS
            )
        except guarded.ForbiddenAddress as error:
            return _without_answer(Failing.FORBIDDEN, error, began)
        except guarded.BadCertificate as error:
            return _without_answer(Failing.CERTIFICATE, error, began)
        except guarded.TooSlow as error:
            return _without_answer(Failing.SLOW, error, began)
        except Unreachable as error:
            return _without_answer(Failing.UNREACHABLE, error, began)
        failing = None if answer.status in _SUCCESS else Failing.STATUS
        said = answer.body.decode("utf-8", "replace").replace("\x00", "").strip()
        return Told(answer.status, failing, _passed(began), said, _asked(answer.headers.get("retry-after", "")))


def _without_answer(failing: Failing, error: Exception, began: float) -> Told:
    return Told(None, failing, _passed(began), str(error))


def _passed(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _asked(value: str) -> int | None:
    """The seconds of Retry-After; a date there is left alone, our own waits are longer than most."""
    return min(int(value), _LONGEST_ASKED) if value.isascii() and value.isdecimal() and len(value) < 8 else None
