"""Are the mailboxes of a shop well? A line of the owner's page about the installation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anshin.channels.email import queries
from anshin.channels.email.alerts import alert_words
from anshin.plumbing.pages import dates
from anshin.plumbing.wellness import BAD, GOOD, WARN, Check

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def mailboxes_are_well(shop: Shop, now: datetime) -> Check:
    """Bad while an alert lasts; a warning where there is no mailbox."""
    title, url = _("Mailboxes"), reverse("email:mailboxes", args=[shop.slug])
    boxes = [box for box in queries.mailboxes_at(shop) if box.is_active]
    if not boxes:
        return Check(title, WARN, _("There is no mailbox yet: customers’ mails do not arrive here."), url)
    if alerts := queries.lasting_alerts(shop):
        return Check(title, BAD, "\n".join(alert_words.title(alert) for alert in alerts), url)
    looked = max((box.last_checked_at for box in boxes if box.last_checked_at), default=None)
    words = ngettext("%(count)s mailbox is fetched.", "%(count)s mailboxes are fetched.", len(boxes))
    since = (
        _("Last look: %(moment)s") % {"moment": dates.when(looked, now=now, language=get_language() or "ja")}
        if looked
        else ""
    )
    return Check(title, GOOD, f"{words % {'count': len(boxes)}} {since}".strip(), url)
