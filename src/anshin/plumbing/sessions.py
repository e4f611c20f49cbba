"""Sessions in the database, as Django keeps them; only the question asked on every page is put together beforehand."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from anshin.plumbing.prepared import Prepared

_SESSION = Prepared(lambda key: Session.objects.filter(session_key=key), key=str)


class SessionStore(db.SessionStore):
    """Django's store with a cheaper look-up."""

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.first(key=self.session_key) if self.session_key else None
        if found is not None and found.expire_date > timezone.now():  # noqa: TID251  Django wrote it by the real clock
            return found
        self._session_key = None
        return None
