"""Characters sent in pieces put together (か and ゛ become が), as macOS and some forms send them; for `reader`.

Not the whole of NFC: it would also replace the compatibility kanji in which names are written (塚, 神, 福 of the
IBM extensions) by others, and a customer's name is written as the customer writes it.

Source: Unicode Standard Annex 15 (normalization forms).
"""

import re
import unicodedata

_MARKS = "\u0300-\u036f\u3099\u309a"
_PIECES = re.compile(f"[^\\s{_MARKS}][{_MARKS}]+|[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?")


def composed(text: str) -> str:
    """The text with base letters and their marks, and the parts of Korean syllables, as one character each."""
    return text if text.isascii() else _PIECES.sub(_one, text)


def _one(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found.group())
