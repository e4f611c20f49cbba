"""What mails wrap (winmail.dat, signatures, calendars) is read whatever its bytes are, and never without bounds."""

import re
import struct
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from anshin.plumbing.mail.ber import NotBer, read
from anshin.plumbing.mail.invitations import MAX_EVENTS, read_invitations
from anshin.plumbing.mail.rtf import MAX_BYTES, decompressed, words_of
from anshin.plumbing.mail.smime import judge, open_envelope
from anshin.plumbing.mail.structure import Node, take_apart
from anshin.plumbing.mail.tnef import SIGNATURE, open_tnef
from anshin.plumbing.mail.transfer import decode_transfer

set_hypothesis_home_dir(tempfile.gettempdir())


def wrapped(pattern: str, kind: str) -> list[bytes]:
    """The decoded parts of that type in the golden mails."""
    found: list[bytes] = []
    for path in sorted((Path(__file__).parent / "golden").glob(pattern)):
        raw = path.read_bytes()
        waiting: list[Node] = [take_apart(raw, [])]
        while waiting:
            node = waiting.pop()
            waiting += node.children
            if re.search(kind, node.content.value):
                found.append(decode_transfer(raw[node.start : node.end], "base64")[0])
    return found


TNEF = wrapped("tnef_*.eml", "tnef|octet-stream")
CMS = wrapped("smime_*.eml", "pkcs7")
ICS = wrapped("calendar_*.eml", "calendar")


@st.composite
def mutated(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    raw = draw(st.sampled_from(originals))
    for _change in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 12)))
        raw = raw[:start] + draw(st.binary(max_size=8)) + raw[end:]
    return raw


def test_the_golden_mails_hold_examples_of_each() -> None:
    assert (len(TNEF) >= 10, len(CMS) >= 15, len(ICS) >= 12) == (True, True, True)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.one_of(mutated(TNEF), st.binary(max_size=300).map(lambda raw: SIGNATURE + raw)))
def test_any_bytes_are_opened_as_winmail(raw: bytes) -> None:
    opened = open_tnef(raw)
    assert (opened is None) == (not raw.startswith(SIGNATURE))
    if opened:
        (opened.text + opened.html + "".join(file.name for file in opened.files)).encode()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.one_of(mutated(CMS), st.binary(max_size=200)))
def test_any_bytes_are_judged_as_a_signature(raw: bytes) -> None:
    envelope = open_envelope(raw)
    if envelope:
        judge(envelope, envelope.content or b"x", sender="a@mail.example", sent_at=None, trusted=())


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(mutated(ICS), st.binary(max_size=200)))
def test_any_bytes_are_read_as_a_calendar(raw: bytes) -> None:
    for event in read_invitations(raw):
        (event.summary + event.place + event.organiser.name + event.description).encode()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["{", "}", "\\", "\\u-9", "\\'8", "\\bin5 ", "\\uc9", "\\f1", "あ"])))
def test_any_tokens_are_read_as_rtf(tokens: list[str]) -> None:
    words_of(b"{\\rtf1\\fromhtml1 " + "".join(tokens).encode(), "cp932")
    words_of(b"{\\rtf1 " + "".join(tokens).encode(), "cp932")


def test_an_attribute_that_claims_four_gigabytes_takes_none() -> None:
    opened = open_tnef(SIGNATURE + b"\0\0" + b"\x01" + struct.pack("<II", 0x0002800C, 0xFFFFFFFF) + b"short")
    assert opened
    assert (opened.text, opened.is_whole) == ("short", False)


def test_a_property_that_claims_four_thousand_million_values_is_left_out() -> None:
    value = struct.pack("<IHHI", 1, 0x101E, 0x1000, 0xFFFFFFFF)
    raw = SIGNATURE + b"\0\0" + b"\x01" + struct.pack("<II", 0x00069003, len(value)) + value + b"\0\0"
    opened = open_tnef(raw)
    assert opened
    assert (opened.text, opened.is_whole) == ("", False)


def test_winmail_inside_winmail_ends_at_the_third() -> None:
    raw = b"the innermost"
    for _level in range(30):
        raw = (
            SIGNATURE
            + b"\0\0\x02"
            + struct.pack("<II", 0x00069002, 0)
            + b"\0\0\x02"
            + (struct.pack("<II", 0x0006800F, len(raw)) + raw + b"\0\0")
        )
    opened = open_tnef(raw)
    assert opened
    assert len(opened.files) == 4


def test_rtf_that_claims_to_unpack_to_four_gigabytes_stops() -> None:
    raw = struct.pack("<IIII", 0, 0xFFFFFFFF, 0x75465A4C, 0) + b"\xff" + b"\x00\x0f" * 8 * 1000
    assert len(decompressed(raw)) <= MAX_BYTES


def test_certificates_nested_without_end_are_refused() -> None:
    for raw in (b"\x30\x80" * 5_000, b"\x30\x84\xff\xff\xff\xff", b"\x30", b""):
        try:
            read(raw)
        except NotBer:
            continue
        raise AssertionError(raw[:8])


def test_a_calendar_of_a_thousand_events_gives_ten() -> None:
    event = b"BEGIN:VEVENT\r\nSUMMARY:x\r\nDTSTART:20261201T000000Z\r\nEND:VEVENT\r\n"
    raw = b"BEGIN:VCALENDAR\r\n" + event * 1_000 + b"END:VCALENDAR\r\n"
    assert len(read_invitations(raw)) == MAX_EVENTS
