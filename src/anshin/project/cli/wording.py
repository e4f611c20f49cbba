"""The commands' words in the language of the terminal, before and after Django is set up."""

import gettext
import os
import sys
from functools import cache
from pathlib import Path

_MOST_NAMED = 20
LOCALE = Path(__file__).resolve().parents[1] / "locale"


def terminal_language() -> str:
    """`ja` when the terminal is Japanese (LC_ALL, LC_MESSAGES or LANG), else `en`. Source: POSIX.1-2017, XBD 8.2."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"


def owner_language() -> str:
    """The language of an owner whom the terminal sets up: Japanese, unless the terminal names another.

    A server without a language (C, POSIX, nothing) says nothing of who reads the desk.
    """
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "ja" if named.partition(".")[0] in {"", "C", "POSIX"} else terminal_language()


def _(sentence: str) -> str:
    """The sentence in the terminal's language."""
    return _catalogue(terminal_language()).gettext(sentence)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("django", localedir=LOCALE, languages=[language], fallback=True)


def fail(sentence: str, **names: object) -> int:
    """Say why a command does nothing, with `%(name)s` filled in; the command's exit code, 2."""
    sys.stderr.write(f"{sentence % names}\n")
    return 2


def no_such_shop(slug: str) -> int:
    """`fail` for a short name that no shop has; it names those that there are."""
    from anshin.shops.queries import all_shops

    known = ", ".join(all_shops().values_list("slug", flat=True)[:_MOST_NAMED])
    if not known:
        return fail(_("There is no shop yet. Make one: ./anshin setup"))
    return fail(_("There is no shop with the short name %(slug)s. There are: %(known)s"), slug=slug, known=known)
