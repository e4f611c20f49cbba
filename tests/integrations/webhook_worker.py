"""Run by a test in its own process: `anshin worker` for webhooks, for which this machine counts as the internet."""

import sys

import django

django.setup()

from anshin.plumbing.web import reach  # noqa: E402
from anshin.project.__main__ import main  # noqa: E402

reach.is_public = lambda _address: True
sys.exit(main(["worker", "--threads", "1", "--without-timetable", "--queues", "webhooks"]))
