"""Which addresses are asked when somebody typed in a name, and that the connection goes where was looked at."""

import socket
import threading

import pytest

from anshin.plumbing.web import reach

INSIDE = ["127.0.0.1", "::1", "169.254.169.254", "10.2.3.4", "::ffff:10.2.3.4", "::ffff:7f00:1", "64:ff9b:1::a02:304"]


@pytest.fixture
def port():
    """Somebody listens here, and says in `.taken` how often it was called."""
    listener = socket.create_server(("127.0.0.1", 0))
    taken = []

    def take():
        while True:
            try:
                taken.append(listener.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)
    for each in taken:
        each.close()


def names(monkeypatch, *answers):
    """The answers to one look-up after the other."""
    left = [list(each) for each in answers]
    monkeypatch.setattr(reach, "resolve", lambda host, port: left.pop(0))
    return left


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_not_asked(monkeypatch, address):
    names(monkeypatch, [address], ["8.8.8.8", address])
    with pytest.raises(reach.Inside):
        reach.looked_up("mail.example", 993)
    with pytest.raises(reach.Inside):
        reach.looked_up("mail.example", 993)


def test_a_network_that_an_operator_names_is_asked_and_no_other(monkeypatch):
    networks = reach.networks_of("10.1.0.0/16, fd00:7::/64")
    assert reach.is_allowed("10.1.255.1", networks)
    assert reach.is_allowed("::ffff:10.1.2.3", networks)
    assert reach.is_allowed("fd00:7::5", networks)
    assert reach.is_allowed("8.8.8.8", networks)
    for outside in ("10.2.0.1", "127.0.0.1", "fd00:8::1", "::1"):
        assert not reach.is_allowed(outside, networks)


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:169.254.169.254", "168.63.129.16", "fd00:ec2::254"])
def test_what_a_cloud_tells_its_machines_is_never_asked(address):
    assert not reach.is_allowed(address, reach.networks_of("0.0.0.0/0,::/0"))


def test_what_is_no_network_is_said():
    with pytest.raises(ValueError, match=r"10\.1\.2\.3/24 has host bits set"):
        reach.networks_of("10.0.0.0/8,10.1.2.3/24")
    assert reach.networks_of(" , ") == ()


def test_the_connection_goes_to_what_was_looked_at_however_the_name_changes(monkeypatch, port):
    left = names(monkeypatch, ["127.0.0.1"], ["10.0.0.5"])
    with reach.connected("mail.example", port, seconds=5, networks=reach.networks_of("127.0.0.0/8")) as line:
        assert line.getpeername() == ("127.0.0.1", port)
    assert left == [["10.0.0.5"]]
    with pytest.raises(reach.Inside):
        reach.connected("mail.example", port, seconds=5, networks=reach.networks_of("127.0.0.0/8"))


def test_the_next_address_is_tried_where_one_is_silent(monkeypatch, port):
    tried, connect = [], socket.create_connection

    def create(address, seconds):
        tried.append(address[0])
        if address[0] == "127.0.0.2":
            raise ConnectionRefusedError("nobody there")
        return connect(address, seconds)

    monkeypatch.setattr(socket, "create_connection", create)
    names(monkeypatch, ["127.0.0.2", "127.0.0.1"], ["127.0.0.2"] * 9)
    networks = reach.networks_of("127.0.0.0/8")
    reach.connected("mail.example", port, seconds=5, networks=networks).close()
    assert tried == ["127.0.0.2", "127.0.0.1"]
    with pytest.raises(ConnectionRefusedError):
        reach.connected("mail.example", port, seconds=5, networks=networks)
    assert len(tried) == 2 + reach.MOST_ADDRESSES


def test_what_is_no_address_leads_inside_of_nothing(monkeypatch):
    names(monkeypatch, [], ["not an address"])
    for _ in range(2):
        with pytest.raises(reach.Inside):
            reach.looked_up("mail.example", 993)
