"""A Redis of one's own, for tests and benches that kill it. Needs Debian's redis-server."""

import socket
import subprocess
import time

PATIENCE = 30  # seconds


class OwnRedis:
    """A server without a disk: what it holds is lost with it."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        for _try in range(PATIENCE * 20):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("redis-server does not answer")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
