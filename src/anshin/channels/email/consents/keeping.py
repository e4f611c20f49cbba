"""Keeps the consents by which mailboxes of Google and Microsoft are opened, and renews their tokens in time.

Several threads and processes may need a token at once. None waits for another: whoever renewed first has written the
new tokens, and who comes later takes those. Nothing here asks a provider inside a transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from anshin.channels.email import events
from anshin.channels.email.consents import oauth
from anshin.channels.email.consents.oauth import App, Tokens
from anshin.channels.email.consents.providers import PROVIDERS
from anshin.channels.email.models import AppRegistration, Consent, Mailbox
from anshin.channels.email.terms import MailTrouble, SignIn, Trouble
from anshin.plumbing import clock, secrets
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

RENEW_BEFORE_END = timedelta(minutes=5)
"""A token with less time left is renewed before it is used, so that it does not end during a long fetch."""


class NotAllowedToMail(Refused):
    """The person gave consent, but not for reading and sending mail."""


@dataclass(frozen=True, slots=True)
class RegistrationSettings:
    """What a person states about the shop's registration with a provider. A secret that is None stays as it is."""

    client_id: str
    client_secret: str | None = None
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class MailboxBearer:
    """Tokens for one mailbox; see terms.Bearer. `moment` is the clock."""

    mailbox_id: int
    moment: Callable[[], datetime] = clock.now

    def token(self) -> str:
        """See terms.Bearer."""
        consent = _consent(self.mailbox_id)
        if consent.access_token_sealed and consent.access_ends_at - self.moment() > RENEW_BEFORE_END:
            return _opened(consent.access_token_sealed)
        return _renewed(consent, self.moment)

    def other_than(self, refused: str) -> str:
        """See terms.Bearer."""
        consent = _consent(self.mailbox_id)
        kept = _opened(consent.access_token_sealed)
        return kept if kept and kept != refused else _renewed(consent, self.moment)


def bearer_of(mailbox: Mailbox) -> MailboxBearer | None:
    """What opens this mailbox's servers, None when it is a password. Asks nobody yet."""
    return MailboxBearer(mailbox.pk) if SignIn(mailbox.sign_in) in PROVIDERS else None


def app_of(shop_id: int, provider: SignIn) -> App | None:
    """What the provider knows Anshin by: the shop's own registration, else the installation's. Raises MailTrouble."""
    own = AppRegistration.objects.filter(shop_id=shop_id, provider=provider).first()
    if own is not None:
        return App(own.client_id, _opened(own.client_secret_sealed), own.tenant)
    client_id, secret, tenant = settings.ANSHIN_MAIL_APPS.get(provider.value, ("", "", ""))
    return App(client_id, secret, tenant) if client_id else None


def registration_of(shop: Shop, provider: SignIn) -> AppRegistration | None:
    """The shop's own registration with a provider."""
    return AppRegistration.objects.filter(shop=shop, provider=provider).first()


def consent_of(shop: Shop, mailbox: Mailbox) -> Consent | None:
    """The consent by which a mailbox of this shop is opened, when it is for the provider that is chosen now."""
    return Consent.objects.filter(shop=shop, mailbox=mailbox, provider=mailbox.sign_in).first()


