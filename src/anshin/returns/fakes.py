"""Stand-ins for the sockets of the returns room."""

from collections.abc import Sequence

from anshin.returns.ports import LabelFacts
from anshin.returns.terms import LabelPaper


class PlainLabels:
    """Remembers what was to be printed; the "PDF" names the returns."""

    def __init__(self) -> None:
        self.printed: list[tuple[tuple[LabelFacts, ...], LabelPaper]] = []

    def pdf(self, labels: Sequence[LabelFacts], *, paper: LabelPaper) -> bytes:
        if not labels:
            raise ValueError("There is no label to print.")
        self.printed.append((tuple(labels), paper))
        return ("%PDF " + paper + " " + " ".join(each.number for each in labels)).encode()

    def code_picture(self, number: str) -> str:
        return f'<svg xmlns="http://www.w3.org/2000/svg"><title>{number}</title></svg>'
