"""The commands of ./anshin: finds the one that was asked for, prepares Django for it, runs it."""

import argparse
import importlib
import os
import sys
from types import ModuleType

from anshin.project.environment import BadSetting

COMMANDS = (
    "demo",
    "setup",
    "serve",
    "worker",
    "receive",
    "import-mail",
    "import-orders",
    "import-stock",
    "import-cases",
    "export",
    "classify",
    "learn-topics",
    "reindex",
    "backup",
    "restore",
    "move-database",
    "move-files",
    "second-factor-off",
    "test",
    "check",
    "bench",
    "messages",
    "makemigrations",
    "screenshots",
)
WITHOUT_DJANGO = {
    "classify",
    "learn-topics",
    "demo",
    "receive",
    "test",
    "check",
    "bench",
    "messages",
    "makemigrations",
    "screenshots",
    "setup",
    "restore",
    "move-database",
}


def main(arguments: list[str]) -> int:
    """Run one command; its result is the exit code."""
    name = arguments[0] if arguments else "--help"
    if name not in COMMANDS:
        return _overview(asked_for_help=name in {"--help", "-h", "help"}, name=name)
    module = importlib.import_module(f"anshin.project.cli.{name.replace('-', '_')}")
    parser = argparse.ArgumentParser(prog=f"./anshin {name}", description=module.HELP)
    module.add_arguments(parser)
    try:
        options = parser.parse_args(arguments[1:])
    except SystemExit as ended:
        return getattr(module, "BAD_USE", 2) if ended.code else 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anshin.project.settings")
    try:
        if name not in WITHOUT_DJANGO:
            import django

            django.setup()
        return int(module.run(options))
    except BadSetting as mistake:
        sys.stderr.write(f"{mistake}\nEvery setting: docs/operators/settings.md\n")
        return 2


def _overview(*, asked_for_help: bool, name: str) -> int:
    out = sys.stdout if asked_for_help else sys.stderr
    if not asked_for_help:
        out.write(f"There is no command “{name}”.\n")
    out.write("Anshin: customer care for online shops.\n\nCommands (each with --help):\n")
    for command in COMMANDS:
        out.write(f"  {command:14} {_help(command)}\n")
    return 0 if asked_for_help else 2


def _help(command: str) -> str:
    try:
        module: ModuleType = importlib.import_module(f"anshin.project.cli.{command.replace('-', '_')}")
    except ModuleNotFoundError:
        return ""
    return str(module.HELP)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
