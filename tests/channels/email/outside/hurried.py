"""The commands of ./anshin in a process that does not wait two minutes before it compares a mailbox again.

python -m tests.channels.email.outside.hurried COMMAND …
"""

import sys
from datetime import timedelta

import django


def main() -> int:
    django.setup()
    from anshin.channels.email.sheets import comparisons
    from anshin.project.__main__ import main as run

    comparisons.WHEN_BEHIND = timedelta(seconds=3)
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
