"""Fills the sockets for printed documents."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import typst
from django.utils.translation import gettext as _

from anshin.connectors.papers import (
    labels,
    packing_slips,
    return_invoices,
    safety_letters,
    safety_reports,
    snapshots,
    typesetting,
)
from anshin.connectors.papers.codes import qr
from anshin.delivery.ports import OrderSnapshot, PackingSlip, PapersFailed
from anshin.returns.ports import InvoiceFacts, LabelFacts
from anshin.returns.terms import LabelPaper
from anshin.safety.ports import PaperLetter, ReportPaper

_PICTURES_KEPT = 500
_PICTURE_DOTS_PER_INCH = 220


class PrintedLabels:
    """Fills `returns.labels`."""

    def pdf(self, facts: Sequence[LabelFacts], *, paper: LabelPaper) -> bytes:
        if not facts:
            raise ValueError("There is no label to print.")
        return typesetting.pdf("label", labels.sheet(facts, paper))

    def code_picture(self, number: str) -> str:
        return _drawn(number)


class PrintedReturnInvoices:
    """Fills `returns.return_invoices`."""

    def pdf(self, facts: InvoiceFacts) -> bytes:
        return typesetting.pdf("return_invoice", return_invoices.sheet(facts))


class PrintedSafetyReports:
    """Fills `safety.report_papers`."""

    def pdf(self, report: ReportPaper) -> bytes:
        return typesetting.pdf("safety_report", safety_reports.sheet(report))


class PrintedSafetyLetters:
    """Fills `safety.letter_papers`."""

    def pdf(self, letters: Sequence[PaperLetter]) -> bytes:
        if not letters:
            raise ValueError("There is no letter to print.")
        return typesetting.pdf("safety_letter", safety_letters.sheet(letters))


class PrintedPapers:
    """Fills `delivery.papers`."""

    def snapshot_pdf(self, snapshot: OrderSnapshot) -> bytes:
        with _failing_in_words():
            return typesetting.pdf("snapshot", snapshots.sheet(snapshot, form="pages"))

    def snapshot_picture(self, snapshot: OrderSnapshot) -> bytes:
        with _failing_in_words():
            sheet = snapshots.sheet(snapshot, form="picture")
            return typesetting.pictures("snapshot", sheet, dots_per_inch=_PICTURE_DOTS_PER_INCH)[0]

    def packing_slip(self, slip: PackingSlip) -> bytes:
        with _failing_in_words():
            return typesetting.pdf("packing_slip", packing_slips.sheet(slip))


@contextmanager
def _failing_in_words() -> Iterator[None]:
    """Raises PapersFailed for what went wrong below. Neither mends itself: the same facts fail again."""
    try:
        yield
    except typesetting.FontsMissing as error:
        raise PapersFailed(
            _("The fonts for printed papers are missing. Install Anshin again."), permanent=True
        ) from error
    except typst.TypstError as error:
        words = _("This paper cannot be printed: %(reason)s") % {"reason": error.message}
        raise PapersFailed(words, permanent=True) from error


@lru_cache(maxsize=_PICTURES_KEPT)
def _drawn(number: str) -> str:
    """A customer looks at their return again and again; drawing its code is a tenth of that page."""
    return qr(number)
