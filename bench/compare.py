"""Comparing a mailbox with its ledger: how long for 100,000 mails in a real Dovecot, and how much memory more than
for 1,000. Goal: 60 seconds, and 30 MiB more. Afterwards one mail is taken out of the ledger and must come back.

Needs Debian's dovecot-imapd. On SQLite, in a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench import desk
from bench.no_loss import mailbox_at

if TYPE_CHECKING:
    from anshin.channels.email.models import Mailbox
    from tests.channels.email.outside.dovecot_server import Dovecot


def main() -> int:
    given = _options()
    folder = Path(tempfile.mkdtemp(prefix="anshin-compare-", dir="/tmp"))
    os.environ.update(desk.Place(folder, "").environment() | {"ANSHIN_CLOCK_SHIFT_SECONDS": "0"})
    try:
        return _measure(given.mails)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(mails: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from anshin.channels.email.models import Arrival, MailDay
    from anshin.channels.email.sheets.days import sheet_page
    from tests.channels.email.outside import dovecot_server

    call_command("migrate", verbosity=0)
    with dovecot_server.running() as dovecot:
        mailbox = mailbox_at(dovecot.plain_port)
        _deliver(dovecot, range(1000))
        _enter(mailbox)
        small_seconds, small = _compared(mailbox)
        _deliver(dovecot, range(1000, mails))
        _enter(mailbox)
        seconds, large = _compared(mailbox)
        print(f"{'days with a line, mails missing':44} {MailDay.objects.count()}, {_missing()}")
        began = time.perf_counter()
        page = sheet_page(mailbox.shop, mailbox, now=datetime.now(UTC))
        received = sum(line.received_count for line in page.items)
        print(
            f"{f'the sheet of {len(page.items)} days with {received:,} mails':44} {time.perf_counter() - began:9.2f} s"
        )
        Arrival.objects.get(uid=mails // 2).delete()
        again, _memory = _compared(mailbox)
        is_back = Arrival.objects.filter(uid=mails // 2).exists()
    print(f"{'comparing 1,000 mails':44} {small_seconds:9.1f} s")
    print(f"{'again, one of them missing':44} {again:9.1f} s; it came back: {is_back}")
    kept = desk.told(f"comparing {mails:,} mails (SQLite)", seconds, 60, "s")
    kept &= desk.told("memory more than for 1,000", large - small, 30, "MiB")
    return 0 if kept and is_back and not _missing() else 1


def _missing() -> int:
    from django.db.models import Sum

    from anshin.channels.email.models import MailDay

    return MailDay.objects.aggregate(count=Sum("missing_count"))["count"] or 0


def _compared(mailbox: Mailbox) -> tuple[float, float]:
    """Seconds; and in a second comparison, which that makes slower, the most memory that Python held for it in MiB."""
    from anshin.channels.email.sheets.comparing import compare

    began = time.perf_counter()
    compare(mailbox, now=datetime.now(UTC), told=lambda _done, _of: None)
    seconds = time.perf_counter() - began
    tracemalloc.start()
    compare(mailbox, now=datetime.now(UTC), told=lambda _done, _of: None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, peak / 1024 / 1024


def _deliver(dovecot: Dovecot, numbers: range) -> None:
    for number in numbers:
        raw = f"From: a@example.jp\r\nMessage-ID: <{number}@example.jp>\r\nSubject: {number}\r\n\r\n届きません。\r\n"
        dovecot.put(raw.encode(), at=_received_at(number))


def _received_at(number: int) -> datetime:
    """A hundred mails an hour, until some time ago."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=36 * number)


def _enter(mailbox: Mailbox) -> None:
    """Ledger lines as fetching would have written them, for all mails but the reading of them."""
    from anshin.channels.email.fetching.inboxes import imap_server
    from anshin.channels.email.models import Arrival
    from anshin.channels.email.servers import imap
    from anshin.channels.email.terms import Fate, Source
    from anshin.plumbing.files.store import keep

    blob = keep(mailbox.shop_id, b"x", now=datetime.now(UTC))
    with imap.opened(imap_server(mailbox)) as inbox:
        uids = inbox.uids_after(mailbox.last_uid)
        mailbox.uidvalidity, mailbox.last_uid = inbox.uidvalidity, uids[-1]
    for start in range(0, len(uids), 1000):
        Arrival.objects.bulk_create(
            Arrival(
                shop_id=mailbox.shop_id,
                mailbox=mailbox,
                source=Source.IMAP,
                uidvalidity=mailbox.uidvalidity,
                uid=uid,
                raw_blob=blob,
                sha256=blob.sha256,
                size_bytes=1,
                dedupe_key=f"{uid}@in-the-ledger.example",
                arrived_at=_received_at(uid),
                server_date_at=_received_at(uid),
                fate=Fate.TAKEN_IN,
            )
            for uid in uids[start : start + 1000]
        )
    mailbox.save()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=100_000)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
