"""Whether somebody has just proved who they are, so that they are not asked twice before something important."""

import time

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

FRESH_SECONDS = 5 * 60
_PROVED_AT = "anshin_proved_at"


def note_proof(request: HttpRequest) -> None:
    """This session's person has proved themselves now, by something that the sign-in library keeps no record of."""
    request.session[_PROVED_AT] = time.time()  # noqa: TID251  compared with the library's, by the real clock


def proved_recently(request: HttpRequest) -> bool:
    """Whether that, or signing in, was within the last five minutes."""
    moments = [record["at"] for record in get_authentication_records(request, request.user)]
    latest: float = max([*moments, request.session.get(_PROVED_AT, 0.0)])
    return time.time() - latest < FRESH_SECONDS  # noqa: TID251  the library writes by the real clock
