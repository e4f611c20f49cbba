"""For processes of tests that stand still at a certain point, to be killed there."""

from __future__ import annotations

import contextlib
import sys
import time

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
    """The same in a conversation of many mails, at the mail with this number, counted from 0."""

    def __init__(self, point: str, number: int) -> None:
        super().__init__()
        self._point, self._left = point, number

    @contextlib.contextmanager
    def conversation(self, sender):  # type: ignore[no-untyped-def]
        with super().conversation(sender) as talk:
            self._talk = talk
            yield self

    def send(self, sender, recipients, raw, *, handing_over):  # type: ignore[no-untyped-def]
        is_here, self._left = self._left == 0, self._left - 1

        def at_the_dot() -> None:
            if is_here and self._point == "before_the_dot":
                stand_still()
            handing_over()

        words = self._talk.send(sender, recipients, raw, handing_over=at_the_dot)
        if is_here and self._point == "after_the_answer":
            stand_still()
        return words
