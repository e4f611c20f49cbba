"""The command `anshin bench`: measures one of the promised figures; each is a program in the folder bench/."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HELP = "Measure one of the promised figures: inbox, case, reply, growth, start, import_mail, fuzz_mail and others."
ROOT = Path(__file__).resolve().parents[4]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", default="", help="Which figure; without one, the list of them.")
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, help="Goes to the bench, for example --database postgres:///x."
    )


def run(options: argparse.Namespace) -> int:
    """The exit code of the bench: 0 when it has measured and the goal is kept, 1 when the goal is missed."""
    folder = ROOT / "bench"
    names = sorted(path.stem for path in folder.glob("*.py") if _is_a_bench(path))
    if options.name not in names:
        where = f"Choose one of: {', '.join(names)}." if names else f"There is no folder {folder}."
        print(where, file=sys.stderr)
        return 2
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    command = [sys.executable, str(folder / f"{options.name}.py"), *options.rest]
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, cwd=ROOT, check=False).returncode


def _is_a_bench(path: Path) -> bool:
    return "def main(" in path.read_text(encoding="utf-8")
