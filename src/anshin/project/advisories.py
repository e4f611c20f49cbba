"""Whether anything is known against the libraries that we lock; for `anshin check`.

The locks name every library with its version, so nothing is installed or resolved for the question. Where nobody
answers the question, that is said and nothing fails: a machine without the internet must be able to check its code.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[3]
LOCKS = ("run", "machines", "dev")
_LONGEST_SECONDS = 300
_SHOWN = 5

Ask = Callable[[Path], str]


class Judged(NamedTuple):
    """What was answered: sentences about libraries against which something is known, and names nobody knows of."""

    known: list[str]
    unanswered: list[str]
    asked_count: int


def report(ask: Ask | None = None) -> bool:
    """Print what is known against our libraries; False when there is anything."""
    is_well = True
    for name in LOCKS:
        try:
            judged = judge(json.loads((ask or _ask)(ROOT / "requirements" / f"{name}.lock")))
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            _say(f"{name}.lock: NOT CHECKED, since the list of advisories could not be asked ({_first_line(error)}).")
            continue
        for sentence in judged.known:
            _say(f"{name}.lock: {sentence}")
        if judged.unanswered:
            some = ", ".join(judged.unanswered[:_SHOWN])
            more = f" and {len(judged.unanswered) - _SHOWN} more" if len(judged.unanswered) > _SHOWN else ""
            of = f"{len(judged.unanswered)} of {judged.asked_count} libraries"
            _say(f"{name}.lock: NOT CHECKED for {of}, of which the list of advisories says nothing: {some}{more}.")
        is_well = is_well and not judged.known
    return is_well


def judge(said: Mapping[str, Any]) -> Judged:
    """What pip-audit's JSON means. Raises ValueError when it is none of its answers."""
    rows = said.get("dependencies")
    if not isinstance(rows, list):
        raise ValueError("an answer without libraries")
    known, unanswered = [], []
    for row in rows:
        if "skip_reason" in row:
            unanswered.append(row["name"])
        for found in row.get("vulns", []):
            mended = f"; mended in {', '.join(found['fix_versions'])}" if found.get("fix_versions") else ""
            known.append(f"{row['name']} {row['version']}: {found['id']}{mended}. Raise it in the lock.")
    return Judged(known, unanswered, len(rows))


def _ask(lock: Path) -> str:
    """pip-audit's answer about a lock. Raises OSError, CalledProcessError, TimeoutExpired."""
    command = [sys.executable, "-P", "-m", "pip_audit", "--requirement", str(lock), "--require-hashes", "--no-deps"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False)
    if not done.stdout.strip():  # 1 with an answer: something is known
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        raise subprocess.SubprocessError(last)
    return done.stdout


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _say(sentence: str) -> None:
    sys.stderr.write(f"  {sentence}\n")
