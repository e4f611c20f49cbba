"""Turns plain values and a template into a PDF or pictures. The compiler is kept: starting one costs a second."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typst

HERE: Final = Path(__file__).parent
_TEMPLATES: Final = HERE / "templates"
_FONTS: Final = HERE / "fonts"
_lock: Final = threading.Lock()
_kept: Final[list[typst.Compiler]] = []


class FontsMissing(RuntimeError):
    """The fonts were not built; `frontend/build.py` copies them."""

    permanent = True


def pdf(template: str, facts: Mapping[str, Any]) -> bytes:
    """`templates/<template>.typ` with these facts. No date and no chance goes in: the same facts, the same bytes.

    Raises FontsMissing.
    """
    with _lock:
        return _bytes(_compiler().compile(_document(template, facts), format="pdf", pdf_tags=False))


def pictures(template: str, facts: Mapping[str, Any], *, dots_per_inch: int) -> list[bytes]:
    """The same as one PNG for each page. Raises FontsMissing."""
    with _lock:
        made = _compiler().compile(_document(template, facts), format="png", ppi=dots_per_inch)
    return [_bytes(page) for page in made] if isinstance(made, list) else [_bytes(made)]


def _compiler() -> typst.Compiler:
    """The one compiler of this process; the lock is held, since a compiler is one thread's at a time."""
    if not _kept:
        if not list(_FONTS.glob("*.ttf")):
            raise FontsMissing(str(_FONTS))
        _kept.append(typst.Compiler(root=_TEMPLATES, font_paths=[_FONTS], ignore_system_fonts=True))
    return _kept[0]


def _document(template: str, facts: Mapping[str, Any]) -> bytes:
    """A document that hands the facts over as one string.

    They could come as `sys_inputs`, but what the compiler remembers of a template holds only while those stay the same:
    11 ms a label instead of 5.
    """
    told = json.dumps(facts, ensure_ascii=False).replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "/{template}.typ": sheets\n#sheets(json(bytes("{told}")))'.encode()


def _bytes(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError(type(made).__name__)
    return made
