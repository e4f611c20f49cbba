"""Why this room refuses: one class a reason, each with a sentence for the person who asked."""

from django.utils.translation import gettext as _

from anshin.shops.actions import Refused


class BadKey(Refused):
    """The key cannot be made like this; `str(error)` says why."""


class BadWebhook(Refused):
    """The address cannot be told like this; `str(error)` says why."""


class UnknownWebhook(Refused):
    """The address is not one of this shop, or is gone."""

    def __init__(self) -> None:
        super().__init__(_("This address is no longer there. Go back to the list."))


class WordTaken(Refused):
    """The Idempotency-Key was used for another write."""

    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key was used for another request. Use a new one."))


class StillBeingDone(Refused):
    """The same write is being done right now."""

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(_("The same request is being worked on right now. Ask again in a moment."))
