"""The desk on a port for browser tests, which can tell when nobody is being served any more."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

QUIET_SECONDS = 20


class CountingServer(ThreadedWSGIServer):
    """Knows its connections, from the moment each is accepted until its thread has nothing more to do."""

    def __init__(self, *args, **how):
        super().__init__(*args, **how)
        self.changed = threading.Condition()
        self.served = 0

    def process_request(self, request, client_address):
        with self.changed:
            self.served += 1
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self.changed:
                self.served -= 1
                self.changed.notify_all()


class DeskServer(LiveServerThread):
    """Each request in a thread with a database connection of its own, as in real life."""

    def __init__(self):
        super().__init__("localhost", StaticFilesHandler)
        self.daemon = True

    def _create_server(self, connections_override=None):
        return CountingServer(
            (self.host, self.port),
            QuietWSGIRequestHandler,
            allow_reuse_address=False,
            connections_override=connections_override,
        )

    def wait_until_quiet(self):
        """Returns when all that browsers asked before is answered, so that the tables may be emptied.

        A browser that is closed leaves requests behind: some being answered, some not even accepted. Connections are
        accepted in their order, so once one of our own is answered, none is waiting.
        """
        asked = urllib.request.Request(f"http://localhost:{self.port}/robots.txt", headers={"Connection": "close"})
        try:
            urllib.request.urlopen(asked, timeout=QUIET_SECONDS).close()
        except urllib.error.HTTPError as answer:
            answer.close()
        end = time.monotonic() + QUIET_SECONDS
        with self.httpd.changed:
            while self.httpd.served:
                assert self.httpd.changed.wait(end - time.monotonic()), f"{self.httpd.served} connections stay open"
