"""Reads moments as PostgreSQL writes them; a page reads some forty."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader


class MomentLoader(BaseTzLoader):
    """ "2026-11-26 08:00:06.27+00" as a moment in UTC; what is none of Python's, Django's loader refuses."""

    timezone = UTC  # by which Django knows that it need not put its own loader here

    def load(self, data: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            return super().load(data)  # type: ignore[no-any-return]
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
