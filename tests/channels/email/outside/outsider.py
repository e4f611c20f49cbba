"""What an outsider finds who holds the whole database and the folder of files, and decodes whatever can be decoded."""

import base64
import contextlib
import io
import json
import quopri
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps

_CODECS = ("utf-8", "cp932", "euc-jp", "iso-2022-jp", "utf-16-le")


def traces(sought: Callable[[str], bool], folder: Path) -> list[str]:
    """Every column of every table, and every file, in which `sought` says yes to some reading."""
    found = [place for place, text in _cells() if sought(text)]
    for path in folder.rglob("*"):
        if path.is_file() and in_bytes(path.read_bytes(), sought):
            found.append(str(path))
    return found


def in_bytes(raw: bytes, sought: Callable[[str], bool]) -> bool:
    """Whether some reading of the bytes holds it."""
    return any(sought(view.decode(codec, "replace")) for view in _views(raw) for codec in _CODECS)


def _cells() -> Iterator[tuple[str, str]]:
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            for column, value in row.items():
                text = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
                yield f"{model._meta.db_table}.{column}", text.replace("\\n", "\n")


def _views(raw: bytes) -> Iterator[bytes]:
    for view in _unwrapped(raw):
        yield view
        yield from _unpacked(view)


def _unpacked(raw: bytes) -> Iterator[bytes]:
    if raw.startswith(b"PK"):
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if raw.startswith(b"%PDF-"):
        for content in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", raw, re.DOTALL):
            with contextlib.suppress(zlib.error):
                yield zlib.decompress(content)


def _unwrapped(raw: bytes) -> Iterator[bytes]:
    yield raw
    yield quopri.decodestring(raw)
    lines = re.findall(rb"(?:^[A-Za-z0-9+/]+={0,2}\r?$\n?)+", raw, re.MULTILINE)
    for run in [*lines, *re.findall(rb"\?[bB]\?([A-Za-z0-9+/]+)", raw)]:
        joined = re.sub(rb"[\s=]", b"", run)
        joined = joined[: len(joined) - (len(joined) % 4 == 1)]
        yield base64.b64decode(joined + b"=" * (-len(joined) % 4))
