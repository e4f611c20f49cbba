"""What each letter to staff needs.

The texts lie in letters/<name>/<language>.txt: the subject, a blank line, the text.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

_TEXTS = Path(__file__).parent / "letters"
_LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished text with its subject."""

    subject: str
    text: str


def sign_in_code(*, name: str, code: str, language: str) -> Letter:
    """The code with which somebody signs in."""
    return _letter("sign_in_code", language, name=name, code=code)


def new_password(*, name: str, link: str, language: str) -> Letter:
    """The link under which somebody sets a new password."""
    return _letter("new_password", language, name=name, link=link)


def invitation(*, name: str, shop: str, inviter: str, mail: str, link: str, language: str) -> Letter:
    """Tells somebody that they belong to a shop's staff now, and where to sign in."""
    return _letter("invitation", language, name=name, shop=shop, inviter=inviter, mail=mail, link=link)


def notice(*, name: str, shop: str, subject: str, text: str, link: str, language: str) -> Letter:
    """Tells an owner that something in the shop needs a look; `subject` and `text` are finished words."""
    return _letter("notice", language, name=name, shop=shop, subject=subject, text=text, link=link)


def account_changed(*, name: str, what: str, at: str, link: str, language: str) -> Letter:
    """Tells somebody what changed about their sign-in; `what` and `at` are finished words."""
    return _letter("account_changed", language, name=name, what=what, at=at, link=link)


def new_device(*, name: str, device: str, network: str, at: str, link: str, language: str) -> Letter:
    """Tells somebody that they, or a thief, signed in from a device that was not used before."""
    return _letter("new_device", language, name=name, device=device, network=network, at=at, link=link)


def factor_taken(*, name: str, shop: str, owner: str, link: str, language: str) -> Letter:
    """Tells a member of staff that the owner took their second factor away."""
    return _letter("factor_taken", language, name=name, shop=shop, owner=owner, link=link)


def password_ended(*, name: str, shop: str, owner: str, link: str, language: str) -> Letter:
    """Tells a member of staff that the owner made their password void."""
    return _letter("password_ended", language, name=name, shop=shop, owner=owner, link=link)


def _letter(letter: str, language: str, **values: str) -> Letter:
    subject, text = _text(letter, language if language in _LANGUAGES else "ja")
    return Letter(
        subject=" ".join(Template(subject).substitute(values).split()),
        text=Template(text).substitute(values),
    )


@cache
def _text(what: str, language: str) -> tuple[str, str]:
    subject, _blank, text = (_TEXTS / what / f"{language}.txt").read_text(encoding="utf-8").partition("\n\n")
    return subject, text
