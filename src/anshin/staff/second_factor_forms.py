"""What people fill in about their second factor: the sign-in library's forms in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from anshin.language.folding import half_width
from anshin.staff.proof import note_proof
from anshin.staff.sign_in_forms import Plain

_LONGEST_NAME = 60
CODE_LIVES_SECONDS = 120  # a code of an app fits for 30 seconds, before and after them, and never twice


class _Code(Plain):
    """A field for six digits of an app, or a recovery code; full-width digits and blanks count."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false", "autofocus": True}

    def clean_code(self) -> str:
        written = half_width(self.cleaned_data["code"])
        self.cleaned_data["code"] = "".join(sign for sign in written if sign.isalnum())
        with _waiting_in_words():
            code: str = super().clean_code()  # type: ignore[misc]
        _use_up(self.user.pk, code)  # type: ignore[attr-defined]
        return code


class FactorForm(_Code, base.AuthenticateForm):
    labels = {"code": _("Code from your app, or a recovery code")}


class FactorAgainForm(_Code, base.ReauthenticateForm):
    labels = {"code": _("Code from your app, or a recovery code")}


class AppForm(_Code, totp.ActivateTOTPForm):
    labels = {"code": _("Six digits that the app shows")}

    def clean_code(self) -> str:
        try:
            code = super().clean_code()
        except ValidationError as refusal:
            if getattr(refusal, "code", "") != "incorrect_code":
                raise
            words = _("These are not the digits of this app. Have the phone set its clock itself, and type the next.")
            raise ValidationError(words) from refusal
        note_proof(context.request)
        return code


class _Passkey(Plain):
    """What a browser hands over after the person has touched the key; anything else is refused in words."""

    def _clean_fields(self) -> None:
        try:
            super()._clean_fields()  # type: ignore[misc]
        except (ValueError, TypeError, KeyError, AttributeError):
            self.add_error("credential", _unfit())

    def _clean_form(self) -> None:
        try:
            super()._clean_form()  # type: ignore[misc]
        except (ValueError, TypeError, KeyError, AttributeError):
            self.add_error(None, _unfit())


class PasskeyForm(_Passkey, webauthn.AuthenticateWebAuthnForm):
    """Touching a key after the password."""


class PasskeyAgainForm(_Passkey, webauthn.ReauthenticateWebAuthnForm):
    """Touching a key before something important."""


class PasskeyLoginForm(_Passkey, webauthn.LoginWebAuthnForm):
    """Touching a key instead of the password."""


class AddPasskeyForm(_Passkey, webauthn.AddWebAuthnForm):
    """A new key. The browser makes it a passkey wherever the device can."""

    labels = {"name": _("Name of this passkey")}
    hints = {"name": _("So that you know later which device it belongs to.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        self.fields["name"] = forms.CharField(
            label=self.labels["name"], help_text=self.hints["name"], max_length=_LONGEST_NAME, required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("credential"):
            note_proof(context.request)
        return cleaned


class NamePasskeyForm(Plain, webauthn.EditWebAuthnForm):
    labels = {"name": _("Name of this passkey")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(label=self.labels["name"], max_length=_LONGEST_NAME)


@contextmanager
def _waiting_in_words() -> Iterator[None]:
    """A mailed code, which the library's words offer, would not help here. Raises ValidationError."""
    try:
        yield
    except ValidationError as refusal:
        if getattr(refusal, "code", "") != "too_many_login_attempts":
            raise
        raise ValidationError(_("Too many failed attempts. Wait five minutes, then try again.")) from refusal


def _unfit() -> ValidationError:
    refusal: ValidationError = get_adapter().validation_error("incorrect_code")
    return refusal


def _use_up(person_id: int, code: str) -> None:
    """A code of an app opens one door only. Source: RFC 6238, 5.2 (read 2026-11-27). Raises ValidationError."""
    if not caches["shared"].add(f"anshin.factor.{person_id}.{code}", 1, timeout=CODE_LIVES_SECONDS):
        raise _unfit()
