"""What a person fills in about a mailbox."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anshin.channels.email.actions import MailboxSettings
from anshin.channels.email.consents.keeping import RegistrationSettings, bearer_of
from anshin.channels.email.consents.providers import PROVIDERS, Provider
from anshin.channels.email.fetching.inboxes import imap_server
from anshin.channels.email.models import Mailbox, Tidying
from anshin.channels.email.sending.adapter import smtp_server
from anshin.channels.email.terms import Afterwards, MailTrouble, Poster, Security, Server, SignIn, SpamJudge, Trouble
from anshin.language.mails import looks_like_mail

_HIDDEN = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})


class RegistrationForm(forms.Form):
    """The shop's registration with a provider. The secret is never shown again; left empty it stays as it is."""

    client_id = forms.CharField(label=_("Client ID"), max_length=300)
    client_secret = forms.CharField(
        label=_("Client secret"), max_length=300, required=False, strip=True, widget=_HIDDEN
    )
    tenant = forms.CharField(
        label=_("Tenant (organisation)"),
        max_length=100,
        required=False,
        help_text=_("Empty: accounts of every organisation, and private ones."),
    )

    def __init__(self, *args: Any, has_secret: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_secret"].required = not has_secret

    def clean_tenant(self) -> str:
        """A tenant is part of an address. Raises ValidationError."""
        tenant = str(self.cleaned_data["tenant"]).strip()
        if not re.fullmatch(r"[A-Za-z0-9.-]*", tenant):
            raise forms.ValidationError(_("Write the tenant’s ID or domain, for example example.onmicrosoft.com."))
        return tenant

    def settings(self) -> RegistrationSettings:
        """What was filled in, for the action."""
        values = self.cleaned_data
        return RegistrationSettings(values["client_id"], values["client_secret"] or None, values["tenant"])


class PostAddressForm(forms.Form):
    """Which provider shall post mail."""

    poster = forms.ChoiceField(label=_("Provider"), choices=Poster.choices)
    given = forms.CharField(
        label=_("Key or topic from the provider"),
        max_length=500,
        required=False,
        help_text=_(
            "Mailgun: the HTTP webhook signing key. Amazon SES: the topic’s ARN. SendGrid: the verification key, if "
            "signing is on. Leave it empty for the others."
        ),
    )


class MailboxForm(forms.Form):
    """One mailbox. Passwords are never shown again; left empty they stay as they are."""

    address = forms.CharField(label=_("Mail address"), max_length=254)
    display_name = forms.CharField(
        label=_("Sender name"),
        max_length=200,
        required=False,
        help_text=_("Shown to customers. Empty: the shop's name."),
    )
    sign_in = forms.ChoiceField(label=_("Sign-in"), choices=SignIn.choices, initial=SignIn.PASSWORD)
    imap_host = forms.CharField(label=_("IMAP server"), max_length=255, required=False)
    imap_port = forms.IntegerField(label=_("IMAP port"), min_value=1, max_value=65535, initial=993)
    imap_security = forms.ChoiceField(
        label=_("Encryption for fetching"), choices=Security.choices, initial=Security.TLS
    )
    imap_user = forms.CharField(label=_("User name for fetching"), max_length=320, required=False)
    imap_password = forms.CharField(label=_("Password for fetching"), required=False, strip=False, widget=_HIDDEN)
    take_in_since_on = forms.DateField(
        label=_("Take in mail since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Older mail stays in the mailbox untouched. Empty: all mail becomes cases."),
    )
    afterwards = forms.ChoiceField(
        label=_("In the mailbox, after a mail is on the desk"),
        choices=Afterwards.choices,
        initial=Afterwards.LEAVE,
        required=False,
        help_text=_("Done only with mail that arrives from now on and has found its place here."),
    )
    afterwards_folder = forms.CharField(label=_("Folder to move it to"), max_length=200, required=False)
    smtp_host = forms.CharField(label=_("SMTP server"), max_length=255, required=False)
    smtp_port = forms.IntegerField(label=_("SMTP port"), min_value=1, max_value=65535, initial=587)
    smtp_security = forms.ChoiceField(
        label=_("Encryption for sending"), choices=Security.choices, initial=Security.STARTTLS
    )
    smtp_user = forms.CharField(label=_("User name for sending"), max_length=320, required=False)
    smtp_password = forms.CharField(label=_("Password for sending"), required=False, strip=False, widget=_HIDDEN)
    authserv_id = forms.CharField(
        label=_("Server whose sender checks count"),
        max_length=253,
        required=False,
        help_text=_("The first word behind “Authentication-Results:” in mail you received. Empty: found by itself."),
    )
    takes_plus_addresses = forms.BooleanField(
        label=_("Mail to name+anything@ arrives in this mailbox too"),
        required=False,
        help_text=_("Replies then carry a sign by which the case is found again. Ask your provider if unsure."),
    )
    is_active = forms.BooleanField(label=_("Fetch and send with this mailbox"), required=False, initial=True)

    def __init__(self, *args: Any, mailbox: Mailbox | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mailbox = mailbox

    def clean_address(self) -> str:
        """The address in lower case. Raises ValidationError."""
        address = str(self.cleaned_data["address"]).strip().lower()
        if not looks_like_mail(address) or not address.isascii():
            raise forms.ValidationError(_("This is not a mail address. Write it like shop@example.jp."))
        return address

    def clean(self) -> dict[str, Any]:
        """A stored password goes only to the server it was entered for; a token only to its provider's servers."""
        values = super().clean() or {}
        values["afterwards"] = Afterwards(values.get("afterwards") or Afterwards.LEAVE)
        if values["afterwards"] == Afterwards.MOVE and not values.get("afterwards_folder", "").strip():
            self.add_error("afterwards_folder", _("Name the folder."))
        values["sign_in"] = SignIn(values.get("sign_in") or SignIn.PASSWORD)
        if provider := PROVIDERS.get(values["sign_in"]):
            return values | {"imap_host": provider.imap.host, "smtp_host": provider.smtp.host}
        for kind in ("imap", "smtp"):
            host, password = values.get(f"{kind}_host", ""), values.get(f"{kind}_password", "")
            former = getattr(self.mailbox, f"{kind}_host", "") if self.mailbox else host
            if host and host.strip() != former and values.get(f"{kind}_user") and not password:
                self.add_error(f"{kind}_password", _("The server has changed. Enter the password again."))
        return values

    def settings(self) -> MailboxSettings:
        """What was filled in, for the action."""
        values: dict[str, Any] = dict(self.cleaned_data)
        values["imap_security"] = Security(values["imap_security"])
        values["smtp_security"] = Security(values["smtp_security"])
        values["imap_password"] = values["imap_password"] or None
        values["smtp_password"] = values["smtp_password"] or None
        return MailboxSettings(**values)


class SpamForm(forms.Form):
    """Whose spam marks count in all mailboxes of the shop."""

    judge = forms.ChoiceField(
        label=_("Whose spam marks count"),
        choices=SpamJudge.choices,
        help_text=_("Mail that your provider calls spam goes to the folder “Spam”. It is never deleted."),
    )


def initial_of(mailbox: Mailbox) -> dict[str, Any]:
    """The form's values for a mailbox; passwords stay out."""
    values = {name: getattr(mailbox, name) for name in MailboxForm.base_fields if hasattr(mailbox, name)}
    if row := Tidying.objects.filter(mailbox=mailbox).first():
        values |= {"afterwards": row.afterwards, "afterwards_folder": row.folder}
    return values


def servers_of(settings: MailboxSettings, mailbox: Mailbox | None) -> tuple[Server | None, Server | None]:
    """The IMAP and the SMTP server as filled in, with the stored passwords where none was typed. Raises MailTrouble."""
    if provider := PROVIDERS.get(settings.sign_in):
        return _servers_at(provider, settings, mailbox)
    imap = smtp = None
    if settings.imap_host:
        stored = imap_server(mailbox).password if mailbox and settings.imap_password is None else ""
        password = stored if settings.imap_password is None else settings.imap_password
        imap = Server(settings.imap_host, settings.imap_port, settings.imap_security, settings.imap_user, password)
    if settings.smtp_host:
        former = smtp_server(mailbox) if mailbox and settings.smtp_password is None else None
        password = (former.password if former else "") if settings.smtp_password is None else settings.smtp_password
        smtp = Server(settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user, password)
    return imap, smtp


def _servers_at(provider: Provider, settings: MailboxSettings, mailbox: Mailbox | None) -> tuple[Server, Server]:
    if mailbox is None or mailbox.sign_in != settings.sign_in:
        raise MailTrouble(Trouble.CONSENT_MISSING)
    user, bearer = settings.imap_user.strip() or settings.address.strip().lower(), bearer_of(mailbox)
    imap, smtp = provider.imap, provider.smtp
    return (
        Server(imap.host, imap.port, imap.security, user, bearer=bearer),
        Server(smtp.host, smtp.port, smtp.security, user, bearer=bearer),
    )
