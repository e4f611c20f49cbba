"""What bytes are, found by looking at their beginning; names and senders' claims do not count.

Sources: WHATWG MIME Sniffing Standard, section 6 (images, audio, video, archives); for the rest the formats' own
specifications. Read 2026-11-22.
"""

import re

HEAD_BYTES = 8192
"""How much of the beginning is needed."""
UNKNOWN = "application/octet-stream"
PROGRAM = "application/x-executable"
_OFFICE = "application/vnd.openxmlformats-officedocument."

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"#!", PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"mif1": "image/heic",
    b"avif": "image/avif",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
}
_ZIPPED = {
    b"word/": f"{_OFFICE}wordprocessingml.document",
    b"xl/": f"{_OFFICE}spreadsheetml.sheet",
    b"ppt/": f"{_OFFICE}presentationml.presentation",
    b"META-INF/MANIFEST.MF": "application/java-archive",
    b"AndroidManifest.xml": PROGRAM,
}
_HTML = re.compile(
    rb"<(!doctype\s+html|html|head|body|script|iframe|style|title|table|div|h1|a\s|br|p[\s>]|!--)", re.IGNORECASE
)
_SVG = re.compile(rb"<(\w+:)?svg[\s>/]", re.IGNORECASE)


def kind_of(head: bytes) -> str:
    """The media type of bytes that begin with `head` (at most HEAD_BYTES of it are looked at)."""
    head = head[:HEAD_BYTES]
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    return _container(head) or _text(head)


def _container(head: bytes) -> str:
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"PK\x03\x04"):
        return next((kind for part, kind in _ZIPPED.items() if part in head), "application/zip")
    return ""


def _text(head: bytes) -> str:
    """Plain text, HTML, SVG or XML; UNKNOWN when control characters show that it is no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\x00", b"")  # UTF-16: what a browser would read as markup must be seen here, too
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head):
        return UNKNOWN
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _SVG.search(head):
        return "image/svg+xml"
    if _HTML.search(start[:1024]):
        return "text/html"
    return "text/xml" if start.startswith(b"<?xml") else "text/plain"
