"""Whom a notice reaches, over many orders: counting them, writing the notices, handing mails to an SMTP server.

./anshin bench safety_reach [--buyers 1000000] [--database postgres:///x] [--folder /tmp/x]

Ten order lines a buyer; every tenth line is of the affected product, so that nearly as many orders as there are buyers
are reached. Goals at 1,000,000 buyers: 10 s to count, 120 s to write; 300 mails a second handed over, on one core. Then
everything is written a second time by a process that is ended by SIGKILL in the middle, and by one that goes on: each
order and each address once. With `--folder` what was filled is kept there and used again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench import desk

MAILS = 5_000


def main() -> int:
    """Fill, count, write, write killed, send; 0 when every goal is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--buyers", type=int, default=1_000_000)
    parser.add_argument("--database", default="", help="postgres:///name; a database of its own beside it is used.")
    parser.add_argument("--folder", default="", help="Keep what was filled in this folder, and use it again.")
    given = parser.parse_args()
    folder = Path(given.folder or f"/tmp/anshin-safety-reach-{os.getpid()}")
    here = _filled(folder, given.database, given.buyers)
    try:
        return 0 if _measured(here, given.buyers) else 1
    finally:
        if not given.folder:
            shutil.rmtree(folder, ignore_errors=True)


def _filled(folder: Path, database: str, buyers: int) -> desk.PlaceOfNow:
    address = folder / "database"
    if address.exists():
        return desk.PlaceOfNow(folder, address.read_text())
    folder.mkdir(parents=True, exist_ok=True)
    here = desk.PlaceOfNow(folder, desk.fresh_database(database, "safety_reach") if database else "")
    here.run("-m", "django", "migrate", "-v0")
    _do(here, "open_bench", buyers, 0)
    _do(here, "settle")
    address.write_text(here.url)
    return here


def _measured(here: desk.Place, buyers: int) -> bool:
    _do(here, "approve_anew")
    counted = _do(here, "count")
    print(f"{here.name}: {buyers} buyers; {counted['orders']} orders, {counted['mails']} mails; load {_load()}")
    kept = desk.told("counting the audience", counted["seconds"], 10, "s")
    _tell_cpu(counted)
    _do(here, "release_now")
    written = _do(here, "announce")
    is_whole = _is_each_once(here, counted)
    kept &= desk.told(f"writing {written['rows']} notices and mails", written["seconds"], 120, "s") and is_whole
    _tell_cpu(written)
    again = _do(here, "announce_again")
    print(f"a second run adds {again['rows']} rows in {again['seconds']:.1f} s")
    _tell_cpu(again)
    kept &= again["rows"] == 0 and _killed_in_the_middle(here, counted)
    sent = _do(here, "send", MAILS)
    print(f"{sent['mails']} mails handed over: {sent['mails'] / sent['seconds']:.0f} a second; load {_load()}")
    print(f"{'':44} {sent['mails'] / sent['cpu']:.0f} a CPU-second of ours")
    return kept


def _killed_in_the_middle(here: desk.Place, counted: dict[str, Any]) -> bool:
    _do(here, "forget_notices")
    command = [sys.executable, "-c", "from bench import safety_filling as s; s.tell(s.announce)"]
    process = subprocess.Popen(command, cwd=desk.ROOT, env=os.environ | here.environment(), stdout=subprocess.DEVNULL)
    while process.poll() is None and _notices(here) < counted["orders"] // 2:
        time.sleep(0.5)
    process.send_signal(signal.SIGKILL)
    process.wait()
    there = _notices(here)
    rest = _do(here, "announce")
    print(f"killed after {there} notices; the next run wrote the rest in {rest['seconds']:.1f} s")
    _tell_cpu(rest)
    return 0 < there < counted["orders"] and _is_each_once(here, counted)


def _is_each_once(here: desk.Place, counted: dict[str, Any]) -> bool:
    found = _do(here, "rows")
    is_so = (
        found["notices"] == found["orders"] == counted["all_orders"]
        and found["mails"] == found["addresses"] == counted["mails"]
    )
    print(f"{'each order and each address once':44} {is_so} {found}")
    return is_so


def _notices(here: desk.Place) -> int:
    return int(_do(here, "notices")["count"])


def _do(here: desk.Place, what: str, *values: int) -> dict[str, Any]:
    told = here.run("-c", f"from bench import safety_filling as s; s.tell(s.{what}, *{values!r})").splitlines()
    found: dict[str, Any] = json.loads(told[-1])
    return found


def _tell_cpu(spent: dict[str, Any]) -> None:
    ours, server = spent["cpu"], spent["server"]
    print(f"{'':44} CPU-s of ours {ours:.1f}, of the server {server:.1f}; load {_load()}", flush=True)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    sys.exit(main())
