"""A process that watches over a mailbox and mails what is wrong, and stands still at a certain point, to be killed.

python -m tests.channels.email.outside.alert_process MOMENT before_the_commit|before_the_dot|after_the_answer|never
"""

import os
import sys
from datetime import datetime

import django


def main(moment: str, point: str) -> None:
    django.setup()
    from django.conf import settings

    from anshin.channels.email import jobs
    from anshin.channels.email.alerts import looking
    from anshin.channels.email.ports import transport
    from anshin.plumbing import clock
    from anshin.plumbing.jobs.claim import take_back_expired
    from anshin.plumbing.jobs.inline import run_due_jobs
    from anshin.project.sign_in_post import SignInPost
    from anshin.shops.ports import postbox
    from tests.channels.email.outside.standing_still import StandsStill, stand_still

    settings.MEDIA_ROOT = os.environ["ANSHIN_FILES_OF_TEST"]
    now = datetime.fromisoformat(moment)
    clock.now = lambda: now

    tell = looking.tell_owners

    def told(**words: object) -> int:
        count = tell(**words)  # type: ignore[arg-type]
        if point == "before_the_commit":
            stand_still()
        return count

    looking.tell_owners = told
    transport.fill(StandsStill(point))
    postbox.fill(SignInPost())
    take_back_expired(now=now)  # as a worker does, of processes that are gone
    jobs.watch_over_mailboxes.call()
    run_due_jobs(now)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
