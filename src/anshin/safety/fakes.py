"""Stand-ins: a post of safety mails that keeps what left, and publishers' servers that say what they are told to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from anshin.safety.ports import Came, Handed, HandingOver, NotHad, SafetyLetter
from anshin.safety.terms import FeedTrouble


class Killed(BaseException):
    """The process died here: nothing below may catch it."""


class RecordingPost:
    """What was taken stands in `left`. `answers`: by address what is said instead of taking it. After `takes` mails the
    server refuses all. `dies`: `before` or `after` the hand-over of the mail with this number, counted from 0."""

    def __init__(self) -> None:
        self.left: list[SafetyLetter] = []
        self.answers: dict[str, Handed] = {}
        self.takes: int | None = None
        self.dies: tuple[str, int] | None = None
        self.asked = 0
        self.own: set[tuple[int, str]] = set()
        self.shop_id: int | None = None  # who sent last

    def send(self, shop_id: int, letters: Sequence[SafetyLetter], *, handing_over: HandingOver) -> Iterator[Handed]:
        """See ports.SafetyPost."""
        self.shop_id = shop_id
        for letter in letters:
            number, self.asked = self.asked, self.asked + 1
            if self.dies == ("before", number):
                raise Killed
            if self.takes is not None and len(self.left) >= self.takes:
                yield Handed(letter.mail_id, is_taken=False, words="554 5.7.0 limit exceeded", is_permanent=True)
                continue
            if said := self.answers.get(letter.to):
                yield Handed(letter.mail_id, said.is_taken, said.words, said.is_permanent, said.is_unsure, said.bounce)
                continue
            if letter.mail_id not in handing_over([letter]):
                return
            self.left.append(letter)
            if self.dies == ("after", number):
                raise Killed
            yield Handed(letter.mail_id, is_taken=True, words="250 ok")

    def arrives_here(self, shop_id: int, mail: str) -> bool:
        """See ports.SafetyPost."""
        return (shop_id, mail) in self.own


class PracticePublishers:
    """Publishers' servers that stand nowhere: `answers` by address, each a list, NotHad, or None for nothing new."""

    def __init__(self, answers: dict[str, bytes | NotHad | None] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[tuple[str, str]] = []  # address and the ETag that was sent

    def ask(self, url: str, *, etag: str, last_modified: str, now: datetime) -> Came:  # noqa: ARG002
        """See ports.FeedServers."""
        self.asked.append((url, etag))
        answer = self.answers.get(url, NotHad(FeedTrouble.UNREACHABLE, "practice"))
        if isinstance(answer, NotHad):
            raise answer
        mark = hashlib.sha256(answer).hexdigest()[:12] if answer is not None else etag
        return Came(None if answer is None or mark == etag else answer, url, mark, "")
