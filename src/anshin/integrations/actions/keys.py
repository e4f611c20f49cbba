"""The owner makes keys and ends them; each use is counted."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext as _

from anshin.integrations import events, rules
from anshin.integrations.actions.refusals import BadKey
from anshin.integrations.models import ApiKey
from anshin.integrations.terms import LIMIT, ROLES, WINDOW_SECONDS, Allowance, Scope
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

MOST_KEYS = 50


@transaction.atomic
def make_key(
    *,
    by: Membership,
    name: str,
    scopes: Collection[Scope],
    member: Membership,
    expires_at: datetime | None,
    now: datetime,
) -> tuple[ApiKey, str]:
    """The key and its secret, which is shown this once. It works for `member` and may do at most what they may.

    Raises NotAllowed, BadKey.
    """
    require(by, Permission.RUN_SHOP)
    if not name.strip():
        raise BadKey(_("Give the key a name, so that you know later what it is for."))
    if not scopes:
        raise BadKey(_("Choose at least one thing that the key may do."))
    if member.shop_id != by.shop_id or not member.is_active:
        raise BadKey(_("This person does not work here any more. Choose somebody else."))
    if member.role not in ROLES:
        raise BadKey(_("The key would tell what this person may not see. Choose somebody else."))
    if expires_at is not None and expires_at <= now:
        raise BadKey(_("Choose a day that is still to come, or none."))
    if ApiKey.objects.filter(shop_id=by.shop_id, revoked_at=None).count() >= MOST_KEYS:
        raise BadKey(_("A shop has at most %(most)d keys. End one that is no longer used.") % {"most": MOST_KEYS})
    prefix, rest = _letters(rules.PREFIX_LETTERS), _letters(rules.SECRET_LETTERS)
    secret = f"{rules.KEY_START}_{prefix}_{rest}"
    key = ApiKey.objects.create(
        shop_id=by.shop_id,
        member=member,
        name=name.strip()[:80],
        prefix=prefix,
        digest=rules.digest(secret),
        scopes=sorted(Scope(scope).value for scope in scopes),
        created_at=now,
        expires_at=expires_at,
    )
    fact = events.KeyMade(
        key_id=key.pk,
        label=key.name,
        scopes=", ".join(key.scopes),
        member=str(member.person),
        expires_at=expires_at,
    )
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return key, secret


@transaction.atomic
def revoke_key(*, by: Membership, key_id: int, now: datetime) -> None:
    """End a key for good, from its next question on; nothing when it has ended. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    key = ApiKey.objects.select_for_update().filter(shop_id=by.shop_id, pk=key_id, revoked_at=None).first()
    if key is None:
        return
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    record(events.KeyRevoked(key_id=key.pk, label=key.name), shop_id=by.shop_id, by=shops.actor(by), now=now)


@transaction.atomic
def revoke_keys_of(*, by: Membership, member: Membership, now: datetime) -> int:
    """End every key that works for a member of staff; how many. Raises NotAllowed."""
    found = list(ApiKey.objects.filter(shop_id=by.shop_id, member=member, revoked_at=None).values_list("pk", flat=True))
    for key_id in found:
        revoke_key(by=by, key_id=key_id, now=now)
    return len(found)


def count_use(key: ApiKey, *, now: datetime) -> Allowance:
    """One question more, and what is left for the key. Two statements, on rows, so that all processes count together.

    Who asks at the same moment may read the other's count; then it is told one less, never one more.
    """
    edge = now - timedelta(seconds=WINDOW_SECONDS)
    is_new = Q(window_began_at__isnull=True) | Q(window_began_at__lte=edge)
    row = ApiKey.objects.filter(pk=key.pk)
    row.update(
        last_used_at=now,
        window_count=Case(When(is_new, then=Value(1)), default=F("window_count") + 1),
        window_began_at=Case(When(is_new, then=Value(now)), default=F("window_began_at")),
    )
    count, began_at = row.values_list("window_count", "window_began_at").get()
    passed = (now - began_at).total_seconds() if began_at else 0.0
    return Allowance(
        limit=LIMIT,
        window_seconds=WINDOW_SECONDS,
        left=max(0, LIMIT - count),
        seconds_left=max(1, min(WINDOW_SECONDS, round(WINDOW_SECONDS - passed))),
        is_over=count > LIMIT,
    )


def _letters(count: int) -> str:
    return "".join(secrets.choice(rules.LETTERS) for _each in range(count))
