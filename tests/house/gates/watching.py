"""What an answer tells, and what a request wrote: the two things that an outsider must get nothing of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client

from anshin.plumbing.pages.said import SealedMessages

EACH_TIME = {"Set-Cookie", "Expires", "X-Request-ID", "Content-Security-Policy", "Date", "Last-Modified", "RateLimit"}
# Words of a page that are others each time: against forged requests, and for forms that count once.
TOKENS = re.compile(
    r'csrf-token"[^>]*|csrfmiddlewaretoken"[^>]*|X-CSRFToken[^}]*|name="(?:nonce|ticket)" value="[^"]*"|data-now="\d+"'
    r"|\b[0-9a-f]{32,64}\b|anshin_\w+|settings/api/\d+/end"
)
WRITES = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.IGNORECASE)
# What somebody's own coming and going writes, which is of no shop.
OWN = {"django_session", "shops_tried", "shops_opensession", "shops_knowndevice", "django_cache"}


def body_of(answer: Any) -> str:
    """The words of an answer, streamed or not."""
    if answer.streaming:
        answer.was_streamed = getattr(answer, "was_streamed", None) or b"".join(answer.streaming_content)
    content = answer.was_streamed if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


def told(answer: Any, *said: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body, without what differs each time, and without the words that the asker sent."""
    headers = {name: value for name, value in answer.headers.items() if name not in EACH_TIME}
    body = TOKENS.sub("", body_of(answer) + _said_next(answer))
    for word in sorted(said, key=len, reverse=True):
        body = body.replace(word, "…")
        headers = {name: value.replace(word, "…") for name, value in headers.items()}
    headers.pop("Content-Length", None)
    headers.pop("ETag", None)
    return answer.status_code, headers, body


def _said_next(answer: Any) -> str:
    """What the next page will say about this, which a redirect takes along in a cookie."""
    kept = answer.cookies.get("messages")
    said = SealedMessages(None)._decode(kept.value) if kept and kept.value else None
    return "".join(str(each) for each in said or ())


class Writes:
    """Hears every statement that is run and remembers the tables which one would change."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITES.match(sql):
            self.tables.add(found[1])
        return execute(sql, params, many, context)

    def taken(self) -> set[str]:
        """Tables of others that were written since this was asked last."""
        found, self.tables = self.of_others, set()
        return found

    @property
    def of_others(self) -> set[str]:
        """Tables that hold more than somebody's own sessions."""
        return self.tables - OWN


@contextmanager
def heard() -> Iterator[Writes]:
    """Run something, and hear what it writes."""
    writes = Writes()
    with connection.execute_wrapper(writes):
        yield writes


@contextmanager
def taken_back() -> Iterator[Writes]:
    """Run something, hear what it writes, and take it all back."""
    with transaction.atomic(), heard() as writes:
        yield writes
        transaction.set_rollback(True)


def rows_of(number: int, tables: set[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that the shop with this number holds in these tables."""
    found = {}
    for model in apps.get_models():
        if model._meta.db_table in tables:
            found[model._meta.db_table] = list(_of(model, number).order_by("pk").values_list())
    return found


def pointing_at(number: int, tables: set[str]) -> set[str]:
    """Columns of these tables that point at this number from rows of another shop."""
    found = set()
    for model in apps.get_models():
        if model._meta.db_table not in tables:
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and not field.primary_key and field.name != "shop":
                others = model._base_manager.filter(**{field.attname: number})
                if others.exclude(pk__in=_of(model, number).values("pk")).exists():
                    found.add(f"{model._meta.db_table}.{field.column}")
    return found


def _of(model: type[models.Model], number: int) -> models.QuerySet[Any]:
    names = {field.name for field in model._meta.concrete_fields}
    if "shop" in names or "shop_id" in names:
        return model._base_manager.filter(shop_id=number)
    is_numbered = isinstance(model._meta.pk, models.IntegerField)
    return model._base_manager.filter(pk=number) if is_numbered else model._base_manager.none()


def ask(client: Client, method: str, address: str, said: Mapping[str, Any] | None = None) -> Any:
    """The answer to one request; `said` is the form of a POST. What breaks inside is an answer of 500."""
    if method == "POST":
        return client.post(address, said or {})
    return client.generic(method, address)
