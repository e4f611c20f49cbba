"""A process that hands safety mails over and stands still at a certain mail, to be killed there.

python -m tests.channels.email.outside.safety_process ADVISORY_ID LANE before_the_dot|after_the_answer NUMBER
"""

import os
import sys

import django


def main(advisory_id: int, lane: int, point: str, number: int) -> None:
    django.setup()
    from django.conf import settings

    from anshin.channels.email.ports import transport
    from anshin.plumbing import clock
    from anshin.safety import actions
    from tests.channels.email.outside.standing_still import StandsStillWithin

    settings.MEDIA_ROOT = os.environ["ANSHIN_FILES_OF_TEST"]

    transport.fill(StandsStillWithin(point, number))
    actions.send_mails(advisory_id, lane, clock=clock.now)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
