"""What people fill in before they are inside: the sign-in library's forms in our words, errors beside their fields."""

from typing import Any

from allauth.account import forms as library
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from anshin.language.folding import half_width

_POLICY = _("At least 12 characters. Several words in a row are easy to remember and hard to guess.")


class Plain(forms.Form):
    """Takes the placeholders away (they repeat the label and vanish while writing) and sets our labels."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class SignInForm(Plain, library.LoginForm):
    labels = {"login": _("Mail address"), "password": _("Password"), "remember": _("Stay signed in on this device")}

    def _clean_with_password(self, credentials: dict[str, str]) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super()._clean_with_password(credentials)
        except ValidationError as error:
            self.add_error("password", error)
            return dict(self.cleaned_data)
        return cleaned


class CodeRequestForm(Plain, library.RequestLoginCodeForm):
    labels = {"email": _("Mail address")}


class CodeForm(Plain, library.ConfirmLoginCodeForm):
    labels = {"code": _("Code from the mail")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false", "autofocus": True}

    def clean_code(self) -> str:
        """A code typed in full-width letters counts, too."""
        self.cleaned_data["code"] = half_width(self.cleaned_data["code"]).strip()
        code: str = super().clean_code()
        return code


class ResetForm(Plain, library.ResetPasswordForm):
    labels = {"email": _("Mail address")}


class ResetKeyForm(Plain, library.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("New password again")}
    hints = {"password1": _POLICY}


class SetPasswordForm(Plain, library.SetPasswordForm):
    labels = {"password1": _("New password"), "password2": _("New password again")}
    hints = {"password1": _POLICY}


class ChangePasswordForm(Plain, library.ChangePasswordForm):
    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    hints = {"password1": _POLICY}


class AgainForm(Plain, library.ReauthenticateForm):
    labels = {"password": _("Password")}
