"""The commands' words in the language of the terminal, before and after Django is set up."""

import gettext
import os
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[1] / "locale"


def terminal_language() -> str:
    """`ja` when the terminal is Japanese (LC_ALL, LC_MESSAGES or LANG), else `en`. Source: POSIX.1-2017, XBD 8.2."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"


def _(sentence: str) -> str:
    """The sentence in the terminal's language."""
    return _catalogue(terminal_language()).gettext(sentence)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("django", localedir=LOCALE, languages=[language], fallback=True)
