"""Screens on which the owner of a mailbox at Google or Microsoft gives Anshin the permission to use it.

The way: connect (what to do, the registration) → go (to the provider, with a state that only this browser knows) →
consent (back from the provider) → the mailboxes.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anshin.channels.email.consents import keeping, oauth
from anshin.channels.email.consents.providers import PROVIDERS
from anshin.channels.email.forms import RegistrationForm
from anshin.channels.email.models import Mailbox
from anshin.channels.email.screens.mailboxes import desk, fetch_soon, own_mailbox
from anshin.channels.email.terms import MailTrouble, SignIn, Trouble
from anshin.plumbing import clock
from anshin.shops import queries as shops
from anshin.shops.actions import Refused
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

ASKED = "mail_consent"
ANSWER_WITHIN = timedelta(minutes=20)


@require_GET
@desk(Permission.RUN_SHOP)
def connect(request: HttpRequest, by: Membership, mailbox_id: int) -> HttpResponse:
    """What is to be done, and how far it is."""
    return _page(request, _mailbox(by.shop, mailbox_id))


@require_POST
@desk(Permission.RUN_SHOP)
def register(request: HttpRequest, by: Membership, mailbox_id: int) -> HttpResponse:
    """Keep the shop's own client ID and secret."""
    mailbox = _mailbox(by.shop, mailbox_id)
    provider = SignIn(mailbox.sign_in)
    registered = keeping.registration_of(by.shop, provider)
    form = RegistrationForm(request.POST, has_secret=registered is not None)
    if not form.is_valid():
        return _page(request, mailbox, form=form, status=422)
    stated = form.settings()
    keeping.save_registration(shop=by.shop, provider=provider, settings=stated, by=by, now=clock.now())
    messages.success(request, _("Saved. Now connect the mailbox."))
    return redirect("email:connect", slug=by.shop.slug, mailbox_id=mailbox.pk)


@require_GET
@desk(Permission.RUN_SHOP)
def go(request: HttpRequest, by: Membership, mailbox_id: int) -> HttpResponse:
    """To the provider. Nothing changes here but what this browser remembers until it comes back."""
    mailbox = _mailbox(by.shop, mailbox_id)
    provider = SignIn(mailbox.sign_in)
    try:
        app = keeping.app_of(by.shop_id, provider)
    except MailTrouble:
        app = None
    if app is None:
        return redirect("email:connect", slug=by.shop.slug, mailbox_id=mailbox.pk)
    asked: dict[str, Any] = {
        "state": secrets.token_urlsafe(32),
        "verifier": oauth.new_verifier(),
        "slug": by.shop.slug,
        "mailbox_id": mailbox.pk,
        "until": (clock.now() + ANSWER_WITHIN).timestamp(),
    }
    request.session[ASKED] = asked
    return HttpResponseRedirect(
        oauth.authorise_url(
            PROVIDERS[provider],
            app,
            redirect_uri=redirect_uri(),
            state=asked["state"],
            verifier=asked["verifier"],
            login_hint=mailbox.imap_user or mailbox.address,
        )
    )


@login_required
@require_GET
def consent(request: HttpRequest) -> HttpResponse:
    """Back from the provider, with a code or with an excuse. Each answer counts once, in the browser that asked."""
    asked = request.session.pop(ASKED, None)
    if not asked or not constant_time_compare(asked["state"], request.GET.get("state", "")):
        messages.error(request, _("This answer belongs to no question of this browser. Connect the mailbox again."))
        return redirect("/")
    by = shops.membership_of(int(request.user.pk or 0), asked["slug"], now=clock.now())
    if by is None or not shops.may(by, Permission.RUN_SHOP):
        raise Http404
    mailbox = _mailbox(by.shop, asked["mailbox_id"])
    try:
        _take(mailbox, by, request.GET, asked)
    except (MailTrouble, Refused) as refusal:
        messages.error(request, refusal.sentence if isinstance(refusal, MailTrouble) else str(refusal))
        return redirect("email:connect", slug=by.shop.slug, mailbox_id=mailbox.pk)
    fetch_soon(mailbox)
    messages.success(request, _("The mailbox is connected."))
    return redirect("email:mailboxes", slug=by.shop.slug)


@require_POST
@desk(Permission.RUN_SHOP)
def forget(request: HttpRequest, by: Membership, mailbox_id: int) -> HttpResponse:
    """Throw the permission away."""
    mailbox = _mailbox(by.shop, mailbox_id)
    keeping.forget_consent(mailbox=mailbox, by=by, now=clock.now())
    messages.success(request, _("The mailbox is no longer connected."))
    return redirect("email:connect", slug=by.shop.slug, mailbox_id=mailbox.pk)


def redirect_uri() -> str:
    """Where providers send people back to; the same for all shops, since providers know it by the letter."""
    return f"{settings.ANSHIN_ADDRESS}{reverse('mail:consent')}"


def _mailbox(shop: Shop, mailbox_id: int) -> Mailbox:
    found = own_mailbox(shop, mailbox_id)
    if found is None or keeping.bearer_of(found) is None:
        raise Http404
    return found


def _take(mailbox: Mailbox, by: Membership, answer: Any, asked: dict[str, Any]) -> None:
    if clock.now().timestamp() > asked["until"]:
        raise Refused(_("That took too long. Connect the mailbox again."))
    if answer.get("error"):
        words = f"{answer['error']} {answer.get('error_description', '')}".strip()[:200]
        sentence = _("The provider did not give the permission (%(words)s). Connect the mailbox again.")
        raise Refused(sentence % {"words": words})
    app = keeping.app_of(by.shop_id, SignIn(mailbox.sign_in))
    if app is None:
        raise MailTrouble(Trouble.CLIENT_WRONG)
    tokens = oauth.exchange(
        PROVIDERS[SignIn(mailbox.sign_in)],
        app,
        code=answer.get("code", ""),
        redirect_uri=redirect_uri(),
        verifier=asked["verifier"],
    )
    keeping.keep_consent(mailbox=mailbox, tokens=tokens, by=by, now=clock.now())


def _page(
    request: HttpRequest, mailbox: Mailbox, *, form: RegistrationForm | None = None, status: int = 200
) -> HttpResponse:
    provider = SignIn(mailbox.sign_in)
    own = keeping.registration_of(mailbox.shop, provider)
    initial = {"client_id": own.client_id, "tenant": own.tenant} if own else {}
    context = {
        "mailbox": mailbox,
        "provider": PROVIDERS[provider],
        "has_tenant": provider == SignIn.MICROSOFT,
        "consent": keeping.consent_of(mailbox.shop, mailbox),
        "registration": own,
        "can_go": own is not None or bool(settings.ANSHIN_MAIL_APPS.get(provider.value, ("",))[0]),
        "form": form or RegistrationForm(initial=initial, has_secret=own is not None),
        "redirect_uri": redirect_uri(),
    }
    return render(request, "email/connect.html", context, status=status)
