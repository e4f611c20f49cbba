"""A process that sends one reply and stands still at a certain point, to be killed there.

python -m tests.channels.email.outside.send_process MESSAGE_ID before_the_dot|after_the_answer
"""

import os
import sys
import time

import django


def main(message_id: int, point: str) -> None:
    django.setup()
    from django.conf import settings

    from anshin.cases.actions import deliver_message
    from anshin.channels.email.ports import transport
    from anshin.channels.email.servers.smtp import SmtpTransport
    from anshin.plumbing import clock

    settings.MEDIA_ROOT = os.environ["ANSHIN_FILES_OF_TEST"]

    class StandsStill(SmtpTransport):
        def send(self, sender, recipients, raw, *, handing_over):  # type: ignore[no-untyped-def]
            def at_the_dot() -> None:
                if point == "before_the_dot":
                    _stand_still()
                handing_over()

            words = super().send(sender, recipients, raw, handing_over=at_the_dot)
            _stand_still()
            return words

    transport.fill(StandsStill())
    deliver_message(message_id=message_id, now=clock.now())


def _stand_still() -> None:
    sys.stdout.write("here\n")
    sys.stdout.flush()
    time.sleep(600)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
