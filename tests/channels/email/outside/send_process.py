"""A process that sends one reply and stands still at a certain point, to be killed there.

python -m tests.channels.email.outside.send_process MESSAGE_ID before_the_dot|after_the_answer
"""

import os
import sys

import django


def main(message_id: int, point: str) -> None:
    django.setup()
    from django.conf import settings

    from anshin.cases.actions import deliver_message
    from anshin.channels.email.ports import transport
    from anshin.plumbing import clock
    from tests.channels.email.outside.standing_still import StandsStill

    settings.MEDIA_ROOT = os.environ["ANSHIN_FILES_OF_TEST"]

    transport.fill(StandsStill(point))
    deliver_message(message_id=message_id, now=clock.now())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
