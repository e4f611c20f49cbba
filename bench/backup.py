"""How long a backup of 100,000 cases with 5 GB of files takes, the second night, and the way back: equal by hash.

No goal is promised but that every row and file is equal. Photos are 400 kB of chance each, so that nothing compresses.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time

from bench import desk

PHOTO_BYTES = 400_000
PHRASE = "bench-passphrase-of-the-backups"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="postgres:///name; databases of its own beside it are used.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--gigabytes", type=float, default=5.0)
    given = parser.parse_args()
    here = desk.place(given.database, given.cases)
    photos = int(given.gigabytes * 1e9 / PHOTO_BYTES)
    here.run("-c", f"from bench import backup; backup.add_photos({photos})")
    store, back = here.folder.parent / "backup-store", here.folder.parent / "backup-back"
    for folder in (store, back):
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{here.name}: {given.cases:,} cases, {photos:,} photos", flush=True)
    fine = _timed("the first backup", here, "backup", str(store))
    fine &= _timed("the second, with the same files", here, "backup", str(store))
    newest = max(store.glob("20*"))
    url = desk.fresh_database(given.database, "restored") if given.database else ""
    there = desk.Place(back, url)
    fine &= _timed("the restore", there, "restore", str(newest))
    print(f"database's copy {max(newest.glob('database*')).stat().st_size / 1e6:,.0f} MB", flush=True)
    return 0 if fine else 1


def add_photos(count: int) -> None:
    """Keep so many files, unless they are there already. Runs in the desk's own process."""
    import django

    django.setup()
    from anshin.plumbing import clock
    from anshin.plumbing.files import store
    from anshin.plumbing.files.models import Blob
    from anshin.shops.models import Shop

    shop = Shop.objects.get(slug=desk.SLUG)
    for number in range(Blob.objects.filter(size_bytes=PHOTO_BYTES).count(), count):
        seed = hashlib.sha256(str(number).encode()).digest()
        store.keep(shop.pk, hashlib.shake_256(seed).digest(PHOTO_BYTES), now=clock.now())


def _timed(what: str, here: desk.Place, *command: str) -> bool:
    environment = {**os.environ, **here.environment(), "ANSHIN_BACKUP_PASSPHRASE": PHRASE}
    environment["ANSHIN_CLOCK_SHIFT_SECONDS"] = "0"  # sets are named after the moment, and no two share one
    before, began = os.times(), time.monotonic()
    arguments = [sys.executable, "-m", "anshin.project", *command]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"{what:40} {time.monotonic() - began:7.1f} s by the clock, {spent:6.1f} CPU-seconds of ours", flush=True)
    if done.returncode:
        print(f"FAILED: {done.stderr[-300:]}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
