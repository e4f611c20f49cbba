"""A stand-in for the postbox: keeps what left, and refuses as told. For tests and work without a network."""

from anshin.shops.ports import LetterNotSent, StaffLetter


class RecordingPostbox:
    """A postbox whose letters stay in `left`; `refusals` are raised first, one a letter."""

    def __init__(self) -> None:
        self.left: list[StaffLetter] = []
        self.refusals: list[LetterNotSent] = []

    def send(self, letter: StaffLetter) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.left.append(letter)
