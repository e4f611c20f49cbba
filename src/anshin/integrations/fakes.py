"""A stand-in for the way out: it notes what would have left, and answers as it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from anshin.integrations.terms import Told


@dataclass(slots=True)
class RecordingMessenger:
    """Every telling, in order. `answers` are given one after the other, then success."""

    sent: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    answers: list[Told] = field(default_factory=list)

    def tell(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Told:
        self.sent.append((url, body, dict(headers)))
        return self.answers.pop(0) if self.answers else Told(200, None, 12, "ok")


class PracticeMessenger:
    """For demo and development: every address is well, and nothing leaves the machine."""

    def tell(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Told:  # noqa: ARG002  a socket
        return Told(200, None, 1, "Practice: nothing left this machine.")
