"""`anshin receive` that stands still at a certain point, to be killed there.

python -m tests.channels.email.outside.receive_process before_the_commit|after_the_commit ADDRESS < MAIL
"""

import sys
import time


def main(point: str, address: str) -> None:
    import django

    django.setup()
    from anshin.channels.email.arriving import receiving, storing
    from anshin.project.__main__ import main as command

    if point == "before_the_commit":
        storing.enqueue = _stand_still
    else:
        really = receiving.receive
        receiving.receive = lambda **known: (really(**known), _stand_still())
    command(["receive", address])


def _stand_still(*_args: object, **_options: object) -> None:
    sys.stdout.write("here\n")
    sys.stdout.flush()
    time.sleep(600)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
