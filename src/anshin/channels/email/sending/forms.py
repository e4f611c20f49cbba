"""What a person fills in about sending: how an address signs, where its bounces go, and second addresses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anshin.channels.email.models import Alias, Mailbox
from anshin.channels.email.sending.actions import AliasSettings, SendingSettings
from anshin.channels.email.terms import Service, is_region
from anshin.language.mails import looks_like_mail

LONGEST_SIGNATURE = 2_000


def _signature(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_SIGNATURE, widget=forms.Textarea(attrs={"rows": 5})
    )


class SendingForm(forms.Form):
    """How a mailbox sends and signs. The service's key is never shown again; left empty it stays as it is."""

    sends_by = forms.ChoiceField(
        label=_("Send over"),
        choices=Service.choices,
        initial=Service.SMTP,
        help_text=_("A sending service needs its key instead of the SMTP server."),
    )
    service_key = forms.CharField(
        label=_("Key of the sending service"),
        required=False,
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_("Amazon SES: access key ID and secret access key with a colon between them."),
    )
    service_place = forms.CharField(
        label=_("Sending domain, message stream or region"),
        required=False,
        max_length=255,
        help_text=_(
            "Mailgun: the domain there, if it is not the address's. Postmark: the stream, if not the usual one. "
            "Amazon SES: the region, for example ap-northeast-1."
        ),
    )
    report_key = forms.CharField(
        label=_("Key for checking reports"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_(
            "Mailgun: HTTP webhook signing key. Resend: signing secret. SendGrid: verification key. "
            "Amazon SES: the ARN of the SNS topic."
        ),
    )
    signature_ja = _signature(_("Signature below replies in Japanese"))
    signature_en = _signature(_("Signature below replies in English and other languages"))
    returns_per_message = forms.BooleanField(
        label=_("Give each reply a return address of its own"),
        required=False,
        help_text=_("Then every mail that comes back is found again for certain. Needs name+anything@ to arrive here."),
    )

    def clean(self) -> dict[str, Any]:
        """Amazon's region becomes part of an address, so it must be one. Raises ValidationError."""
        values = super().clean() or self.cleaned_data
        if values.get("sends_by") == Service.AMAZON_SES:
            if not is_region(values.get("service_place", "").strip()):
                self.add_error("service_place", _("Enter the region of Amazon SES, for example ap-northeast-1."))
            key = values.get("service_key", "")
            if key and not all(key.partition(":")):
                self.add_error("service_key", _("Write the key as ID:secret, with a colon between them."))
        return values

    def settings(self) -> SendingSettings:
        """What was filled in, for the action."""
        values = self.cleaned_data
        return SendingSettings(
            signature_ja=_plain_breaks(values["signature_ja"]),
            signature_en=_plain_breaks(values["signature_en"]),
            returns_per_message=values["returns_per_message"],
            sends_by=Service(values["sends_by"]),
            service_place=values["service_place"].strip(),
            service_key=values["service_key"] or None,
            report_key=values["report_key"].strip() or None,
        )


class AliasForm(forms.Form):
    """A second address of a mailbox."""

    address = forms.CharField(label=_("Mail address"), max_length=254)
    display_name = forms.CharField(
        label=_("Sender name"), max_length=200, required=False, help_text=_("Shown to customers. Empty: the mailbox's.")
    )
    signature_ja = _signature(_("Signature below replies in Japanese"))
    signature_en = _signature(_("Signature below replies in English and other languages"))

    def clean_address(self) -> str:
        """The address in lower case. Raises ValidationError."""
        address = str(self.cleaned_data["address"]).strip().lower()
        if not looks_like_mail(address) or not address.isascii():
            raise forms.ValidationError(_("This is not a mail address. Write it like shop@example.jp."))
        return address

    def settings(self) -> AliasSettings:
        """What was filled in, for the action."""
        values = self.cleaned_data
        return AliasSettings(
            address=values["address"],
            display_name=" ".join(values["display_name"].split()),
            signature_ja=_plain_breaks(values["signature_ja"]),
            signature_en=_plain_breaks(values["signature_en"]),
        )


def initial_sending(mailbox: Mailbox) -> dict[str, Any]:
    """The form's values for a mailbox."""
    return {name: getattr(mailbox, name) for name in SendingForm.base_fields if hasattr(mailbox, name)}


def initial_alias(alias: Alias | None) -> dict[str, Any]:
    """The form's values for an alias; none for a new one."""
    return {name: getattr(alias, name) for name in AliasForm.base_fields} if alias else {}


def _plain_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
