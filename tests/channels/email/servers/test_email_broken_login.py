"""A line that breaks while we sign in says nothing about the password."""

import socket
import threading

import pytest

from anshin.channels.email.servers import imap
from anshin.channels.email.terms import MailTrouble, Security, Server, Trouble


@pytest.fixture
def hangs_up_at_login():
    """The port of a server that greets, and hangs up when somebody signs in."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        line, _address = listener.accept()
        with line, line.makefile("rb") as said:
            line.sendall(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
            for command in said:
                if b"LOGIN" in command.upper():
                    return
                tag = command.split()[0]
                line.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.close()
    thread.join(10)


def test_a_line_cut_while_signing_in_is_broken_and_no_wrong_password(hangs_up_at_login):
    server = Server("127.0.0.1", hangs_up_at_login, Security.PLAIN, "shop@komorebi.example", "neko")

    with pytest.raises(MailTrouble) as raised, imap.opened(server):
        pass

    assert (raised.value.trouble, raised.value.permanent) == (Trouble.BROKEN, False)
