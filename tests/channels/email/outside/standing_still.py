"""For processes of tests that stand still at a certain point, to be killed there."""

from __future__ import annotations

import contextlib
import sys
import time
from unittest import mock

from anshin.channels.email.servers import dialogue
from anshin.channels.email.servers.smtp import SmtpTransport


def stand_still() -> None:
    """Say that the point is reached, and stay."""
    sys.stdout.write("here\n")
    sys.stdout.flush()
    time.sleep(600)


class StandsStill(SmtpTransport):
    """Stands still before_the_dot or after_the_answer; at any other point it sends."""

    def __init__(self, point: str) -> None:
        super().__init__()
        self._point = point

    def send(self, sender, recipients, raw, *, handing_over):  # type: ignore[no-untyped-def]
        def at_the_dot() -> None:
            if self._point == "before_the_dot":
                stand_still()
            handing_over()

        words = super().send(sender, recipients, raw, handing_over=at_the_dot)
        if self._point == "after_the_answer":
            stand_still()
        return words


class StandsStillWithin(SmtpTransport):
    """The same in a conversation of many mails, at the mail with this number, counted from 0; also between_the_dots of
    those that leave together."""

    def __init__(self, point: str, number: int) -> None:
        super().__init__()
        self._point, self._left = point, number

    @contextlib.contextmanager
    def conversation(self, sender):  # type: ignore[no-untyped-def]
        with super().conversation(sender) as talk:
            self._talk = talk
            yield self

    def send_together(self, sender, parcels, *, handing_over):  # type: ignore[no-untyped-def]
        point = self._point if 0 <= self._left < len(parcels) else ""
        self._left -= len(parcels)
        send_dot = dialogue.send_dot

        def at_the_dots(places):  # type: ignore[no-untyped-def]
            if point == "before_the_dot":
                stand_still()
            return handing_over(places)

        def one_dot(smtp, seconds):  # type: ignore[no-untyped-def]
            send_dot(smtp, seconds)
            if point == "between_the_dots":
                stand_still()

        with mock.patch.object(dialogue, "send_dot", one_dot):
            answers = self._talk.send_together(sender, parcels, handing_over=at_the_dots)
        if point == "after_the_answer":
            stand_still()
        return answers
