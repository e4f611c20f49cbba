"""A worker process that sends replies over SMTP, as `anshin worker` does; carriers are served four times as quickly.

python -m tests.channels.email.outside.sending_worker; it works until its standard input ends.
"""

import dataclasses
import os
import sys
from datetime import timedelta

import django


def main() -> None:
    django.setup()
    from django.conf import settings

    from anshin.cases.ports import outbox
    from anshin.channels.email.pacing import paces
    from anshin.channels.email.ports import transport
    from anshin.channels.email.sending.adapter import EmailOutbox
    from anshin.channels.email.servers.smtp import SmtpTransport
    from anshin.plumbing.jobs.worker import Worker

    settings.MEDIA_ROOT = os.environ["ANSHIN_FILES_OF_TEST"]
    for carrier, receiver in paces.CARRIERS.items():
        paces.CARRIERS[carrier] = _quicker(receiver)
    outbox.fill(EmailOutbox())
    transport.fill(SmtpTransport())
    worker = Worker(threads=2, queues=["mail_out"], at_once={}, keeps_timetable=False)
    worker.start()
    sys.stdout.write("here\n")
    sys.stdout.flush()
    sys.stdin.read()
    worker.stop()


def _quicker(receiver):  # type: ignore[no-untyped-def]
    pace = receiver.pace
    quick = dataclasses.replace(pace, spacing=pace.spacing / 4, first_pause=timedelta(seconds=1))
    return dataclasses.replace(receiver, pace=quick)


if __name__ == "__main__":
    main()
