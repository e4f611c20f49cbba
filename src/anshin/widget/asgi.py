"""Answers for product pages without the desk's middleware: they are asked for by every visitor of every shop.

What is kept is sent from the event loop; only a shop whose notices are too old costs a thread and a query.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from anshin.widget.kept import answer, kept_answer
from anshin.widget.views import HEADERS, asked_by

PREFIX: Final = "/notices/v1/products/"
_HEADERS: Final = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class NoticesApp:
    """An ASGI application for GET and HEAD under PREFIX; `pool` is where the database may be asked."""

    def __init__(self, pool: Executor) -> None:
        self.pool = pool

    @staticmethod
    def serves(scope: Any) -> bool:
        """Whether this request is ours; everything unusual goes the ordinary way."""
        return scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and scope["path"].startswith(PREFIX)

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        product = unquote(scope["path"][len(PREFIX) :]) if "%" in scope["path"] else scope["path"][len(PREFIX) :]
        query = dict(parse_qsl(scope["query_string"].decode("ascii", "replace"), max_num_fields=20))
        asked = asked_by(product, query)
        found = kept_answer(asked)
        if found is None:
            found = await asyncio.get_running_loop().run_in_executor(self.pool, answer, asked)
        headers = [
            (b"content-type", found.content_type.encode()),
            (b"content-length", str(len(found.body)).encode()),
            *_HEADERS,
        ]
        await send({"type": "http.response.start", "status": found.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else found.body})
