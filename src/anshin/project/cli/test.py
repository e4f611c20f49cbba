"""The command `anshin test`: the whole suite, on SQLite and, when a database is named, on PostgreSQL."""

import argparse
import os
import subprocess
import sys

HELP = "Run all tests: on SQLite, then on PostgreSQL when ANSHIN_TEST_DATABASE_URL is set."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="Only on this database.")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="Anything else goes to pytest.")


def run(options: argparse.Namespace) -> int:
    """0 when everything passed on every database."""
    url = os.environ.get("ANSHIN_TEST_DATABASE_URL", "")
    runs = {"sqlite": "", **({"postgresql": url} if url else {})}
    if options.only:
        if options.only not in runs:
            sys.stderr.write("Set ANSHIN_TEST_DATABASE_URL, for example postgres:///anshin_test.\n")
            return 2
        runs = {options.only: runs[options.only]}
    worst = 0
    rest = [argument for argument in options.rest if argument != "--"]
    for name, database in runs.items():
        sys.stderr.write(f"Tests on {name} …\n")
        environment = {**os.environ, "ANSHIN_TEST_DATABASE_URL": database}
        done = subprocess.run([sys.executable, "-P", "-m", "pytest", *rest], env=environment, check=False)
        worst = worst or done.returncode
    return worst
