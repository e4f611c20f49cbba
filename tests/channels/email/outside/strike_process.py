"""A process that strikes a number out and is killed with -9 at a certain point, or goes to its end.

python -m tests.channels.email.outside.strike_process MESSAGE_ID TEXT POINT
POINT: before_the_first_write, before_the_commit, after_the_commit, never
"""

import os
import signal
import sys

import django


def main(message_id: int, text: str, point: str) -> None:
    django.setup()
    from django.conf import settings

    from anshin.cases import actions
    from anshin.cases.actions import striking
    from anshin.cases.terms import StrikeReason
    from anshin.plumbing import clock
    from anshin.plumbing.files import removal
    from anshin.shops.models import Membership

    settings.MEDIA_ROOT = os.environ["ANSHIN_FILES_OF_TEST"]

    def die(*_args: object, **_values: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if point == "before_the_first_write":
        striking._lock = die
    if point == "before_the_commit":
        removal.let_go = die
    if point == "after_the_commit":
        removal.remove_contents = die
    by = Membership.objects.get(role="manager")
    actions.strike(by=by, message_id=message_id, texts=[text], file_ids=[], reason=StrikeReason.NUMBER, now=clock.now())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
