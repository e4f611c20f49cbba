"""Any bytes become a mail: random ones, and golden mails with bytes changed, cut out, doubled and swapped."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from anshin.plumbing.mail.bounces import read_bounces
from anshin.plumbing.mail.charsets import decode
from anshin.plumbing.mail.filters import Ourselves, nature
from anshin.plumbing.mail.forwards import unfold
from anshin.plumbing.mail.html import RemotePictures, safe_html, text_from_html
from anshin.plumbing.mail.reader import parse

set_hypothesis_home_dir(tempfile.gettempdir())
GOLDEN = [path.read_bytes() for path in sorted((Path(__file__).parent / "golden").glob("*.eml"))]
PIECES = st.sampled_from(
    [
        *(
            b"\r\n\r\n",
            b"--",
            b'boundary="',
            b"=?utf-8?B?",
            b"?=",
            b"\x1b$B",
            b"\x1b(B",
            b"\x1b(I",
            b"<",
            b">",
            b'"',
            b"\\",
        ),
        *(
            b"filename*0*=",
            b"%E3",
            b"base64",
            b"\0",
            b"\xff",
            b"\xe3\x81",
            b":",
            b";",
            b"multipart/",
            b"message/rfc822",
        ),
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    raw = draw(st.sampled_from(GOLDEN))
    for _change in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 40)))
        raw = raw[:start] + draw(st.one_of(PIECES, st.binary(max_size=8), st.just(raw[start:end] * 2))) + raw[end:]
    return raw


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(mutated(), st.binary(max_size=400), st.lists(PIECES, max_size=40).map(b"".join)))
def test_any_bytes_become_a_mail(raw: bytes) -> None:
    mail = parse(raw)
    assert "reader_failed" not in mail.defects
    everything = [mail.subject, mail.text, mail.html, *(value for _name, value in mail.headers)]
    everything += [part.filename for part in mail.attachments]
    assert all("\0" not in text for text in everything)
    "".join(everything).encode("utf-8")  # no lone surrogates: every database can hold it
    assert all(part.filename and "/" not in part.filename for part in mail.attachments)
    nature(mail, ourselves=Ourselves(frozenset()))
    read_bounces(mail)
    assert all(each.start < each.end <= len(mail.text) for each in unfold(mail.text, "Fwd: x"))
    safe_html(mail.html, cid_urls={}, remote=RemotePictures.BLOCKED)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=80), st.one_of(st.sampled_from(["utf-8", "cp932", "iso-2022-jp", "utf-16", "hz"]), st.text()))
def test_any_bytes_under_any_label_become_text(raw: bytes, label: str) -> None:
    decode(raw, label).text.encode("utf-8")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet="<>/=\"' abdivpx&;!-#tyle:un\n", max_size=200))
def test_any_html_becomes_text(html: str) -> None:
    assert "\0" not in text_from_html(html)
