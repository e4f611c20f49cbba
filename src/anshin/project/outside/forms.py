"""What one fills in to write as a customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anshin.channels.email.models import Mailbox
from anshin.language.mails import looks_like_mail

LARGEST_FILE_BYTES = 20 * 1024 * 1024


class _MailboxChoice(forms.ModelChoiceField):
    """Mailboxes as customers know them: the shop's name with the address."""

    def label_from_instance(self, obj: Mailbox) -> str:
        return f"{obj.shop} <{obj.address}>"


class CustomerMailForm(forms.Form):
    """A mail as a customer writes it."""

    to = forms.ModelChoiceField(label=_("To"), queryset=Mailbox.objects.none(), empty_label=None)
    name = forms.CharField(label=_("Customer's name"), max_length=100, required=False)
    mail = forms.CharField(label=_("Customer's address"), max_length=254)
    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 8}), strip=False)
    file = forms.FileField(label=_("Attachment"), required=False)
    answers = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = _MailboxChoice(
            label=_("To"),
            queryset=Mailbox.objects.filter(is_active=True).select_related("shop").order_by("shop_id", "id"),
            empty_label=None,
        )

    def clean_mail(self) -> str:
        """The address. Raises ValidationError."""
        mail = str(self.cleaned_data["mail"]).strip()
        if not looks_like_mail(mail) or not mail.isascii():
            raise forms.ValidationError(_("This is not a mail address. Write it like hanako@example.jp."))
        return mail

    def clean_file(self) -> Any:
        """The file. Raises ValidationError."""
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_FILE_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB. Take a smaller one."))
        return file
