"""The command `anshin move-files`: every file from the disk to a bucket or back, proven equal by hash."""

import argparse
import os
import sys
from collections.abc import Iterator

from anshin.project import environment
from anshin.project.cli.file_store import Unfit, shelf_at
from anshin.project.cli.wording import _, fail, terminal_language

HELP = "Copy all files from the disk to S3-compatible storage or back, and prove by hash that each is the same."
_NAMED = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", required=True, metavar="ADDRESS", help="s3://bucket/folder?endpoint=…, or “disk”.")


def run(options: argparse.Namespace) -> int:
    """0 when every file is there with its hash and the settings name the place, 1 when one is not, 2 when nothing was
    done. May be run while the desk works, and once more with the desk stopped for what came meanwhile."""
    from django.utils import translation

    from anshin.plumbing.files.errors import StorageTrouble
    from anshin.plumbing.files.store import own_shelf
    from anshin.plumbing.files.transfer import transfer

    translation.activate(terminal_language())
    now_at, to = environment.read("ANSHIN_FILES"), "" if options.to == "disk" else options.to
    if now_at == to:
        return fail(_("The files lie there already. The settings say so as ANSHIN_FILES."))
    try:
        target = shelf_at(to)
        target.look()
        counted, damaged = 0, []
        for count, sha256, is_equal in _counted(transfer(own_shelf(), target)):
            counted = count
            if not is_equal:
                damaged.append(sha256)
    except Unfit as unfit:
        return fail(str(unfit))
    except (StorageTrouble, OSError) as trouble:
        return fail(_("%(why)s What was copied so far is kept; run the command again."), why=trouble)
    if damaged:
        names = ", ".join(damaged[:_NAMED])
        fail(_("%(count)s files are missing or damaged where they lay: %(names)s"), count=len(damaged), names=names)
        return 1
    print(_("%(count)s files are there, each with its own hash.") % {"count": f"{counted:,}"})
    _name(to)
    return 0


def _name(to: str) -> None:
    if "ANSHIN_FILES" in os.environ or "ANSHIN_FILES_FILE" in os.environ:
        print(_("Now set ANSHIN_FILES to “%(where)s”, and start the desk and its workers.") % {"where": to})
        return
    environment.keep({"ANSHIN_FILES": to})
    print(_("The settings name the new place. Start the desk and its workers; remove the old files when all is well."))


def _counted(copied: Iterator[tuple[str, bool]]) -> Iterator[tuple[int, str, bool]]:
    for count, (sha256, is_equal) in enumerate(copied, start=1):
        if count % 100 == 0:
            sys.stderr.write(f"\r{count:,} ")
            sys.stderr.flush()
        yield count, sha256, is_equal
