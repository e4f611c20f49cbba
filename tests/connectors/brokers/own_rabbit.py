"""A RabbitMQ of one's own, for benches that kill it. Needs Debian's rabbitmq-server."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PROGRAM = "/usr/lib/rabbitmq/bin/rabbitmq-server"
PATIENCE = 90  # seconds


class OwnRabbit:
    """A node with folder, name and ports of its own. Its queues are on disk: they outlive a kill, as far as written."""

    def __init__(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="anshin-rabbit-", dir="/tmp", ignore_cleanup_errors=True)
        self.port, self._nodes, self._names = _free_port(), _free_port(), _free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}//"
        home = self._home.name
        (Path(home) / "plugins").write_text("[].")
        self._environment = os.environ | {
            "HOME": home,
            "RABBITMQ_NODENAME": f"own{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(self._nodes),
            "ERL_EPMD_PORT": str(self._names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": home,
            "RABBITMQ_LOG_BASE": home,
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/plugins",
            "RABBITMQ_CONFIG_FILE": f"{home}/none",
            "RABBITMQ_CONF_ENV_FILE": f"{home}/none",
        }
        self.start()

    def start(self) -> None:
        with (Path(self._home.name) / "said").open("ab") as said:
            self.process = subprocess.Popen(
                [PROGRAM], env=self._environment, stdout=said, stderr=said, cwd="/tmp", start_new_session=True
            )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError("rabbitmq-server does not answer")

    def kill(self) -> None:
        """End it as when the power goes, with what it has started; its register of names goes at the end."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def end(self) -> None:
        """Kill it for good and take its folder away."""
        self.kill()
        end, order = time.monotonic() + 10, ["epmd", "-port", str(self._names), "-kill"]
        while time.monotonic() < end:  # it refuses for as long as it has not noticed that the node is gone
            done = subprocess.run(order, capture_output=True, check=False, timeout=PATIENCE)
            if b"Killed" in done.stdout + done.stderr:
                break
            time.sleep(0.2)
        self._home.cleanup()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
