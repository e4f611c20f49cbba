"""An SMTP sink in a process of its own, so that its work does not count as ours."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def running_apart() -> Iterator[int]:
    """The port of a server that takes every mail and forgets it."""
    process = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait(10)


class _Sink:
    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        return "250 2.0.0 Ok"


if __name__ == "__main__":
    import socket

    from aiosmtpd.controller import Controller

    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    controller = Controller(_Sink(), hostname="127.0.0.1", port=port, server_hostname="localhost")
    controller.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    sys.stdin.read()
