"""Run by a test in a process of its own: keeps what comes in, in the bucket that ANSHIN_FILES names."""

import sys

import django

django.setup()

from anshin.connectors.object_storage import adapter  # noqa: E402
from anshin.plumbing.files import store  # noqa: E402

if "--in-parts" in sys.argv:
    adapter._TRANSFER.multipart_threshold = adapter._TRANSFER.multipart_chunksize = 5 * 1024 * 1024
sys.stdout.write(store._keep_bytes(sys.stdin.buffer)[0])
