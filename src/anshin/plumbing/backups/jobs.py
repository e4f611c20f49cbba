"""The nightly backup."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings

from anshin.plumbing import clock
from anshin.plumbing.backups.making import make
from anshin.plumbing.backups.terms import State
from anshin.plumbing.jobs.registry import task

log = logging.getLogger(__name__)


@task(queue_name="upkeep", max_attempts=1)
def make_backup() -> None:
    """Into the folder that ANSHIN_BACKUP_TO names; nothing without it. A failure stands in the list of backups."""
    if not settings.ANSHIN_BACKUP_TO:
        return
    row = make(
        place=Path(settings.ANSHIN_BACKUP_TO),
        secrets=own_secrets(),
        passphrase=settings.ANSHIN_BACKUP_PASSPHRASE,
        keep=settings.ANSHIN_BACKUP_KEEP,
        now=clock.now(),
    )
    if row.state == State.FAILED:
        log.error("The backup failed: %s %s", row.trouble, row.said)


def own_secrets() -> dict[str, str]:
    """What an installation cannot do without and must not lie open: its key, and what setup wrote down."""
    found = {"secret.key": settings.SECRET_KEY}
    kept = Path(settings.DATA) / "settings.env"
    if kept.exists():
        found["settings.env"] = kept.read_text(encoding="utf-8")
    return found
