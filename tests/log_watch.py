"""Reads every line that the suite would write into the log, and keeps those that name somebody of the cast.

A log is read by whoever runs the machine and is copied to places of which no shop knows; it holds numbers of rows and
what went wrong, never a customer's name, address, telephone number or words.
"""

from __future__ import annotations

import logging
import os
import re

from anshin.project.sealed_log import JsonLine

CUSTOMERS = ("柏木", "三雲", "髙橋", "高橋", "島津", "北見", "Kashiwagi", "Mikumo")
STAFF = ("安住", "佐伯", "竹内", "小暮", "倉田", "磯部", "Takeuchi")
TOLD = re.compile(
    "|".join(
        (
            *CUSTOMERS,
            *STAFF,
            r"[\w.+-]@(?:[\w-]+\.)+[a-z]{2,}",  # mail addresses with their first part
            r"\b0[789]0-?\d{4}-?\d{4}\b",  # mobile telephones
            r"\b4[12]42(?: ?4242){3}\b",  # the card of the tests
        )
    )
)
QUIET = ("anshin.access",)  # lines of requests and jobs, which only ANSHIN_LOG=json wants
OURS = ("anshin", "django.request", "django.security", "django.server", "allauth")


class LogWatch(logging.Handler):
    """`found`: (test, logger, line) of lines that tell too much."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLine())
        self.found: list[tuple[str, str, str]] = []

    def listen(self) -> None:
        """Be there, also after somebody set logging up anew."""
        if self not in logging.getLogger().handlers:
            logging.getLogger().addHandler(self)
        for name in (*OURS, *QUIET):
            logging.getLogger(name).setLevel(logging.DEBUG)

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(OURS) and TOLD.search(line := self.format(record)):
            self.found.append((os.environ.get("PYTEST_CURRENT_TEST", ""), record.name, line))
