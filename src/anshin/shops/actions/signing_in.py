"""Where somebody is signed in, how that ends, and what they are told of it, so that no thief comes in silence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.pages import dates
from anshin.shops import rules
from anshin.shops.models import KnownDevice, OpenSession, Person

_FORGOTTEN = "/account/password/reset/"
_SEEN_EVERY_SECONDS = 600
MOST_SESSIONS: Final = 10
"""So many devices a person may be signed in on at once."""
CHANGES: dict[str, Promise] = {
    "password_changed": _("Your password was changed"),
    "password_set": _("A password was set for your account"),
    "password_reset": _("Your password was replaced through a mailed link"),
    "totp_activated": _("An app was set up as your second factor"),
    "totp_deactivated": _("The app that was your second factor was removed"),
    "webauthn_added": _("A passkey was added to your account"),
    "webauthn_removed": _("A passkey was removed from your account"),
    "account_connected": _("Another service was added through which you can sign in"),
    "account_disconnected": _("A service through which you could sign in was removed"),
    "recovery_codes_generated": _("New recovery codes were made for your account"),
}


@transaction.atomic
def note_sign_in(
    *,
    person: Person,
    key: str,
    device: str,
    agent: str,
    address: str,
    words: Callable[[str], str],
    is_first: bool,
    now: datetime,
) -> OpenSession:
    """Somebody is signed in now, under the session `key`; they are told by mail when the device is new to them.

    `device`: the secret word in the browser's cookie. `words` says what `agent` is, in the language that is active.
    Nobody is told of the very first sign-in (`is_first`). Beyond MOST_SESSIONS the one unused for longest ends.
    """
    digest = hashlib.sha256(device.encode()).hexdigest()
    known, is_new = KnownDevice.objects.get_or_create(
        person=person, digest=digest, defaults={"first_at": now, "last_at": now}
    )
    if not is_new:
        KnownDevice.objects.filter(pk=known.pk).update(last_at=now)
    network = rules.network_of(address)
    if is_new and not is_first:
        _tell_of_device(person, agent, network, words, now=now)
    kept_until = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    OpenSession.objects.filter(person=person, seen_at__lt=kept_until).delete()
    OpenSession.objects.filter(key=key).delete()
    made = OpenSession.objects.create(
        person=person, key=key, agent=agent[:300], network=network, began_at=now, seen_at=now
    )
    over = OpenSession.objects.filter(person=person).order_by("-seen_at", "-pk")[MOST_SESSIONS:]
    for session_id in list(over.values_list("pk", flat=True)):
        end_session(person=person, session_id=session_id)
    return made


def note_seen(*, session_id: int, key: str, now: datetime) -> None:
    """The session was used, perhaps under a new key."""
    OpenSession.objects.filter(pk=session_id).update(key=key, seen_at=now)


def is_seen_due(seen_at: float, *, now: datetime) -> bool:
    """Whether it is time to write again that a session is in use. `seen_at`: when that was last written."""
    return now.timestamp() - seen_at >= min(_SEEN_EVERY_SECONDS, settings.SESSION_IDLE_SECONDS // 10)


@transaction.atomic
def end_session(*, person: Person, session_id: int) -> bool:
    """Sign somebody out on one device; whether they were signed in there."""
    found = OpenSession.objects.filter(person=person, pk=session_id).first()
    if found is None:
        return False
    import_module(settings.SESSION_ENGINE).SessionStore().delete(found.key)
    found.delete()
    return True


@transaction.atomic
def end_sessions(*, person: Person, but: int | None = None) -> None:
    """Sign somebody out everywhere, also where nobody knows of; `person` carries the new epoch afterwards.

    `but`: the session of whoever asks, which goes on once its hash is written anew.
    """
    Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
    ended = OpenSession.objects.filter(person=person).exclude(pk=but or 0)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in ended.values_list("key", flat=True):
        store().delete(key)
    ended.delete()


@transaction.atomic
def tell_of_change(*, person: Person, what: str, now: datetime) -> None:
    """A letter to the person themselves; `what` is a key of CHANGES. Raises KeyError."""
    with translation.override(person.language), timezone.override(_zone_of(person)):
        words, at = str(CHANGES[what]), dates.exactly(now, language=person.language)
    enqueue(
        "anshin.shops.jobs.send_account_changed",
        person_id=person.pk,
        what=words,
        at=at,
        link=f"{settings.ANSHIN_ADDRESS}{_FORGOTTEN}",
        now=now,
    )


def _tell_of_device(person: Person, agent: str, network: str, words: Callable[[str], str], *, now: datetime) -> None:
    with translation.override(person.language), timezone.override(_zone_of(person)):
        device = words(agent) or str(_("A browser that does not say what it is"))
        at = dates.exactly(now, language=person.language)
    enqueue(
        "anshin.shops.jobs.send_new_device",
        person_id=person.pk,
        device=device,
        network=network or "–",
        at=at,
        link=f"{settings.ANSHIN_ADDRESS}{_FORGOTTEN}",
        now=now,
    )


def _zone_of(person: Person) -> ZoneInfo:
    first = person.memberships.select_related("shop").filter(is_active=True).order_by("id").first()
    return ZoneInfo(first.shop.zone if first else settings.TIME_ZONE)
