"""Safety mails keep the receivers' paces, as all mail does: mobile carriers one after the other, nobody during a pause.

Receivers with a pace of their own are asked for each mail, all others only whether they have asked for patience: that
is one question for a whole conversation. No turns are kept, so that replies of the desk pass between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from anshin.channels.email.pacing.paces import OWN_SERVER, Receiver, receiver_of
from anshin.channels.email.ports import EVERYBODY
from anshin.channels.email.sending import lanes
from anshin.safety.ports import Waits

if TYPE_CHECKING:
    from anshin.channels.email.ports import Sender, TransportFailed
    from anshin.safety.ports import SafetyLetter

_OWN: Final = Receiver("", "", OWN_SERVER)
_NO_TIME: Final = timedelta(0)


class SafetyPaces:
    """The paces during one conversation. A sending service keeps them by itself: then only the way to it counts."""

    def __init__(self, sender: Sender, addresses: Sequence[str]) -> None:
        self.route = sender.route
        self.is_service = sender.account is not None
        receivers = {"" if self.is_service else receiver_of(address).key for address in addresses} | {""}
        self.paused = lanes.pauses(self.route, receivers)
        self.busy: dict[str, datetime] = {}

    def enter(self, letter: SafetyLetter, *, now: datetime) -> tuple[Waits, str] | None:
        """None when this letter may be handed over now; else until when it waits, with the receiver's words."""
        receiver = self._receiver(letter)
        for each in {"": _OWN, receiver.key: receiver}.values():
            until, words = self.paused.get(each.key, (now, ""))
            if until > now:
                return Waits(each.key, until, each.pace.spacing), words
        if receiver.pace.spacing == _NO_TIME:
            return None
        until_at = self.busy.get(receiver.key)
        if until_at is None or until_at <= now:
            until_at = lanes.pass_once(self.route, receiver, holder=-letter.mail_id, now=now)
        if until_at is None:
            return None
        self.busy[receiver.key] = until_at
        return Waits(receiver.key, until_at, receiver.pace.spacing), ""

    def leave(self, letter: SafetyLetter, *, now: datetime, failure: TransportFailed | None = None) -> None:
        """The letter is over. Whoever asked for patience is left in peace, by everybody's mail."""
        receiver = self._receiver(letter)
        slower = {"" if each == EVERYBODY else receiver.key for each in failure.slower_for} if failure else set()
        for each in {"": _OWN, receiver.key: receiver}.values():
            is_held = each.pace.spacing != _NO_TIME
            is_over = failure is None and self.paused.pop(each.key, None) is not None
            if each.key in slower or is_held or is_over:
                lanes.leave(lanes.Way(self.route, (each,)), message_id=-letter.mail_id, now=now, failure=failure)
        if slower:
            self.paused |= lanes.pauses(self.route, slower)

    def _receiver(self, letter: SafetyLetter) -> Receiver:
        return _OWN if self.is_service else receiver_of(letter.to)
