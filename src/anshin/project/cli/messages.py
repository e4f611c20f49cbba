"""The command `anshin messages`: brings the Japanese catalogues up to date with the sentences of the code."""

import argparse
import sys

HELP = "Add an empty entry to the catalogues for each sentence that has no Japanese yet."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--drop-unused", action="store_true", help="Also remove entries of sentences that are gone.")


def run(options: argparse.Namespace) -> int:
    """0 when every sentence has its Japanese, 1 when there is something left to write."""
    from anshin.project import translations

    try:
        added = translations.update(drop_unused=options.drop_unused)
    except FileNotFoundError:
        sys.stderr.write("xgettext is missing. Install it (Debian: apt-get install gettext).\n")
        return 1
    sys.stderr.write(f"{added} new entries.\n")
    return 0 if translations.report() else 1
