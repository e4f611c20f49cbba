"""The command `anshin restore`: a backup put back on an empty machine, and proven to be the same."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anshin.project import database, environment
from anshin.project.cli import file_store
from anshin.project.cli.backup import asked_passphrase
from anshin.project.cli.wording import _, fail, terminal_language

if TYPE_CHECKING:
    from anshin.plumbing.backups.restoring import Restored

HELP = "Put a backup back into an empty ANSHIN_DATA and an empty database, and prove that all of it is there."
OUTWARD = ("mail_out", "default")
"""The queues whose jobs do something outside: mails that leave, money that is paid back."""
_NAMED = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("set", type=Path, help="The backup: the folder in which manifest.json lies.")
    parser.add_argument(
        "--database-url", default="", help="The empty PostgreSQL database to fill (default: DATABASE_URL)."
    )


def run(options: argparse.Namespace) -> int:
    """0 when every row and file is as it was, 1 when something differs, 2 when nothing was done."""
    _words_of_refusals()
    from anshin.plumbing.backups.restoring import restore
    from anshin.plumbing.backups.terms import Refused
    from anshin.plumbing.files.errors import StorageTrouble

    data, url = (
        Path(environment.read("ANSHIN_DATA")).resolve(),
        options.database_url or environment.read("DATABASE_URL"),
    )
    where = database.from_url(url) if url else database.sqlite(data / "anshin.sqlite3")
    files_at = environment.read("ANSHIN_FILES")
    try:
        done = restore(
            options.set.resolve(),
            passphrase=asked_passphrase(),
            data=data,
            database=where,
            say=_progress,
            files=file_store.bucket(files_at) if files_at else None,
        )
    except (file_store.Unfit, StorageTrouble) as trouble:
        return fail("%(why)s", why=trouble)
    except Refused as refused:
        return fail("%(why)s %(said)s", why=refused.trouble.label, said=refused.said)
    except OSError as error:
        return fail(_("%(file)s cannot be written: %(why)s."), file=error.filename or data, why=error.strerror)
    _write_secrets(data, done.secrets, url, files_at)
    return _report(done, held=_hold(data, done.manifest.made_at))


def _words_of_refusals() -> None:
    """Just so much of Django that a refusal can be said in the terminal's language; there are no settings yet."""
    import django
    from django.conf import settings
    from django.utils import translation

    from anshin.plumbing import backups

    if not settings.configured:
        settings.configure(LOCALE_PATHS=[Path(backups.__file__).parent / "locale"])
        django.setup()
    translation.activate(terminal_language())


def _progress(what: str, done: int, of: int) -> None:
    sys.stderr.write(f"\r{what}: {done:,} / {of:,} " + ("\n" if done == of else ""))
    sys.stderr.flush()


def _write_secrets(data: Path, secrets: dict[str, str], url: str, files_at: str) -> None:
    for name, text in secrets.items():
        file = data / Path(name).name
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
    environment.keep({"DATABASE_URL": url, "ANSHIN_FILES": files_at})


def _hold(data: Path, made_at: str) -> int:
    """Let nothing leave by itself that may have left since; how many jobs wait for a person now, in every shop.

    In a process of its own, which reads the settings that came back.
    """
    code = (
        "import django; django.setup();"
        "from datetime import datetime; from anshin.plumbing import clock; from anshin.shops.queries import all_shops;"
        "from anshin.plumbing.jobs.actions import hold_after_restore;"
        "from anshin.integrations import actions as integrations; integrations.hold_after_restore();"
        "shops = list(all_shops().values_list('pk', flat=True));"
        f"made_at = datetime.fromisoformat({made_at!r});"
        f"print(hold_after_restore({OUTWARD!r}, shop_ids=shops, backup_at=made_at, now=clock.now()))"
    )
    settings: dict[str, Any] = {
        **os.environ,
        "ANSHIN_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "anshin.project.settings",
    }
    done = subprocess.run([sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=True)
    return int(done.stdout.strip() or 0)


def _report(done: "Restored", *, held: int) -> int:
    manifest = done.manifest
    print(
        _("Put back: the backup of %(moment)s, %(rows)s rows in %(tables)s tables, %(files)s files.")
        % {
            "moment": manifest.made_at,
            "rows": f"{manifest.rows:,}",
            "tables": len(manifest.tables),
            "files": f"{manifest.files:,}",
        }
    )
    if held:
        print(
            _("%(count)s jobs that would send or pay something wait under “Background work”: they may be done already.")
            % {"count": held}
        )
    print(_("What the clock would send waits, too, until an owner says go on under “Background work”."))
    if not done.is_equal:
        for name in done.different[:_NAMED]:
            fail(_("Table %(name)s is not as it was."), name=name)
        if done.lost:
            fail(_("%(count)s files are missing: %(names)s"), count=len(done.lost), names=", ".join(done.lost[:_NAMED]))
        return 1
    print(_("Every row and every file is as it was. Start the desk with ./anshin serve."))
    return 0
