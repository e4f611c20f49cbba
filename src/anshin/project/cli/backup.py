"""The command `anshin backup`: everything that the installation holds, copied while it works."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from anshin.project.cli.wording import _, fail, terminal_language

HELP = "Copy database, files and sealed secrets into a folder of backups, while the desk works."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, help="Folder of backups (default: ANSHIN_BACKUP_TO).")
    parser.add_argument("--keep", type=int, default=0, metavar="N", help="Remove all but the newest N (default: none).")


def run(options: argparse.Namespace) -> int:
    """0 when everything was copied, 1 when files had been lost before or the backup failed, 2 without a folder."""
    from django.conf import settings
    from django.utils import translation

    from anshin.plumbing import clock
    from anshin.plumbing.backups.jobs import own_secrets
    from anshin.plumbing.backups.making import make
    from anshin.plumbing.backups.terms import State, Trouble

    translation.activate(terminal_language())
    place = options.folder or (Path(settings.ANSHIN_BACKUP_TO) if settings.ANSHIN_BACKUP_TO else None)
    if place is None:
        return fail(_("Name a folder for the backup, or set ANSHIN_BACKUP_TO."))
    phrase = settings.ANSHIN_BACKUP_PASSPHRASE or asked_passphrase(twice=True)
    row = make(place=place.resolve(), secrets=own_secrets(), passphrase=phrase, keep=options.keep, now=clock.now())
    if row.state == State.FAILED:
        fail("%(why)s %(said)s", why=Trouble(row.trouble).label, said=row.said)
        return 1
    size = f"{row.size_bytes / 1_000_000:,.1f} MB"
    print(
        _("Copied: %(rows)s rows, %(files)s files, %(size)s.")
        % {"rows": f"{row.rows:,}", "files": f"{row.files:,}", "size": size}
    )
    if row.lost_files:
        fail(_("%(count)s files were lost or damaged before and are not in it."), count=row.lost_files)
        return 1
    return 0


def asked_passphrase(*, twice: bool = False) -> str:
    """ANSHIN_BACKUP_PASSPHRASE, or what the person at the terminal types; "" when nobody is there or both differ."""
    if given := os.environ.get("ANSHIN_BACKUP_PASSPHRASE"):
        return given
    if file := os.environ.get("ANSHIN_BACKUP_PASSPHRASE_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    if not sys.stdin.isatty():
        return ""
    first = getpass.getpass(_("Passphrase of the backups: "))
    return first if not twice or first == getpass.getpass(_("Once more: ")) else ""
