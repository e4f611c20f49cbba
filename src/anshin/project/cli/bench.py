"""The command `anshin bench`: measures one of the promised figures; each is a program in the folder bench/."""

import argparse
import os
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
    """Become the bench, so that an order to stop reaches it; 2 when there is none of that name.

    It ends with 0 when it has measured and the goal is kept, with 1 when the goal is missed.
    """
    folder = ROOT / "bench"
    names = sorted(path.stem for path in folder.glob("*.py") if _is_a_bench(path))
    if options.name in names:
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        command = [sys.executable, str(folder / f"{options.name}.py"), *options.rest]
        os.chdir(ROOT)
        os.execve(sys.executable, command, os.environ | {"PYTHONPATH": path})  # noqa: S606  one of the names above
    print(f"Choose one of: {', '.join(names)}." if names else f"There is no folder {folder}.", file=sys.stderr)
    return 2


def _is_a_bench(path: Path) -> bool:
    return "def main(" in path.read_text(encoding="utf-8")
