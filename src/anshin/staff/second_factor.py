"""The second factor of staff: how secrets of authenticator apps are kept and drawn, and what keys are called."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.plumbing import secrets
from anshin.plumbing.pages.devices import device_words

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

log = logging.getLogger(__name__)
ISSUER = "Anshin"


class Factors(DefaultMFAAdapter):
    """What the sign-in library asks about second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This did not work. Use the newest code of your app, or a recovery code."),
        "cannot_generate_recovery_codes": gettext_lazy("Set up an app or a passkey first."),
    }

    def encrypt(self, text: str) -> str:
        return secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that nobody knows where it cannot be read any more, so that no code fits."""
        try:
            return secrets.unseal(encrypted_text)
        except secrets.Unreadable:
            log.warning("A second factor was sealed under another secret key and must be set up again")
            return str(generate_totp_secret())

    def get_totp_issuer(self) -> str:
        return ISSUER

    def build_totp_svg(self, url: str) -> str:
        """The QR code, drawn here: its content is the secret and goes to nobody."""
        drawn: str = segno.make_qr(url).svg_inline(scale=4, border=4, dark="#000", light="#fff")
        return drawn

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,  # noqa: ARG002  the library's interface
        type: Authenticator.Type,  # noqa: ARG002  the library's interface
    ) -> str:
        """What a new passkey is called unless the person writes something else: the device they sit at."""
        from allauth.core import context

        return device_words(context.request.headers.get("User-Agent", "")) or _("Passkey")
