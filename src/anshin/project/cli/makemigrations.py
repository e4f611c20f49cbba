"""The command `anshin makemigrations`: writes the migrations that changed tables need."""

import argparse
import os

HELP = "Write the migrations that changed tables need, or say whether any is missing (for developers)."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help="Only these rooms; without one, all of them.")
    parser.add_argument("--check", action="store_true", help="End with 1 when a migration is missing; write nothing.")
    parser.add_argument("--dry-run", action="store_true", help="Only show what would be written.")


def run(options: argparse.Namespace) -> int:
    """0 when nothing is missing, or everything was written; 1 when --check finds something."""
    os.environ.setdefault("ANSHIN_MODE", "development")
    import django
    from django.core.management import call_command

    django.setup()
    try:
        call_command("makemigrations", *options.rooms, check_changes=options.check, dry_run=options.dry_run)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0
