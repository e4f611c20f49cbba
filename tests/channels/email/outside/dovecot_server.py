"""A private Dovecot for tests: own folder, own ports, one user, plain and TLS with a certificate made for it."""

import contextlib
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

USER = "shop@komorebi.example"
PASSWORD = "neko-no-te-mo"

CONFIG = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
info_log_path = {base}/log
protocols = imap
listen = 127.0.0.1
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
mail_location = maildir:{base}/mail
mail_uid = {mail_user}
mail_gid = {mail_group}
first_valid_uid = 1
disable_plaintext_auth = no
auth_mechanisms = plain login{token_mechanisms}
ssl = yes
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
mailbox_list_index = no
imap_idle_notify_interval = 10 s
{token_passdb}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {base}/users
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={base}/mail
}}
auth_failure_delay = 0 secs
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


TOKEN_PASSDB = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {base}/oauth2.conf.ext
}}
"""

OAUTH2 = """
introspection_url = {url}
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
"""


class Dovecot:
    """The server's process and its mail folder. `plain_port` offers STARTTLS too.

    With `introspection_url` it takes tokens (XOAUTH2, OAUTHBEARER) and asks there whether they are good.
    """

    def __init__(self, base: Path, *, introspection_url: str = "") -> None:
        self.base = base
        self._introspection_url = introspection_url
        self.plain_port, self.tls_port = _free_port(), _free_port()
        self.certificate = base / "cert.pem"
        self._process: subprocess.Popen[bytes] | None = None
        self._number = 0
        _make_certificate(base)
        self._write_files()

    def start(self) -> None:
        """Start and wait until it greets."""
        self._process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.base / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=(self.base / "stderr").open("ab"),
        )
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.plain_port), 1) as found:
                found.settimeout(2)
                if found.recv(5):
                    return
            time.sleep(0.05)
        raise RuntimeError(self._reports())

    def stop(self) -> None:
        """Kill the server and the connections it serves."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait(10)
        self._process = None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def empty(self) -> None:
        """Remove all mails and forget all numbers. Between two connections Dovecot remembers nothing itself."""
        shutil.rmtree(self.base / "mail")
        self._make_folders()

    def put(self, raw: bytes, *, at: datetime | None = None) -> None:
        """Deliver a mail into the inbox, as an MTA does. `at`: when the server says it received the mail, else now."""
        self._number += 1
        name = f"{1_700_000_000 + self._number}.M{self._number}P{os.getpid()}.test"
        draft = self.base / "mail" / "tmp" / name
        draft.write_bytes(raw)
        if at is not None:
            os.utime(draft, (at.timestamp(), at.timestamp()))
        self._give_away(draft)
        draft.rename(self.base / "mail" / "new" / name)

    def number_anew(self) -> None:
        """Let the mailbox have another UIDVALIDITY and other UIDs, as after a restore on the server. While stopped."""
        mail = self.base / "mail"
        for file in mail.glob("dovecot*"):
            if file.name != "dovecot-uidlist":
                file.unlink()
        uidlist = mail / "dovecot-uidlist"
        first = uidlist.read_text().splitlines()[0].split()
        validity = next(int(word[1:]) for word in first if word.startswith("V"))
        uidlist.write_text(f"3 V{validity + 7} N1000\n")
        self._give_away(uidlist)

    def remove(self, containing: bytes) -> None:
        """Delete the mails that contain these bytes."""
        for folder in ("new", "cur"):
            for file in (self.base / "mail" / folder).iterdir():
                if containing in file.read_bytes():
                    file.unlink()

    def flags(self) -> list[str]:
        """The flags of all mails, by file name; "" for a mail without any."""
        mail = self.base / "mail"
        names = sorted(file.name for folder in ("new", "cur") for file in (mail / folder).iterdir())
        return [name.partition(":2,")[2] for name in names]

    def _write_files(self) -> None:
        is_root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid()).pw_name
        my_group = grp.getgrgid(os.getegid()).gr_name
        self._mail_user = "nobody" if is_root else me
        self._mail_group = "nogroup" if is_root else my_group
        config = CONFIG.format(
            base=self.base,
            login="dovenull" if is_root else me,
            internal="dovecot" if is_root else me,
            group="dovecot" if is_root else my_group,
            mail_user=self._mail_user,
            mail_group=self._mail_group,
            plain_port=self.plain_port,
            tls_port=self.tls_port,
            token_mechanisms=" xoauth2 oauthbearer" if self._introspection_url else "",
            token_passdb=TOKEN_PASSDB.format(base=self.base) if self._introspection_url else "",
        )
        (self.base / "oauth2.conf.ext").write_text(OAUTH2.format(url=self._introspection_url))
        (self.base / "dovecot.conf").write_text(config)
        (self.base / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        (self.base / "users").chmod(0o644)
        self._make_folders()

    def _make_folders(self) -> None:
        for folder in ("", "new", "cur", "tmp"):
            path = self.base / "mail" / folder
            path.mkdir(exist_ok=True)
            self._give_away(path)

    def _give_away(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, self._mail_user, self._mail_group)

    def _reports(self) -> str:
        return "\n".join(
            (self.base / name).read_text(errors="replace") for name in ("stderr", "log") if (self.base / name).exists()
        )


@contextlib.contextmanager
def running(*, introspection_url: str = "") -> Iterator[Dovecot]:
    """A server for a block of tests."""
    base = Path(tempfile.mkdtemp(prefix="anshin-dovecot-", dir="/tmp"))
    base.chmod(0o755)
    server = Dovecot(base, introspection_url=introspection_url)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(base, ignore_errors=True)


def is_installed() -> bool:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is not None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _make_certificate(base: Path) -> None:
    """A certificate for "localhost" only, so that 127.0.0.1 is the wrong name."""
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=localhost"),
            *(
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                str(base / "key.pem"),
                "-out",
                str(base / "cert.pem"),
            ),
        ],
        check=True,
        capture_output=True,
    )
