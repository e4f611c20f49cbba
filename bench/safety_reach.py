"""Whom a notice reaches, over many orders: counting them, writing the notices, handing the mails to an SMTP server.

python bench/safety_reach.py BUYERS [postgres:///an_empty_database]

Ten order lines a buyer; every tenth line is of the affected product, so that nearly as many orders as there are buyers
are reached. Goals at 1,000,000 buyers: 10 s to count, 120 s to write; 300 mails a second handed over, on one core.
Prints wall-clock seconds, and CPU seconds of this process for the sending.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anshin.safety.models import Advisory

ROOT = Path(__file__).resolve().parents[1]
MAILS = 5_000
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


def main() -> None:
    """Fill, count, write, send."""
    buyers = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = sys.argv[2] if len(sys.argv) > 2 else ""
        os.environ["ANSHIN_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anshin.project.settings")
        os.environ.setdefault("ANSHIN_MODE", "development")
        sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from bench.safety_filling import fill

        advisory = fill(buyers, NOW)
        _measure(advisory, buyers)


def _measure(advisory: Advisory, buyers: int) -> None:
    from anshin.safety import actions, queries
    from anshin.safety.models import Advisory, Notice, SafetyMail
    from bench.safety_filling import LINES_EACH

    told, seconds = _timed(lambda: queries.audience(advisory))
    print(
        f"{buyers} buyers, {buyers * LINES_EACH} lines: "
        f"{told.told} orders, {told.mails} mails counted in {seconds:.1f} s"
    )
    actions.release_due(now=NOW)
    _rows, seconds = _timed(lambda: actions.announce(advisory.pk, now=NOW))
    print(f"writing {Notice.objects.count()} notices and {SafetyMail.objects.count()} mails: {seconds:.1f} s")
    added, seconds = _timed(lambda: actions.announce(advisory.pk, now=NOW))
    print(f"again: {added} rows, {seconds:.1f} s")
    _send(Advisory.objects.get(pk=advisory.pk))


def _send(advisory: Advisory) -> None:
    from anshin.channels.email.models import Mailbox
    from anshin.channels.email.ports import transport
    from anshin.channels.email.servers.smtp import SmtpTransport
    from anshin.plumbing import clock
    from anshin.safety.actions import sending
    from anshin.safety.actions.calling import LANES
    from anshin.safety.models import SafetyMail
    from tests.channels.email.outside.smtp_process import running_apart

    kept = SafetyMail.objects.order_by("-rank", "pk").values_list("pk", flat=True)[:MAILS]
    SafetyMail.objects.exclude(pk__in=list(kept)).update(state="bounced")
    sending.RUN_FOR = timedelta(hours=1)  # type: ignore[misc]
    with running_apart() as port, transport.filled_with(SmtpTransport()):
        Mailbox.objects.create(
            shop=advisory.shop,
            address="shop@komorebi.example",
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="plain",
            created_at=NOW,
        )
        cpu = time.process_time()
        taken, seconds = _timed(
            lambda: sum(sending.send_mails(advisory.pk, lane, clock=clock.now) for lane in range(LANES))
        )
        cpu = time.process_time() - cpu
    print(f"{taken} mails handed over: {taken / seconds:.0f} a second, {taken / cpu:.0f} a CPU-second of ours")


def _timed(work: Any) -> tuple[Any, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


if __name__ == "__main__":
    main()
