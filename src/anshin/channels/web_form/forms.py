"""The second step: the questions that fit what the customer writes about, and what is wrong with the answers.

The form is made from a kept submission, so that the page and the job that works off what was left over agree.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.channels.web_form import rules
from anshin.channels.web_form.terms import INTAKE, Kind, Wish
from anshin.language.mails import looks_like_mail, mail_key
from anshin.language.phones import read_phone

if TYPE_CHECKING:
    from anshin.shops.models import Shop

LONGEST_TEXT = 5000
DETAILS = ("order_number", "bought", "product", "since", "wish")
PERSON = ("name", "mail", "phone")


class PhotosInput(forms.FileInput):
    """One control for several files."""

    allow_multiple_selected = True


class OneLine(forms.CharField):
    """Text without line breaks and control characters, whatever was sent."""

    def to_python(self, value: Any) -> str:
        return " ".join(_seen(str(super().to_python(value) or "")).split())


class IntakeForm(forms.Form):
    """Everything that is asked about one kind. `asked`: soft questions that were put once and are not put again."""

    text = forms.CharField(
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": gettext_lazy("Please write what it is about. Without it we cannot help.")},
    )
    order_number = OneLine(
        label=gettext_lazy("Order number"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    product = OneLine(
        label=gettext_lazy("Product name or model number"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Name or item number, as it stands on the page or the label."),
    )
    bought = OneLine(
        label=gettext_lazy("Day of purchase"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Roughly is enough: 20 November, last week."),
    )
    since = OneLine(
        max_length=80, required=False, help_text=gettext_lazy("Roughly is enough: 20 November, last Friday.")
    )
    photos = forms.FileField(required=False, widget=PhotosInput(attrs={"accept": "image/*,.pdf"}))
    wish = forms.ChoiceField(label=gettext_lazy("What would help you"), required=False, widget=forms.Select)
    name = OneLine(
        label=gettext_lazy("Your name"),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Please enter your name, so that we can find your order.")},
    )
    mail = OneLine(
        label=gettext_lazy("Mail address"),
        max_length=254,
        help_text=gettext_lazy("Our answer goes there."),
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Please enter your mail address. Our answer goes there.")},
    )
    phone = OneLine(
        label=gettext_lazy("Phone number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Only if we may call you."),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    website = forms.CharField(required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        shop: Shop,
        kind: Kind,
        initial: dict[str, Any] | None = None,
        photo_count: int = 0,
    ) -> None:
        super().__init__(data, initial=initial, auto_id="f_%s")
        self.kind, self.intake, self.photo_count = kind, INTAKE[kind], photo_count
        self.asked = set(str(data.get("asked", "")).split()) if data else set()
        self.is_suspect = False
        self._fit(tuple(shop.order_formats))

    def clean_text(self) -> str:
        """The customer's words. A text that says next to nothing is asked about once."""
        text = _seen(self.cleaned_data["text"].replace("\r\n", "\n")).strip()
        if not text:
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        if rules.is_vague(text) and "text" not in self.asked:
            self.asked.add("text")
            raise forms.ValidationError(
                _("Please write a little more, so that we can help at once. If that is all, just send again.")
            )
        return text

    def clean_mail(self) -> str:
        """The address in one width and lower case. A probable slip is asked about once."""
        written = str(self.cleaned_data["mail"])
        if not looks_like_mail(written):
            raise forms.ValidationError(_("This is not a whole mail address. Write it like hanako@example.jp."))
        address = mail_key(written)
        meant = rules.probable_mail(address)
        question = f"mail:{address}"
        if meant and question not in self.asked:
            self.asked.add(question)
            raise forms.ValidationError(
                _("Did you mean %(meant)s? If %(written)s is right, just send again.")
                % {"meant": meant, "written": address}
            )
        return address

    def clean_phone(self) -> str:
        """The number as people read it."""
        written = str(self.cleaned_data["phone"])
        if not written:
            return ""
        read = read_phone(written)
        if read is None:
            raise forms.ValidationError(_("This is not a whole phone number. Correct it or leave it empty."))
        return read.shown

    def clean(self) -> dict[str, Any]:
        """What concerns the page as a whole: refused files, and signs of a machine."""
        values = super().clean() or {}
        for sentence in _sentences(self.data.get("refused_files")):
            self.add_error("photos" if "photos" in self.fields else None, sentence)
        if str(self.data.get("website", "")).strip():
            self.is_suspect = True
            self.add_error(
                None,
                _("A field that nobody sees was filled in, perhaps by your browser. We emptied it; please send again."),
            )
        elif int(self.data.get("seconds", 0)) < rules.SHORTEST_FILLING.total_seconds():
            self.is_suspect = True
            self.add_error(None, _("That was very quick. Please look over what you wrote and send it again."))
        return values

    def _fit(self, order_formats: tuple[str, ...]) -> None:
        intake = self.intake
        self.fields["text"].label, self.fields["text"].help_text = str(intake.what), str(intake.what_hint)
        self.fields["since"].label = str(intake.since)
        self.fields["photos"].label = _("Pictures")
        self.fields["photos"].help_text = f"{intake.asks_photos} " + _("Up to %(n)d files, 20 MB each.") % {
            "n": rules.MOST_PHOTOS
        }
        self.fields["order_number"].help_text = _order_hint(order_formats)
        self.fields["wish"] = forms.ChoiceField(
            label=self.fields["wish"].label,
            required=False,
            choices=[("", _("Choose, if you like")), *((wish.value, Wish(wish).label) for wish in intake.wishes)],
        )
        asked = {
            "order_number": intake.asks_order,
            "product": intake.asks_product,
            "bought": intake.asks_bought,
            "since": bool(intake.since),
            "photos": bool(intake.asks_photos),
            "wish": bool(intake.wishes),
        }
        for name in [name for name, is_asked in asked.items() if not is_asked]:
            del self.fields[name]

    @property
    def details(self) -> list[forms.BoundField]:
        """The fields that fit the kind, in their order."""
        return [self[name] for name in DETAILS if name in self.fields]

    @property
    def person(self) -> list[forms.BoundField]:
        """Who writes."""
        return [self[name] for name in PERSON]


def _order_hint(order_formats: Iterable[str]) -> str:
    words = _("It stands in the order mail. Leave it empty if you do not know it.")
    example = next((rules.example_of(each) for each in order_formats), "")
    return _("For example %(number)s.") % {"number": example} + " " + words if example else words


def _seen(text: str) -> str:
    """Without control characters, which no keyboard writes; line breaks and tabs stay."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def _sentences(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
