"""Sessions in the database, as Django keeps them, with an end: after a time without use, and after a time in any case.

Only the question asked on every page is put together beforehand. Whoever signs somebody in writes BEGAN and SEEN, in
seconds since 1970 by the house's clock; a session without them belongs to nobody.
"""

from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from anshin.plumbing import clock
from anshin.plumbing.prepared import Prepared

BEGAN: Final = "anshin_began_at"
SEEN: Final = "anshin_seen_at"
ENDED: Final = "anshin_ended"
"""All that is left in a session that has come to its end, so that the sign-in page can say so."""

_SESSION = Prepared(lambda key: Session.objects.filter(session_key=key), key=str)


class SessionStore(db.SessionStore):
    """Django's store with a cheaper look-up, and with limits: SESSION_IDLE_SECONDS and SESSION_COOKIE_AGE."""

    def load(self) -> dict[str, Any]:
        """What was kept; of a session that is over only ENDED, whoever asks (pages, live streams)."""
        found: dict[str, Any] = super().load()
        return {ENDED: True} if is_over(found) else found

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.first(key=self.session_key) if self.session_key else None
        if found is not None and found.expire_date > timezone.now():  # noqa: TID251  Django wrote it by the real clock
            return found
        self._session_key = None
        return None


def is_over(kept: dict[str, Any]) -> bool:
    """Whether a session has come to its end."""
    now, began, seen = clock.now().timestamp(), kept.get(BEGAN), kept.get(SEEN)
    if began is not None and now - began >= settings.SESSION_COOKIE_AGE:
        return True
    return seen is not None and now - seen >= settings.SESSION_IDLE_SECONDS
