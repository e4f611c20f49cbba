"""Fills the sockets for printed documents."""

from collections.abc import Sequence

from anshin.connectors.papers import typesetting
from anshin.connectors.papers.codes import qr
from anshin.connectors.papers.labels import sheet
from anshin.returns.ports import LabelFacts
from anshin.returns.terms import LabelPaper


class PrintedLabels:
    """Fills `returns.labels`."""

    def pdf(self, labels: Sequence[LabelFacts], *, paper: LabelPaper) -> bytes:
        if not labels:
            raise ValueError("There is no label to print.")
        return typesetting.pdf("label", sheet(labels, paper))

    def code_picture(self, number: str) -> str:
        return qr(number)
