"""PDF documents for tests, written by hand, with as little in them as a reader needs."""

import zlib

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R%s/Resources<</Font<</F1 5 0 R>>>>>>"


def stream(content: bytes, *, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def shown(words: str) -> bytes:
    return b"BT /F1 12 Tf 50 700 Td (%s) Tj ET" % words.encode("ascii")


def paper(words: str, *, squeezed: bool = True) -> bytes:
    """One page with these words, in a compressed stream: nothing of them stands plainly in the bytes."""
    content = stream(zlib.compress(shown(words)), entries=b"/Filter/FlateDecode") if squeezed else stream(shown(words))
    return pdf(CATALOGUE, PAGES, _PAGE % b"", content, FONT)


def form(label: str, value: str) -> bytes:
    """A page without words, and a field of a form that somebody filled in."""
    field = f"<</Type/Annot/Subtype/Widget/FT/Tx/T({label})/V({value})/Rect[50 600 300 620]>>".encode("ascii")
    catalogue = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>"
    return pdf(catalogue, PAGES, _PAGE % b"/Annots[6 0 R]", stream(b""), FONT, field)


def scan() -> bytes:
    """A page on which something is drawn and nothing written."""
    return pdf(CATALOGUE, PAGES, _PAGE % b"", stream(b"10 10 100 100 re f"), FONT)


def locked(words: str) -> bytes:
    """A page behind a password that nobody knows."""
    lock = b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>" % (b"ab" * 32, b"cd" * 32)
    trailer = b"/Encrypt 6 0 R/ID[<00><00>]"
    return pdf(CATALOGUE, PAGES, _PAGE % b"", stream(shown(words)), FONT, lock, trailer=trailer)


def bomb() -> bytes:
    """A page of 500 million spaces in half a megabyte."""
    squeezer = zlib.compressobj(9)
    content = b"".join(squeezer.compress(b" " * 10_000_000) for _ in range(50)) + squeezer.flush()
    return pdf(CATALOGUE, PAGES, _PAGE % b"", stream(content, entries=b"/Filter/FlateDecode"), FONT)


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end
