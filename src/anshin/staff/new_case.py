"""The screen "new case": write to a customer first, or put down a telephone call as a case."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.cases import actions
from anshin.cases.terms import Channel, IncomingMessage, Party
from anshin.commerce.queries import find_customer, marked_address, order_by_number
from anshin.commerce.terms import BounceKind
from anshin.language.mails import looks_like_mail, mail_key
from anshin.language.phones import read_phone
from anshin.plumbing import clock
from anshin.replies.actions import note_spoken_promise
from anshin.shops.actions import Refused
from anshin.shops.terms import Permission
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership

_PREFILLED = ("mail", "phone", "name", "order_number")


class Way(models.TextChoices):
    """How the case begins."""

    MAIL = "mail", gettext_lazy("Write a mail")
    PHONE = "phone", gettext_lazy("Put down a phone call")


class NewCaseForm(forms.Form):
    """What a clerk knows at the beginning. `ticket` makes one case out of a double click."""

    way = forms.ChoiceField(choices=Way.choices, widget=forms.HiddenInput)
    ticket = forms.RegexField(r"[0-9a-f]{32}", widget=forms.HiddenInput)
    mail = forms.CharField(label=gettext_lazy("Mail address"), max_length=254, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone number"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"})
    )
    name = forms.CharField(label=gettext_lazy("Customer’s name"), max_length=100, required=False)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    text = forms.CharField(label=gettext_lazy("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))
    promise = forms.CharField(
        label=gettext_lazy("What was promised"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("It stands among the promises until it is kept."),
    )
    promise_on = forms.DateField(
        label=gettext_lazy("To be kept by"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("Left empty, the day in the words counts, else the next business day."),
    )
    call_back = forms.CharField(
        label=gettext_lazy("Call back: number and time"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    order_number = forms.CharField(label=gettext_lazy("Order number"), max_length=60, required=False)

    def __init__(self, *args: Any, by: Membership, way: Way, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.begins = by, way
        if way == Way.MAIL:
            for name in ("phone", "promise", "promise_on", "call_back"):
                del self.fields[name]
            self.fields["mail"].required = True
        else:
            self.fields["subject"].label = _("What it is about")
            self.fields["text"].label = _("What the customer said")
            self.fields["text"].required = False
            self.fields["text"].help_text = _(
                "May be written later as an internal note. Until then the call stands under Handover notes."
            )

    def clean_mail(self) -> str:
        """The address, or nothing."""
        written = str(self.cleaned_data["mail"])
        if written and not looks_like_mail(written):
            raise forms.ValidationError(_("This is not a whole mail address. Write it like hanako@example.jp."))
        return mail_key(written) if written else ""

    def clean_phone(self) -> str:
        """The number as people read it, or nothing."""
        written = str(self.cleaned_data["phone"])
        read = read_phone(written) if written else None
        if written and read is None:
            raise forms.ValidationError(_("This is not a whole phone number. Correct it or leave it empty."))
        return read.shown if read else ""

    def clean_order_number(self) -> str:
        """The number of an order of this shop, or nothing."""
        written = str(self.cleaned_data["order_number"])
        if written and order_by_number(self.by.shop, written) is None:
            raise forms.ValidationError(
                _("There is no order with this number. Check it, or leave it empty and add it later.")
            )
        return written

    def clean_promise_on(self) -> date | None:
        """Today or a later day."""
        day = self.cleaned_data["promise_on"]
        if day is not None and day < timezone.localdate(clock.now()):
            raise forms.ValidationError(_("Choose today or a later day."))
        return day  # type: ignore[no-any-return]

    def clean(self) -> dict[str, Any]:
        """A call has somebody who called."""
        values = super().clean() or {}
        if (
            self.begins == Way.PHONE
            and not self.errors
            and not any(values.get(each) for each in ("mail", "phone", "name"))
        ):
            self.add_error("phone", _("Who called? Enter a phone number, a mail address or at least a name."))
        if values.get("promise_on") and not _one_line(values.get("promise", "")):
            self.add_error("promise", _("What was promised for this day?"))
        return values


@desk(Permission.ANSWER)
def new_case(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The form, and what comes of it: the new case's page."""
    request.desk_section = "new_case"  # type: ignore[attr-defined]
    asked = request.POST if request.method == "POST" else request.GET
    way = Way(asked["way"]) if asked.get("way") in Way.values else Way.MAIL
    if request.method != "POST":
        initial = {name: request.GET.get(name, "") for name in _PREFILLED} | _fresh(way)
        return _page(request, by, NewCaseForm(initial=initial, by=by, way=way), status=200)
    form = NewCaseForm(request.POST, by=by, way=way)
    if not form.is_valid():
        return _page(request, by, form, status=422)
    begin = _write_mail if way == Way.MAIL else _put_down_call
    try:
        case = begin(by, form.cleaned_data, now=clock.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, by, form, status=422)
    return redirect("staff:case", by.shop.slug, case.number)


