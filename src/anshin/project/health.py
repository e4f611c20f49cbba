"""What a load balancer, systemd or Kubernetes asks: does the process live, and can it serve pages.

Both say nothing about the installation and need no sign-in; they answer under any host name, as probes ask by number.
"""

from __future__ import annotations

import logging
from functools import cache

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

log = logging.getLogger(__name__)


def live(_request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; asks nothing of anybody."""
    return HttpResponse("ok", content_type="text/plain")


def ready(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has every migration of this version, else 503; which of both is told."""
    found = {"database": False, "migrations": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["database"] = True
        found["migrations"] = has_all_migrations()
    except Error as error:
        log.warning("Not ready: %s", type(error).__name__)
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def has_all_migrations() -> bool:
    """Whether the database has every migration of this version; once it has, nobody asks again."""
    try:
        return _all_there()
    except _Missing:
        return False


class _Missing(Exception):
    """Some migration is not applied; an exception, so that `cache` keeps only the good answer."""


@cache
def _all_there() -> bool:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _Missing
    return True
