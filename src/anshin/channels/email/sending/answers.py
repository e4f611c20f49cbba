"""What the answer of a sending service, or none, means for the mail that it was asked to send."""

import requests
from django.utils.translation import gettext as _

from anshin.channels.email.ports import EVERYBODY, TransportFailed
from anshin.channels.email.terms import Trouble, sentence

LONGEST_WORDS = 300
_NOT_SENT = {"NewConnectionError", "NameResolutionError"}
"""Names of what requests wraps (urllib3's classes) when nobody was reached at all."""


def meaning(name: str, code: int, said: str) -> TransportFailed:
    """What an answer with this status, other than "taken", means."""
    words = f"{name}: {code} {one_line(said)}"
    if code in {401, 403}:
        return key_refused(words)
    if code == 429:
        return TransportFailed(words, slower_for=[EVERYBODY])
    if code == 503:
        return TransportFailed(words)
    if 400 <= code < 500 and code != 408:
        return TransportFailed(words, permanent=True)
    return TransportFailed(words, unsure=True)


def key_refused(words: str) -> TransportFailed:
    """The service does not know us."""
    refusal = _("The service does not accept the key. Check it under Settings, Mailboxes, Sending.")
    return TransportFailed(f"{refusal} ({words})", permanent=True)


def without_answer(name: str, cause: BaseException | None) -> TransportFailed:
    """Only a connection that never came about is certain not to have carried the mail."""
    if isinstance(cause, requests.exceptions.SSLError):
        return TransportFailed(sentence(Trouble.CERTIFICATE_UNKNOWN, name), permanent=True)
    if isinstance(cause, requests.exceptions.ConnectTimeout):
        return TransportFailed(sentence(Trouble.TIMEOUT, name))
    inner = cause.args[0] if cause and cause.args else None
    if type(getattr(inner, "reason", None)).__name__ in _NOT_SENT:
        return TransportFailed(sentence(Trouble.BROKEN, name))
    words = _("The connection to %(service)s broke before it answered. It may have taken the mail.")
    return TransportFailed(words % {"service": name}, unsure=True)


def one_line(words: str) -> str:
    """Words of a server, short enough for a person."""
    return " ".join(words.replace("\x00", "").split())[:LONGEST_WORDS]
