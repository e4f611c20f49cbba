"""Sockets of the visits room: how a mail to a customer that belongs to no case leaves the building."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from anshin.plumbing.sockets import Socket


@dataclass(frozen=True, slots=True)
class EnclosedFile:
    """A file that goes with a letter."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CustomerLetter:
    """A finished letter to a customer, written by the program."""

    shop_id: int
    to: str
    name: str
    subject: str
    text: str
    files: tuple[EnclosedFile, ...] = ()


class LetterNotSent(Exception):
    """The letter was not taken over. `words` says why; `permanent` whether trying again is useless; `unsure` that it
    may have been taken all the same."""

    def __init__(self, words: str, *, permanent: bool, unsure: bool = False) -> None:
        self.words, self.permanent, self.unsure = words, permanent, unsure
        super().__init__(words)


class LetterSlot(Protocol):
    """Takes letters to customers out of the building, through the shop's own mailbox."""

    def send(self, letter: CustomerLetter, *, handing_over: Callable[[], None] = lambda: None) -> None:
        """Hand the letter to a mail server; `handing_over` is called right before it cannot be recalled.

        Raises LetterNotSent."""
        ...


letter_slot: Socket[LetterSlot] = Socket("visits.letter_slot")
