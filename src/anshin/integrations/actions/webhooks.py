"""The owner says which addresses are told of what: added, changed, paused, resumed, removed; secrets."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.integrations import events, rules
from anshin.integrations.actions.refusals import BadWebhook, UnknownWebhook
from anshin.integrations.actions.sending import ask_to_send, hold_back
from anshin.integrations.models import Delivery, Webhook
from anshin.integrations.queries.listening import now_listens
from anshin.integrations.terms import DeliveryState, EventType, WebhookState
from anshin.plumbing import secrets as sealing
from anshin.plumbing.journal.actions import begin_anew, record
from anshin.plumbing.web.reach import leads_inside
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.plumbing.journal.events import Event
    from anshin.shops.models import Membership

MOST_WEBHOOKS = 20
BOTH_COUNT = timedelta(hours=24)
"""How long a former secret signs beside the new one."""
REACTION = "integrations.tell"
_LONGEST_URL = 500


def add_webhook(
    *, by: Membership, name: str, url: str, types: Collection[EventType], now: datetime
) -> tuple[Webhook, str]:
    """The address and its secret, which is shown this once. What happened before is not told.

    Raises NotAllowed, BadWebhook. Asks name servers: not to be called inside a transaction.
    """
    require(by, Permission.RUN_SHOP)
    return _added(by, name, _usable(url), _known(types), now)


@transaction.atomic
def _added(by: Membership, name: str, url: str, types: list[str], now: datetime) -> tuple[Webhook, str]:
    present = Webhook.objects.filter(shop_id=by.shop_id).count()
    if present >= MOST_WEBHOOKS:
        raise BadWebhook(_("A shop tells at most %(most)d addresses. Remove one first.") % {"most": MOST_WEBHOOKS})
    secret = _new_secret()
    hook = Webhook.objects.create(
        shop_id=by.shop_id,
        name=name.strip()[:80],
        url=url,
        types=types,
        secret=sealing.seal(secret),
        created_at=now,
    )
    if not present:
        begin_anew(REACTION, shop_id=by.shop_id)
    now_listens(by.shop_id)
    _told(by, events.WebhookAdded(webhook_id=hook.pk, url=hook.url, types=", ".join(hook.types)), now)
    return hook, secret


def change_webhook(
    *, by: Membership, webhook_id: int, name: str, url: str, types: Collection[EventType], now: datetime
) -> Webhook:
    """The address as it is from now on; what waits goes to the new one.

    Raises NotAllowed, UnknownWebhook, BadWebhook. Asks name servers: not to be called inside a transaction.
    """
    require(by, Permission.RUN_SHOP)
    return _changed(by, webhook_id, (name.strip()[:80], _usable(url), _known(types)), now)


@transaction.atomic
def _changed(by: Membership, webhook_id: int, facts: tuple[str, str, list[str]], now: datetime) -> Webhook:
    hook = locked_webhook(by, webhook_id)
    former = (hook.name, hook.url, hook.types)
    hook.name, hook.url, hook.types = facts
    if (hook.name, hook.url, hook.types) != former:
        hook.save(update_fields=["name", "url", "types"])
        _told(by, events.WebhookChanged(webhook_id=hook.pk, url=hook.url, types=", ".join(hook.types)), now)
    return hook


@transaction.atomic
def remove_webhook(*, by: Membership, webhook_id: int, now: datetime) -> None:
    """Tell this address nothing any more; its log goes with it. Raises NotAllowed; nothing when it is gone."""
    require(by, Permission.RUN_SHOP)
    hook = Webhook.objects.filter(shop_id=by.shop_id, pk=webhook_id).first()
    if hook is None:
        return
    _told(by, events.WebhookRemoved(webhook_id=hook.pk, url=hook.url), now)
    hook.delete()


@transaction.atomic
def pause_webhook(*, by: Membership, webhook_id: int, now: datetime) -> None:
    """Hold back what is for this address until somebody resumes it. Raises NotAllowed, UnknownWebhook."""
    hook = locked_webhook(by, webhook_id)
    if hook.state != WebhookState.ACTIVE:
        return
    hook.state = WebhookState.PAUSED
    hook.save(update_fields=["state"])
    hold_back(hook)
    _told(by, events.WebhookPaused(webhook_id=hook.pk, url=hook.url), now)


@transaction.atomic
def resume_webhook(*, by: Membership, webhook_id: int, now: datetime) -> int:
    """Tell the address again, and send what was held back; how many. Raises NotAllowed, UnknownWebhook."""
    hook = locked_webhook(by, webhook_id)
    held = Delivery.objects.filter(webhook=hook, state=DeliveryState.HELD)
    if hook.state == WebhookState.ACTIVE and not held.exists():
        return 0
    hook.state, hook.failing_since_at, hook.failures, hook.next_try_at = WebhookState.ACTIVE, None, 0, None
    hook.save(update_fields=["state", "failing_since_at", "failures", "next_try_at"])
    sent = ask_to_send(held, now=now)
    _told(by, events.WebhookResumed(webhook_id=hook.pk, url=hook.url), now)
    return sent


@transaction.atomic
def rotate_secret(*, by: Membership, webhook_id: int, now: datetime) -> str:
    """A new secret, shown this once; for a day both sign. Raises NotAllowed, UnknownWebhook."""
    hook = locked_webhook(by, webhook_id)
    secret = _new_secret()
    hook.former_secret, hook.former_until_at, hook.secret = hook.secret, now + BOTH_COUNT, sealing.seal(secret)
    hook.save(update_fields=["secret", "former_secret", "former_until_at"])
    _told(by, events.SecretRotated(webhook_id=hook.pk, url=hook.url), now)
    return secret


def locked_webhook(by: Membership, webhook_id: int) -> Webhook:
    """The address of the owner's shop, locked. Raises NotAllowed, UnknownWebhook. Inside a transaction."""
    require(by, Permission.RUN_SHOP)
    hook = Webhook.objects.select_for_update().filter(shop_id=by.shop_id, pk=webhook_id).first()
    if hook is None:
        raise UnknownWebhook
    return hook


def _usable(url: str) -> str:
    """The address, if its shape is right and it does not lead inside. Looked at again whenever it is told something."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme == "https" and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_whole = False
    if not is_whole or len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise BadWebhook(_("Write a whole address that begins with https://, such as https://example.jp/hook."))
    if parts.username or parts.password:
        raise BadWebhook(_("Leave the password out of the address. What we send is signed instead."))
    if leads_inside(str(parts.hostname)):
        raise BadWebhook(_("This address leads into a private network. Choose one that everybody can reach."))
    return url


def _known(types: Collection[EventType]) -> list[str]:
    if not types:
        raise BadWebhook(_("Choose at least one thing of which the address is told."))
    return sorted(EventType(each).value for each in types)


def _new_secret() -> str:
    return rules.SECRET_START + base64.b64encode(secrets.token_bytes(rules.SECRET_BYTES)).decode("ascii")


def _told(by: Membership, fact: Event, now: datetime) -> None:
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
