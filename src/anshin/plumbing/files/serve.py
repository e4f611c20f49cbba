"""Responses that hand kept bytes to a browser so that they can never run on our pages.

A room checks first who may see the file, then calls `download` or `preview`. What a stranger sent always leaves as a
download; only pictures that we have drawn ourselves (thumbnails.py) are shown inline.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO
from urllib.parse import quote

from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from anshin.plumbing.files import store
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.names import harmless_name
from anshin.plumbing.files.placeless import NoPlacelessCopy, placeless, says_where

SANDBOX = "sandbox; default-src 'none'"
_PORTION_BYTES = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class CannotSatisfy(Exception):
    """The asked range lies behind the end of the file."""


@dataclass(frozen=True, slots=True)
class _Part:
    """`length` bytes from `start`; `is_whole` when that is the whole file."""

    start: int
    length: int
    is_whole: bool


def download(request: HttpRequest, blob: Blob, *, name: str) -> HttpResponseBase:
    """The file as an attachment under a harmless form of `name`; one range of it when the browser asks for one.

    Raises BlobDamaged. Sources: RFC 6266 and RFC 8187 (the name), RFC 9110 section 14 (ranges).
    """
    return _response(request, blob, disposition=_attachment(name), content_type=_download_type(blob.kind))


def download_placeless(request: HttpRequest, blob: Blob, *, name: str) -> HttpResponseBase:
    """As `download`, but a photo leaves without the place where it was taken; the kept file stays as it came.

    For members of the shop only: a picture whose parts cannot be told apart leaves as it came, or nobody could look
    at it any more. Raises BlobDamaged.
    """
    if not says_where(blob.kind):
        return download(request, blob, name=name)
    try:
        copy = placeless(blob, name=name)
    except NoPlacelessCopy:
        return download(request, blob, name=name)
    etag = f'"{sha256(copy.content).hexdigest()}"'
    if etag in request.headers.get("If-None-Match", ""):
        return _guarded(HttpResponse(status=304), etag=etag)
    response = HttpResponse(copy.content, content_type=copy.kind)
    response["Content-Disposition"] = _attachment(copy.name)
    response["Content-Length"] = str(len(copy.content))
    guarded = _guarded(response, etag=etag)
    del guarded["Accept-Ranges"]
    return guarded


def preview(request: HttpRequest, thumbnail: Blob) -> HttpResponseBase:
    """A picture made by thumbnails.py, inline. Raises ValueError for anything else, BlobDamaged."""
    if thumbnail.kind != "image/webp":
        raise ValueError(f"Only our own pictures are shown inline, not {thumbnail.kind}")
    return _response(request, thumbnail, disposition="inline", content_type="image/webp")


def _response(request: HttpRequest, blob: Blob, *, disposition: str, content_type: str) -> HttpResponseBase:
    etag = f'"{blob.sha256}"'
    if etag in request.headers.get("If-None-Match", ""):
        return _guarded(HttpResponse(status=304), etag=etag)
    try:
        part = _asked_part(request, blob.size_bytes, etag)
    except CannotSatisfy:
        refusal = HttpResponse(status=416)
        refusal["Content-Range"] = f"bytes */{blob.size_bytes}"
        return _guarded(refusal, etag=etag)
    file = store.open_blob(blob)
    response = _streaming(request, file, part, content_type)
    response["Content-Disposition"] = disposition
    response["Content-Length"] = str(part.length)
    if not part.is_whole:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.start}-{part.start + part.length - 1}/{blob.size_bytes}"
    return _guarded(response, etag=etag)


def _guarded(response: HttpResponseBase, *, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _attachment(name: str) -> str:
    """Both forms of the name: a plain one for old software, and the exact one in UTF-8."""
    harmless = harmless_name(name)
    plain = re.sub(r"[^A-Za-z0-9 ._()\-]", "_", harmless)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(harmless, safe='')}"


def _download_type(kind: str) -> str:
    """The media type to declare. What a browser could run is declared as mere bytes."""
    is_tame = kind.startswith(("audio/", "video/")) or kind in {"application/pdf", "application/zip"}
    is_tame = is_tame or (kind.startswith("image/") and kind != "image/svg+xml")
    return kind if is_tame else "application/octet-stream"


def _asked_part(request: HttpRequest, size_bytes: int, etag: str) -> _Part:
    """The single range of a Range header; the whole file for none, several, or one for another version."""
    whole = _Part(0, size_bytes, is_whole=True)
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or request.headers.get("If-Range", etag) != etag or request.method != "GET":
        return whole
    first, last = asked.groups()
    if first:
        start, end = int(first), min(int(last or size_bytes), size_bytes - 1)
        if last and int(last) < start:
            return whole
    elif last:
        start, end = max(0, size_bytes - int(last)), size_bytes - 1
    else:
        return whole
    if start > end:
        raise CannotSatisfy
    return _Part(start, end - start + 1, is_whole=False)


def _streaming(
    request: HttpRequest, file: BinaryIO, part: _Part, content_type: str
) -> FileResponse | StreamingHttpResponse:
    file.seek(part.start)
    if isinstance(request, ASGIRequest):
        return StreamingHttpResponse(_AsyncPortions(file, part.length), content_type=content_type)
    if part.is_whole:
        return FileResponse(file, content_type=content_type)
    return StreamingHttpResponse(_Portions(file, part.length), content_type=content_type)


class _Portions:
    """`length` bytes of an open file, piece by piece. Django closes it with the response, read or not."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._length = length

    def __iter__(self) -> Iterator[bytes]:
        left = self._length
        while left > 0 and (portion := self._file.read(min(_PORTION_BYTES, left))):
            left -= len(portion)
            yield portion

    def close(self) -> None:
        self._file.close()


class _AsyncPortions:
    """The same without holding up the event loop; a synchronous iterator would be read into memory as a whole."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._length = length

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._length
        while left > 0 and (portion := await asyncio.to_thread(self._file.read, min(_PORTION_BYTES, left))):
            left -= len(portion)
            yield portion

    def close(self) -> None:
        self._file.close()