@transaction.atomic
def save_registration(
    *, shop: Shop, provider: SignIn, settings: RegistrationSettings, by: Membership, now: datetime
) -> AppRegistration:
    """The shop's own registration with a provider, new or changed. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    row = registration_of(shop, provider) or AppRegistration(shop=shop, provider=provider)
    row.client_id, row.tenant = settings.client_id.strip(), settings.tenant.strip()
    if settings.client_secret is not None:
        row.client_secret_sealed = secrets.seal(settings.client_secret.strip())
    row.save()
    record(events.AppRegistered(provider=provider.value), shop_id=shop.pk, by=shops.actor(by), now=now)
    return row


def keep_consent(*, mailbox: Mailbox, tokens: Tokens, by: Membership, now: datetime) -> Consent:
    """The consent that a person just gave for a mailbox. Raises NotAllowed, NotAllowedToMail; then nothing is kept."""
    require(by, Permission.RUN_SHOP)
    provider = PROVIDERS[SignIn(mailbox.sign_in)]
    if not tokens.refresh_token or not _covers(tokens.scopes, provider.mail_scopes):
        words = _("%(provider)s did not allow reading and sending mail. Connect again and tick every permission.")
        raise NotAllowedToMail(words % {"provider": provider.name})
    with transaction.atomic():
        consent, _is_new = Consent.objects.update_or_create(
            mailbox=mailbox,
            defaults={
                "shop_id": mailbox.shop_id,
                "provider": mailbox.sign_in,
                "account": tokens.account,
                "given_at": now,
                **_sealed(tokens, tokens.refresh_token, now),
            },
        )
        well = {"failing_since_at": None, "last_error_code": "", "last_error_words": ""}
        Mailbox.objects.filter(pk=mailbox.pk).update(**well)
        fact = events.MailboxConnected(mailbox_id=mailbox.pk, provider=mailbox.sign_in)
        record(fact, shop_id=mailbox.shop_id, by=shops.actor(by), now=now)
    return consent


@transaction.atomic
def forget_consent(*, mailbox: Mailbox, by: Membership, now: datetime) -> None:
    """Our copy of the permission thrown away; asked twice, nothing more happens. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    count, _rows = Consent.objects.filter(mailbox=mailbox, shop_id=by.shop_id).delete()
    if count:
        fact = events.MailboxDisconnected(mailbox_id=mailbox.pk, provider=mailbox.sign_in)
        record(fact, shop_id=mailbox.shop_id, by=shops.actor(by), now=now)


def _consent(mailbox_id: int) -> Consent:
    found = Consent.objects.select_related("mailbox").filter(mailbox_id=mailbox_id).first()
    if found is None or found.provider != found.mailbox.sign_in:
        raise MailTrouble(Trouble.CONSENT_MISSING)
    return found


def _renewed(consent: Consent, moment: Callable[[], datetime]) -> str:
    """A new access token, or the one that somebody else has got in the meantime."""
    provider = SignIn(consent.provider)
    app = app_of(consent.shop_id, provider)
    if app is None:
        raise MailTrouble(Trouble.CLIENT_WRONG)
    former = _opened(consent.refresh_token_sealed)
    try:
        tokens = oauth.refresh(PROVIDERS[provider], app, former)
    except MailTrouble as trouble:
        if trouble.trouble == Trouble.CONSENT_WITHDRAWN and (newer := _newer(consent)):
            return newer
        raise
    new = _sealed(tokens, tokens.refresh_token or former, moment())
    same = Consent.objects.filter(pk=consent.pk, refresh_token_sealed=consent.refresh_token_sealed)
    if same.update(**new):
        return tokens.access_token
    return _newer(consent) or tokens.access_token


def _newer(consent: Consent) -> str:
    """The access token that was written since `consent` was read; "" when none was."""
    now_kept = Consent.objects.filter(pk=consent.pk).exclude(refresh_token_sealed=consent.refresh_token_sealed).first()
    return _opened(now_kept.access_token_sealed) if now_kept else ""


def _sealed(tokens: Tokens, refresh_token: str, now: datetime) -> dict[str, str | datetime]:
    return {
        "refresh_token_sealed": secrets.seal(refresh_token),
        "access_token_sealed": secrets.seal(tokens.access_token),
        "access_ends_at": now + timedelta(seconds=tokens.ends_after_seconds),
    }


def _opened(sealed: str) -> str:
    try:
        return secrets.unseal(sealed)
    except secrets.Unreadable as error:
        raise MailTrouble(Trouble.SECRET_CHANGED) from error


def _covers(given: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether all that is wanted was given. A provider that does not say gave what was asked (RFC 6749, 5.1)."""
    return not given or {scope.lower() for scope in wanted} <= {scope.lower() for scope in given}
