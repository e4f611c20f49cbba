"""Why a customer was not let in. The pages have the words, in the customer's language."""

from anshin.visits.terms import HandOverFault


class NotLetIn(Exception):
    """The visitor stays outside."""


class TooOften(NotLetIn):
    """More codes were asked for than are given within an hour."""


class WrongCode(NotLetIn):
    """Not the code; `left` tries remain."""

    def __init__(self, left: int) -> None:
        super().__init__(str(left))
        self.left = left


class CodeOver(NotLetIn):
    """The time of the code is over, it was used, or there is none for this browser."""


class CodeLocked(NotLetIn):
    """So many wrong codes were entered that the right one is refused, too."""


class NotHandedOver(NotLetIn):
    """The shop's own site handed nobody over whom we believe; `why` says why."""

    def __init__(self, why: HandOverFault) -> None:
        super().__init__(why.value)
        self.why = why
