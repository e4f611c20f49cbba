"""Which shops have an address that is told: asked for every fact of the journal, so it is known without a query.

Each process reads the list again every few seconds, so that an address added by another process is told at most so
much later; its own ones it knows at once.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import Final

from anshin.integrations.models import Webhook

FRESH_SECONDS: Final = 5.0


class _Listeners:
    def __init__(self) -> None:
        self.shops: frozenset[int] = frozenset()
        self.fresh_until = 0.0
        self.lock = Lock()


_known = _Listeners()


def listens(shop_id: int) -> bool:
    """Whether the shop has an address that is told. One small query each five seconds."""
    if time.monotonic() >= _known.fresh_until:
        found = frozenset(Webhook.objects.order_by().values_list("shop_id", flat=True).distinct())
        with _known.lock:
            _known.shops, _known.fresh_until = found, time.monotonic() + FRESH_SECONDS
    return shop_id in _known.shops


def now_listens(shop_id: int) -> None:
    """Know of a new address of this shop at once."""
    with _known.lock:
        _known.shops |= {shop_id}


def forget_listeners(*, fresh_seconds: float = 0.0) -> None:
    """Know of no address, and look again after so many seconds."""
    with _known.lock:
        _known.shops, _known.fresh_until = frozenset(), time.monotonic() + fresh_seconds
