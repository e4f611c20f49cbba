"""Who may follow a shop's live events: the person whose session cookie comes with the connection."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import Executor
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections

from anshin.plumbing.live.asgi import Viewer
from anshin.shops.queries import may
from anshin.shops.terms import Permission


async def allowed(scope: Any, pool: Executor) -> Viewer | None:
    """The viewer of `/s/<slug>/live`, None for nobody, a stranger, or a role that may not read cases."""
    return await asyncio.get_running_loop().run_in_executor(pool, _viewer, scope)


def _viewer(scope: Any) -> Viewer | None:
    close_old_connections()
    request = ASGIRequest(scope, io.BytesIO())
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    slug = scope["path"].split("/")[2]
    for membership in getattr(get_user(request), "desk_memberships", ()):
        if membership.shop.slug == slug and may(membership, Permission.READ_CASES):
            return Viewer(shop_id=membership.shop_id, person_id=membership.person_id)
    return None
