"""Settings screens of sending: how a mailbox signs and sends, its second addresses, and the test mail.

Under /s/<slug>/settings/mail/<mailbox>/, for those who may run the shop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anshin.channels.email import queries
from anshin.channels.email.models import Alias, Mailbox
from anshin.channels.email.screens.mailboxes import desk
from anshin.channels.email.sending import actions
from anshin.channels.email.sending.forms import AliasForm, SendingForm, initial_alias, initial_sending
from anshin.channels.email.sending.reports import url_of
from anshin.channels.email.sending.test_mails import send_test_mail
from anshin.channels.email.servers.trying import Finding
from anshin.channels.email.terms import Service
from anshin.plumbing import clock
from anshin.shops.actions import Refused
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop


@require_http_methods(["GET", "POST"])
@desk(Permission.RUN_SHOP)
def sending(request: HttpRequest, by: Membership, mailbox_id: int) -> HttpResponse:
    """How one mailbox sends."""
    mailbox = _mailbox(by.shop, mailbox_id)
    if request.method == "GET":
        return _page(request, mailbox, SendingForm(initial=initial_sending(mailbox)))
    form = SendingForm(request.POST)
    if form.is_valid():
        try:
            actions.save_sending(mailbox=mailbox, settings=form.settings(), by=by, now=clock.now())
        except actions.NeedsTags as refusal:
            form.add_error("returns_per_message", str(refusal))
        except actions.NeedsKey as refusal:
            form.add_error("service_key", str(refusal))
        else:
            messages.success(request, _("The settings for sending are saved."))
            return redirect("email:sending", slug=by.shop.slug, mailbox_id=mailbox.pk)
    return _page(request, mailbox, form, status=422)


@require_POST
@desk(Permission.RUN_SHOP)
def send_test(request: HttpRequest, by: Membership, mailbox_id: int) -> HttpResponse:
    """Send a test mail to whoever asks, as the mailbox is saved."""
    mailbox = _mailbox(by.shop, mailbox_id)
    findings = send_test_mail(mailbox=mailbox, by=by, now=clock.now())
    if request.headers.get("HX-Request"):
        return render(request, "email/_sent_test.html", {"findings": findings})
    return _page(request, mailbox, SendingForm(initial=initial_sending(mailbox)), findings=findings)


@require_http_methods(["GET", "POST"])
@desk(Permission.RUN_SHOP)
def alias(request: HttpRequest, by: Membership, mailbox_id: int, alias_id: int | None = None) -> HttpResponse:
    """Add or change a second address of a mailbox."""
    mailbox = _mailbox(by.shop, mailbox_id)
    found = _alias(mailbox, alias_id) if alias_id else None
    form = AliasForm(request.POST or None, initial=initial_alias(found))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.save_alias(mailbox=mailbox, settings=form.settings(), by=by, now=clock.now(), alias=found)
            except Refused as refusal:
                form.add_error("address", str(refusal))
            else:
                messages.success(request, _("The address is saved."))
                return redirect("email:sending", slug=by.shop.slug, mailbox_id=mailbox.pk)
    return render(request, "email/alias.html", {"mailbox": mailbox, "alias": found, "form": form}, status=status)


@require_POST
@desk(Permission.RUN_SHOP)
def remove_alias(request: HttpRequest, by: Membership, mailbox_id: int, alias_id: int) -> HttpResponse:
    """Stop sending from a second address."""
    mailbox = _mailbox(by.shop, mailbox_id)
    actions.remove_alias(alias=_alias(mailbox, alias_id), by=by, now=clock.now())
    messages.success(request, _("Nothing leaves from this address any more."))
    return redirect("email:sending", slug=by.shop.slug, mailbox_id=mailbox.pk)


def _page(
    request: HttpRequest,
    mailbox: Mailbox,
    form: SendingForm,
    *,
    findings: list[Finding] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "mailbox": mailbox,
        "form": form,
        "aliases": mailbox.aliases.order_by("id"),
        "findings": findings or [],
        "report_url": "" if mailbox.sends_by == Service.SMTP else url_of(mailbox),
    }
    return render(request, "email/sending.html", context, status=status)


def _mailbox(shop: Shop, mailbox_id: int) -> Mailbox:
    found = queries.mailbox_of(shop, mailbox_id)
    if found is None:
        raise Http404
    return found


def _alias(mailbox: Mailbox, alias_id: int) -> Alias:
    found = mailbox.aliases.filter(pk=alias_id).first()
    if found is None:
        raise Http404
    return found
