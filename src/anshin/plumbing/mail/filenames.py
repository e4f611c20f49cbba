"""File names from strangers made harmless, for storing and for showing; for `reader`.

What is taken away: folders, control and direction-changing characters, characters that Windows refuses, names of
Windows devices, leading dots, and the disguise of a second extension before a program's.
"""

import re

from anshin.plumbing.mail.composed import composed

MAX_CHARACTERS = 150
MAX_BYTES = 240

_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
_REFUSED = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_PROGRAMS_LISTED = """
    exe scr com bat cmd pif js jse vbs vbe wsf wsh hta msi msp ps1 jar lnk cpl reg dll app sh apk iso
    img
"""
_PROGRAMS = frozenset(_PROGRAMS_LISTED.split())
_EXTENSIONS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/heif": ".heif",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/json": ".json",
    "audio/mpeg": ".mp3",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "message/delivery-status": ".txt",
    "text/rfc822-headers": ".txt",
    "application/pkcs7-signature": ".p7s",
    "application/pgp-signature": ".asc",
    "application/ms-tnef": ".dat",
}


def safe_filename(as_sent: str, *, content_type: str, number: int) -> str:
    """A name to store and show; `attachment-3.pdf` (its number, its type's extension) when none was sent."""
    name = _INVISIBLE.sub("", composed(as_sent))
    name = re.split(r"[/\\]", name)[-1]
    name = _REFUSED.sub("_", name).strip(" .\u3000")
    if not name:
        return _unnamed(content_type, number)
    if _DEVICE.match(name):
        name = "_" + name
    return _shortened(_undisguised(name))


def message_filename(as_sent: str, *, subject: str, number: int) -> str:
    """A name for an embedded message: the one sent, else its subject, always ending in .eml."""
    name = safe_filename(as_sent or subject, content_type="message/rfc822", number=number)
    return name if name.lower().endswith(".eml") else _shortened(name + ".eml")


def _unnamed(content_type: str, number: int) -> str:
    kind = "message" if content_type.startswith("message/rfc") else "attachment"
    return f"{kind}-{number}{_EXTENSIONS.get(content_type, '.bin')}"


def _undisguised(name: str) -> str:
    """invoice.pdf.exe becomes invoice_pdf.exe, and spaces before the last dot go."""
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return name
    stem = stem.rstrip()
    if extension.lower().strip() in _PROGRAMS:
        stem = stem.replace(".", "_")
    return f"{stem}.{extension}"


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = name, "", ""
    while len(stem + dot + extension) > MAX_CHARACTERS or len((stem + dot + extension).encode()) > MAX_BYTES:
        stem = stem[:-1]
    return stem + dot + extension
