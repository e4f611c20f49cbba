"""Ten minutes of broken mails: the golden mails, changed at random, through everything that reads a mail.

None may raise, none may take long or much memory, none may come out so that a database cannot store it. The seed is
told, and each finding is written to a file, so that it becomes a golden mail: tests/plumbing/mail/found_by_fuzzing/.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
import tracemalloc
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "plumbing" / "mail" / "golden"
FOUND = ROOT / "tests" / "plumbing" / "mail" / "found_by_fuzzing"
LARGEST_SEED_BYTES = 200_000
LONGEST_SECONDS = 1.0
"""CPU time for one mail of at most 400 kB; an ordinary one takes a millisecond."""
MOST_MEMORY_TIMES, FREE_BYTES = 40, 20_000_000
"""A reader may take so many times the size of a mail, beyond what is free."""
MEMORY_EVERY = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="How long to try (default: 10).")
    parser.add_argument("--seed", type=int, default=20261126, help="Where chance begins (default: 20261126).")
    given = parser.parse_args()
    seeds = [raw for path in sorted(GOLDEN.glob("*.eml")) if len(raw := path.read_bytes()) <= LARGEST_SEED_BYTES]
    dice, end, count, findings = random.Random(given.seed), time.monotonic() + given.minutes * 60, 0, {}
    slowest, largest = 0.0, 0.0
    while time.monotonic() < end:
        raw = mutated(dice, seeds)
        count += 1
        seconds, times, trouble = tried(raw, watch_memory=count % MEMORY_EVERY == 0)
        slowest, largest = max(slowest, seconds), max(largest, times)
        if trouble and trouble not in findings:
            findings[trouble] = kept(raw)
            print(f"{trouble}\n  → {findings[trouble]}", flush=True)
    print(f"{count:,} mails from {len(seeds)} golden ones, seed {given.seed}, in {given.minutes:g} minutes")
    print(f"slowest {slowest * 1000:.0f} CPU-ms; most memory {largest:.1f} times the mail; findings: {len(findings)}")
    return 1 if findings else 0


def tried(raw: bytes, *, watch_memory: bool) -> tuple[float, float, str]:
    """CPU-seconds, memory as a multiple of the mail, and what went wrong ("" for nothing)."""
    if watch_memory:
        tracemalloc.start()
    began = time.process_time()
    try:
        trouble = read_through(raw)
    except Exception as failure:  # that is what is looked for
        trouble = "".join(traceback.format_exception_only(failure)) + _where(failure)
    seconds = time.process_time() - began
    if not watch_memory:
        too_slow = seconds > LONGEST_SECONDS
        return seconds, 0.0, trouble or ("took too long" if too_slow else "")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    too_much = peak > FREE_BYTES + MOST_MEMORY_TIMES * len(raw)
    return 0.0, peak / max(10_000, len(raw)), trouble or ("took too much memory" if too_much else "")


def read_through(raw: bytes) -> str:
    """All that a mail goes through before it is a message; a sentence when the outcome is not storable."""
    from anshin.plumbing.files.archives import danger_of
    from anshin.plumbing.mail.bounces import read_bounces
    from anshin.plumbing.mail.charsets import READABLE_AS
    from anshin.plumbing.mail.filters import Ourselves, nature
    from anshin.plumbing.mail.forwards import as_text, attached, unfold
    from anshin.plumbing.mail.html import RemotePictures, safe_html
    from anshin.plumbing.mail.quotes import split_reply
    from anshin.plumbing.mail.reader import parse, unreadable

    chosen = READABLE_AS[len(raw) % len(READABLE_AS)]
    for mail in (parse(raw), parse(raw, read_as=chosen)):
        if "reader_failed" in mail.defects:
            return f"the reader failed inside: {mail.defects}"
        unreadable(mail)
        nature(mail, ourselves=Ourselves(marks=frozenset({"x"}), addresses=frozenset({"shop@komorebi.example"})))
        read_bounces(mail)
        if "".join(segment.text for segment in split_reply(mail.text)) != mail.text:
            return "folding lost text"
        passed_on = unfold(mail.text, "Fwd: x")
        passed_on += tuple(each for inner in attached(mail, parse) for each in unfold(as_text(inner)))
        shown = safe_html(mail.html, cid_urls={}, remote=RemotePictures.BLOCKED).html.lower()
        if "<script" in shown or "javascript:" in shown.replace("&", ""):
            return "something active in the cleaned HTML"
        names = [part.filename for part in mail.attachments]
        said = [mail.subject, mail.text, mail.html, mail.sender.name, mail.sender.mail, *names]
        said += [each.subject + each.text + each.sender.name for each in passed_on]
        said += [each.summary + each.place + each.organiser.name + each.zone for each in mail.invitations]
        said += [mail.signed.signer + mail.signed.mail + mail.signed.issuer] if mail.signed else []
        if any("\0" in each or not _is_utf8(each) for each in said):
            return "text that no database stores"
        if any("/" in name or "\\" in name or not name or len(name.encode()) > 255 for name in names):
            return f"a file name that is not harmless: {names}"
        for part in mail.attachments:
            danger_of(part.content)
    return ""


def mutated(dice: random.Random, seeds: list[bytes]) -> bytes:
    """One of the mails, changed one to eight times."""
    raw = dice.choice(seeds)
    for _turn in range(dice.choice((1, 1, 2, 3, 5, 8))):
        raw = dice.choice(_CHANGES)(dice, raw, seeds)
    return raw[: 2 * LARGEST_SEED_BYTES]


def _some_bytes(dice: random.Random, raw: bytes, _seeds: list[bytes]) -> bytes:
    changed = bytearray(raw)
    for _turn in range(dice.choice((1, 3, 10, 50))):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(dice: random.Random, raw: bytes, _seeds: list[bytes]) -> bytes:
    start, end = sorted(dice.randrange(len(raw) + 1) for _ in range(2))
    return raw[:start] + raw[end:] if dice.random() < 0.6 else raw[:end]


def _insert(dice: random.Random, raw: bytes, _seeds: list[bytes]) -> bytes:
    at = dice.randrange(len(raw) + 1)
    return raw[:at] + dice.choice(_PIECES) * dice.choice((1, 1, 2, 20, 400)) + raw[at:]


def _repeat(dice: random.Random, raw: bytes, _seeds: list[bytes]) -> bytes:
    start = dice.randrange(len(raw) + 1)
    piece = raw[start : start + dice.choice((1, 5, 40, 300))]
    return raw[:start] + piece * dice.choice((2, 10, 200, 2_000)) + raw[start:]


def _splice(dice: random.Random, raw: bytes, seeds: list[bytes]) -> bytes:
    other = dice.choice(seeds)
    return raw[: dice.randrange(len(raw) + 1)] + other[dice.randrange(len(other) + 1) :]


def _shuffle_lines(dice: random.Random, raw: bytes, _seeds: list[bytes]) -> bytes:
    lines = raw.split(b"\n")
    start = dice.randrange(len(lines))
    some = lines[start : start + 12]
    dice.shuffle(some)
    return b"\n".join(lines[:start] + some + lines[start + 12 :])


def _other_label(dice: random.Random, raw: bytes, _seeds: list[bytes]) -> bytes:
    return raw.replace(dice.choice(_LABELS), dice.choice(_LABELS))


def _line_ends(dice: random.Random, raw: bytes, _seeds: list[bytes]) -> bytes:
    return raw.replace(b"\r\n", dice.choice((b"\n", b"\r", b"\r\r\n", b"\n\r", b"")))


def _high_bits(dice: random.Random, raw: bytes, _seeds: list[bytes]) -> bytes:
    start = dice.randrange(len(raw) + 1)
    return raw[:start] + bytes(byte ^ 0x80 for byte in raw[start : start + 60]) + raw[start + 60 :]


_CHANGES: tuple[Callable[[random.Random, bytes, list[bytes]], bytes], ...] = (
    _some_bytes,
    _cut,
    _insert,
    _repeat,
    _splice,
    _shuffle_lines,
    _other_label,
    _line_ends,
    _high_bits,
)
_LABELS = (
    b"utf-8", b"UTF-8", b"iso-2022-jp", b"ISO-2022-JP", b"Shift_JIS", b"euc-jp", b"us-ascii", b"utf-16", b"utf-7",
    b"hz", b"gb2312", b"big5", b"x-unknown", b"base64", b"quoted-printable", b"7bit", b"x-uuencode", b"text/plain",
    b"text/html", b"multipart/mixed", b"multipart/alternative", b"message/rfc822", b"application/ms-tnef", b"idna",
)  # fmt: skip
_PIECES = (
    b"\0", b"\x1b$B", b"\x1b(B", b"\x1b(I", b"\x1b$(D", b"\x1b", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"=?",
    b"?=", b"=?utf-8?B?", b"=?iso-2022-jp?Q?", b"=?x?y?z?=", b"=\r\n", b"=0", b"=00", b"--", b"\r\n--b\r\n",
    b"\r\n\r\n",
    b"Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n", b"Content-Type: message/rfc822\r\n\r\n", b"\r\nFrom ",
    b"boundary=b;", b"; filename*0*=utf-8''%", b"; name*1=", b"%1B%24B", b"%", b"\"", b"\\", b"(", b")", b"<", b">",
    b"@", b",", b";", b":", b"> ", b">", b"<table><tr><td>", b"<div>", b"<!--", b"<svg><style>", b"<a href=\"java",
    b"&#0;", b"&#x110000;", b"&#xd800;", b"begin 644 x\r\n",
    b"\xf0\x9f\x98\x80", b"\xe2\x80\xae", b"\x80", b"\x8f\xa2",
    b"PK\x05\x06", b"PK\x03\x04", b"\x1f\x8b\x08", b"-----Original Message-----\r\n", b"\t", b" " * 80,
)  # fmt: skip


def kept(raw: bytes) -> Path:
    """Where the mail now lies for looking at."""
    FOUND.mkdir(exist_ok=True)
    path = FOUND / f"{hashlib.sha256(raw).hexdigest()[:12]}.eml"
    path.write_bytes(raw)
    return path.relative_to(ROOT)


def _where(failure: BaseException) -> str:
    last = traceback.extract_tb(failure.__traceback__)[-1]
    return f"  {Path(last.filename).name}:{last.lineno} {last.name}"


def _is_utf8(text: str) -> bool:
    return text == text.encode("utf-8", "replace").decode()


if __name__ == "__main__":
    sys.exit(main())
