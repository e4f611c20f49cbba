"""Run by a test in a process of its own: dies between writing the bytes and moving them to their place."""

import os
import signal
import sys
from pathlib import Path

from django.conf import settings

settings.configure(MEDIA_ROOT=Path(sys.argv[1]), INSTALLED_APPS=["anshin.plumbing.files"], USE_TZ=True)

import django  # noqa: E402

django.setup()

from anshin.plumbing.files import store  # noqa: E402
from anshin.plumbing.files.folder import Folder  # noqa: E402


def _die(*_args: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


Folder.put = _die
store._keep_bytes(sys.stdin.buffer)
