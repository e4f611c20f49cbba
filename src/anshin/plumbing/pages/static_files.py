"""Serves styles, scripts, icons and fonts, which are the same for everybody and may be kept by browsers for a day.

The server could hand files out itself, but not with the header that forbids guessing what they are.
"""

import hashlib
import mimetypes
from pathlib import Path
from typing import Any, Final, NamedTuple

PREFIX: Final = "/static/"
KEPT_SECONDS: Final = 24 * 60 * 60


class _Kept(NamedTuple):
    content_type: str
    body: bytes
    etag: str


class StaticApp:
    """An ASGI application for GET and HEAD under PREFIX. All files are read once (6 MB), so no path leads elsewhere."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): _read(path) for path in sorted(folder.rglob("*")) if path.is_file()
        }

    @staticmethod
    def serves(scope: Any) -> bool:
        """Whether this request is ours."""
        return bool(scope["type"] == "http" and scope["path"].startswith(PREFIX))

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        kept = self._files.get(scope["path"][len(PREFIX) :])
        headers = [(b"x-content-type-options", b"nosniff")]
        if scope["method"] not in {"GET", "HEAD"}:
            status, body, headers = 405, b"", [*headers, (b"allow", b"GET, HEAD")]
        elif kept is None:
            status, body, headers = 404, b"", [*headers, (b"cache-control", b"no-store")]
        else:
            headers += [(b"etag", kept.etag.encode()), (b"cache-control", f"public, max-age={KEPT_SECONDS}".encode())]
            is_known = (b"if-none-match", kept.etag.encode()) in scope["headers"]
            status, body = (304, b"") if is_known else (200, kept.body)
            if not is_known:
                headers += [(b"content-type", kept.content_type.encode())]
        if status != 304:
            headers += [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _read(path: Path) -> _Kept:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind.endswith(("javascript", "json")):
        kind += "; charset=utf-8"
    body = path.read_bytes()
    return _Kept(kind, body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
