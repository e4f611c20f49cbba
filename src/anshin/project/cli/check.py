"""The command `anshin check`: everything that can be said about the code without running it as a whole."""

import argparse
import shutil
import subprocess
import sys

HELP = "Lint, types, contracts, house tests, templates, translations, dependencies, known weaknesses."
PYTHON = [sys.executable, "-P", "-m"]
CHECKS: dict[str, list[str]] = {
    "lint": [*PYTHON, "ruff", "check", "."],
    "format": [*PYTHON, "ruff", "format", "--check", "."],
    "types": [*PYTHON, "mypy"],
    "contracts": ["lint-imports"],
    "house": [*PYTHON, "pytest", "tests/house"],
    "templates": ["templates"],
    "translations": ["translations"],
    "dependencies": [*PYTHON, "deptry", "src"],
    "weaknesses": [*PYTHON, "bandit", "--quiet", "--recursive", "--configfile", "pyproject.toml", "src"],
    "advisories": ["advisories"],
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("only", nargs="*", help=f"Some of: {', '.join(CHECKS)} (default: all).")


def run(options: argparse.Namespace) -> int:
    """0 when every check passed."""
    failed = []
    for name, command in CHECKS.items():
        if options.only and name not in options.only:
            continue
        sys.stderr.write(f"· {name}\n")
        if not _passes(name, command):
            failed.append(name)
    if failed:
        sys.stderr.write(f"Failed: {', '.join(failed)}\n")
        return 1
    sys.stderr.write("All checks passed.\n")
    return 0


def _passes(name: str, command: list[str]) -> bool:
    from anshin.project import advisories, template_lint, translations

    if name == "templates":
        return template_lint.report()
    if name == "translations":
        return translations.report()
    if name == "advisories":
        return advisories.report()
    program = shutil.which(command[0], path=f"{sys.prefix}/bin") or command[0]
    return subprocess.run([program, *command[1:]], check=False).returncode == 0
