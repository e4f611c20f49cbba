"""A stand-in for the letter slot: keeps what left, and refuses as told. For tests and work without a network."""

from collections.abc import Callable

from anshin.visits.ports import CustomerLetter, LetterNotSent


class RecordingSlot:
    """A slot whose letters stay in `left`; `refusals` are raised first, one a letter."""

    def __init__(self) -> None:
        self.left: list[CustomerLetter] = []
        self.refusals: list[LetterNotSent] = []

    def send(self, letter: CustomerLetter, *, handing_over: Callable[[], None] = lambda: None) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        handing_over()
        self.left.append(letter)
