"""Sockets of the shops room: how a letter to a member of staff leaves the building."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from anshin.plumbing.sockets import Socket


@dataclass(frozen=True, slots=True)
class StaffLetter:
    """A finished letter to somebody who works in the shop, or shall."""

    shop_id: int
    to: str
    name: str
    subject: str
    text: str


class LetterNotSent(Exception):
    """The letter was not taken over. `words` says why; `permanent` whether trying again is useless; `unsure` that it
    may have been taken all the same."""

    def __init__(self, words: str, *, permanent: bool, unsure: bool = False) -> None:
        self.words, self.permanent, self.unsure = words, permanent, unsure
        super().__init__(words)


class Postbox(Protocol):
    """Takes letters to staff out of the building."""

    def send(self, letter: StaffLetter, *, handing_over: Callable[[], None] = lambda: None) -> None:
        """Hand the letter to a mail server; `handing_over` is called right before it cannot be recalled.

        Raises LetterNotSent."""
        ...


postbox: Socket[Postbox] = Socket("shops.postbox")
