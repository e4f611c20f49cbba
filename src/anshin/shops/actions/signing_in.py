"""What happened to somebody's sign-in and is told them by mail, so that a thief cannot change it in silence."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.pages import dates
from anshin.shops.models import Person

_FORGOTTEN = "/account/password/reset/"
CHANGES: dict[str, Promise] = {
    "password_changed": _("Your password was changed"),
    "password_set": _("A password was set for your account"),
    "password_reset": _("Your password was replaced through a mailed link"),
    "totp_activated": _("An app was set up as your second factor"),
    "totp_deactivated": _("The app that was your second factor was removed"),
    "webauthn_added": _("A passkey was added to your account"),
    "webauthn_removed": _("A passkey was removed from your account"),
    "recovery_codes_generated": _("New recovery codes were made for your account"),
}


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


def _zone_of(person: Person) -> ZoneInfo:
    first = person.memberships.select_related("shop").filter(is_active=True).order_by("id").first()
    return ZoneInfo(first.shop.zone if first else settings.TIME_ZONE)