@transaction.atomic
def _write_mail(by: Membership, values: dict[str, Any], *, now: datetime) -> Case:
    """A case whose first message is ours; nothing at all when the mail is refused."""
    to = Party(_one_line(values["name"]), values["mail"])
    case = actions.start_case(by=by, to=to, subject=_one_line(values["subject"]), now=now)
    if values["order_number"]:
        actions.link_order(by=by, case_id=case.pk, order_number=values["order_number"], now=now)
    case.refresh_from_db()
    actions.reply(by=by, case_id=case.pk, text=values["text"], to=[to], read_at_version=case.version, now=now)
    return case


@transaction.atomic
def _put_down_call(by: Membership, values: dict[str, Any], *, now: datetime) -> Case:
    """A case whose first message is the memo of a call; the number finds the customer. It is the clerk's own."""
    message = IncomingMessage(
        channel=Channel.PHONE,
        sender=Party(_one_line(values["name"]) or values["phone"], values["mail"]),
        subject=_one_line(values["subject"]),
        text=_memo(values),
        message_key=f"phone:{by.pk}:{values['ticket']}",
        received_at=now,
        phone=values["phone"],
        order_number=values["order_number"],
    )
    received = actions.receive_message(shop=by.shop, message=message, now=now)
    if received.outcome == "new_case":
        actions.assign(by=by, case_id=received.case.pk, owner=by, now=now)
        if values["order_number"]:
            actions.link_order(by=by, case_id=received.case.pk, order_number=values["order_number"], now=now)
        if words := _one_line(values["promise"]):
            on = values["promise_on"]
            note_spoken_promise(by=by, message_id=received.message.pk, words=words, on=on, now=now)
    return received.case


def _memo(values: dict[str, Any]) -> str:
    """What was put down of a call; nothing where only is known who called."""
    lines = [
        (_("Phone number"), values["phone"]),
        (_("Call back"), _one_line(values["call_back"])),
        (_("Promised"), _one_line(values["promise"])),
    ]
    if not any((values["text"].strip(), *(value for _name, value in lines[1:]))):
        return ""
    details = "\n".join(_("%(name)s: %(value)s") % {"name": name, "value": value} for name, value in lines if value)
    text = str(values["text"]).strip()
    return "\n\n".join(part for part in (text, details) if part)


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def _fresh(way: Way) -> dict[str, str]:
    return {"way": way.value, "ticket": secrets.token_hex(16)}


def _page(request: HttpRequest, by: Membership, form: NewCaseForm, *, status: int) -> HttpResponseBase:
    known = find_customer(by.shop, mail=_typed(form, "mail"), phone=_typed(form, "phone"))
    context = {
        "form": form,
        "ways": [{"value": way.value, "label": way.label, "on": way == form.begins} for way in Way],
        "known": known,
        "unreached": _unreached(by, _typed(form, "mail")),
        "is_mail": form.begins == Way.MAIL,
    }
    return render(request, "staff/new_case.html", context, status=status)


def _unreached(by: Membership, mail: str) -> str:
    """What is known against writing to this address, "" for an ordinary one."""
    marked = marked_address(by.shop, mail) if looks_like_mail(mail) else None
    if marked is None:
        return ""
    reason = BounceKind(marked.bounce_kind).label
    return _("Mail to %(mail)s did not arrive (%(reason)s).") % {"mail": marked.value, "reason": reason}


def _typed(form: NewCaseForm, name: str) -> str:
    return str(form[name].value() or "") if name in form.fields else ""
