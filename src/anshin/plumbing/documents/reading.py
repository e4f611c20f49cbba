"""The program that reads one document from standard input and writes its texts, each with a NUL behind it.

`python -m anshin.plumbing.documents.reading pdf|table CPU_SECONDS`. Ends with 0, or with 10 (locked), 11 (damaged),
12 (too large or too complicated), 13 (pages that are pictures only, whose words nobody read); or the system ends it at
its limits.

Beside the words as they stand, numbers are written once more as a person reads them: the digits of a form's boxes
together, the cell of a table with what stands at the head of its column and to its left.
"""

import os
import re
import resource
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, Final

LOCKED: Final = 10
DAMAGED: Final = 11
TOO_LARGE: Final = 12
PICTURES: Final = 13

_MOST_MEMORY_BYTES: Final = 1_500_000_000
_MOST_CHARS: Final = 5_000_000
_MOST_PAGES: Final = 2_000
_MOST_NOTES: Final = 500
_LONG_NUMBER: Final = re.compile(r"(?:[0-9０-９][-－ ]?){11}[0-9０-９]")
_BOXES: Final = re.compile(r"(?<![0-9])[0-9](?:[ \t\r\n]{1,3}[0-9](?![0-9])){11,18}")
_LARGEST_EXACT: Final = 10**15
"""Tables keep numbers as floats, of which longer ones have lost their last digits."""


class Ends(Exception):
    """Reading ends with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def main(kind: str, cpu_seconds: int) -> int:
    """Read and write; the code with which to end."""
    _limit(cpu_seconds)
    content = sys.stdin.buffer.read()
    readers: dict[str, Callable[[bytes], Iterator[str]]] = {"pdf": pdf_texts, "table": table_texts}
    try:
        _write(readers[kind](content))
    except Ends as ends:
        return ends.code
    except MemoryError:
        return TOO_LARGE
    return 0


def _limit(cpu_seconds: int) -> None:
    """The system ends this process beyond them, wherever it is; nothing is written to the disk, no core either."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, _MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)


def _write(texts: Iterator[str]) -> None:
    left = _MOST_CHARS
    for text in texts:
        sys.stdout.buffer.write(text[:left].replace("\0", " ").encode("utf-8", "replace") + b"\0")
        sys.stdout.buffer.flush()
        left -= len(text)
        if left <= 0:
            raise Ends(TOO_LARGE)


def pdf_texts(content: bytes) -> Iterator[str]:
    """The words of every page, of notes on it and of form fields; raises Ends."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as refused:
        raise Ends(LOCKED if "password" in str(refused).lower() else DAMAGED) from refused
    document.init_forms()
    has_pictures_alone = False
    for number in range(min(len(document), _MOST_PAGES)):
        try:
            page = document[number]
            texts = list(_page_texts(document, number))
            has_pictures_alone |= bool(next(page.get_objects(), None)) and not any(text.strip() for text in texts)
        except pypdfium2.PdfiumError as refused:
            raise Ends(DAMAGED) from refused
        yield from texts
    if len(document) > _MOST_PAGES:
        raise Ends(TOO_LARGE)
    if has_pictures_alone or document.count_attachments():
        raise Ends(PICTURES)


def _page_texts(document: Any, number: int) -> Iterator[str]:
    page = document[number]
    yield from as_read(page.get_textpage().get_text_range())
    notes = list(_notes(page))
    if notes:
        yield from as_read("\n\n".join(notes))
        page.flatten()  # what a field shows may stand in its drawing alone
        yield from as_read(document[number].get_textpage().get_text_range())


def _notes(page: Any) -> Iterator[str]:
    """What annotations and form fields of a page say."""
    import ctypes

    import pypdfium2.raw as pdfium

    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        said = []
        for key in (b"T", b"V", b"Contents"):
            size = min(pdfium.FPDFAnnot_GetStringValue(note, key, None, 0), 100_000)
            letters = ctypes.create_string_buffer(size)
            pdfium.FPDFAnnot_GetStringValue(note, key, ctypes.cast(letters, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
            said.append(letters.raw.decode("utf-16-le", "replace").rstrip("\0"))
        pdfium.FPDFPage_CloseAnnot(note)
        yield " ".join(filter(None, said))


def table_texts(content: bytes) -> Iterator[str]:
    """Every cell of every sheet, and long numbers with their labels; raises Ends."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        for name in book.sheet_names:
            yield name
            heads: dict[int, str] = {}
            for row in book.get_sheet_by_name(name).iter_rows():
                yield from _row_texts([_cell(cell) for cell in row], heads)
    except python_calamine.PasswordError as refused:
        raise Ends(LOCKED) from refused
    except python_calamine.CalamineError as refused:
        raise Ends(DAMAGED) from refused


def _row_texts(cells: list[str], heads: dict[int, str]) -> Iterator[str]:
    left = ""
    lines = []
    for column, cell in enumerate(cells):
        if not cell:
            continue
        lines.append(cell)
        if _LONG_NUMBER.search(cell):
            lines += [f"{label} {cell}" for label in (heads.get(column, ""), left) if label]
        elif column not in heads:
            heads[column] = cell[:60]
        left = cell[:60]
    yield "\n\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_EXACT:
        value = int(value)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def as_read(text: str) -> Iterator[str]:
    """The text, and once more with the digits of a form's boxes together where it has any."""
    yield text
    joined = _BOXES.sub(lambda boxes: re.sub(r"\s", "", boxes.group()), text)
    if joined != text:
        yield joined


if __name__ == "__main__":
    status = main(sys.argv[1], int(sys.argv[2]))
    sys.stdout.flush()
    os._exit(status)  # what the libraries still hold is not taken apart in order
