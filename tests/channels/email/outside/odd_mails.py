"""Mails that desks have choked on, made here byte by byte; what each must say on its case, for tests and the eye."""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

HEAD = "From: =?utf-8?B?6auZ5qmLIOe+juWSsg==?= <misaki@example.jp>\r\nTo: shop@komorebi.example\r\n"
DATE = "Date: Sun, 22 Nov 2026 11:00:00 +0900\r\n"


@dataclass(frozen=True)
class Odd:
    """A mail, whether it must be held, and the Japanese words that its case must show."""

    name: str
    raw: Callable[[], bytes]
    words: tuple[str, ...]
    is_held: bool = False


def odd_mails() -> Iterator[Odd]:
    """Every kind that the quarantine is for."""
    yield Odd("empty", lambda: b"\r\n", ("中身のないメールです",), True)
    yield Odd("no_headers", "在庫はありますか\r\n".encode, ("メールの形になっていない", "在庫はありますか"), True)
    yield Odd("no_sender", _no_sender, ("差出人のないメールです", "返品したいです"), True)
    yield Odd(
        "no_message_id", lambda: _plain("識別番号なし", identity=""), ("識別番号（Message-ID）のない", "届きません")
    )
    yield Odd("fifty_megabytes", _fifty_megabytes, ("video.mp4", "届きません"))
    yield Odd("two_thousand_parts", _two_thousand_parts, ("1,000個を超えています", "ほか979個のファイル", "届きません"))
    yield Odd("sixty_deep", _sixty_deep, ("40段を超えています",))
    yield Odd("zip_bomb", lambda: _with_file("album.zip", overlapping_zip()), ("album.zip", "zip爆弾", "届きません"))
    yield Odd("zip_of_zips", lambda: _with_file("42.zip", zip_of_zips()), ("42.zip", "さらに圧縮ファイル"))
    yield Odd("header_of_a_megabyte", _long_header, ("長すぎる行", "届きません"))
    yield Odd("nul_in_subject", lambda: _plain("返\0品"), ("使えない文字", "返�品", "届きません"))
    yield Odd("date_1970", lambda: _plain("昔", date="Thu, 01 Jan 1970 00:00:00 +0000"), ("1970-01-01", "正しくない"))
    yield Odd("date_2106", lambda: _plain("未来", date="Sun, 07 Feb 2106 06:28:15 +0000"), ("2106-02-07", "正しくない"))
    yield Odd("broken_text", _broken_text, ("一部の文字が届くまでに壊れた",))


def ordinary(number: int) -> bytes:
    """The next mail in the queue."""
    return _plain(f"次のメール{number}", identity=f"<next-{number}@example.jp>")


def overlapping_zip(entries: int = 1_000, each_bytes: int = 10_000_000) -> bytes:
    """A real bomb of some 60 kB: every entry of the directory is the same packed zeros, 10 GB when unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("0.jpg", bytes(each_bytes))
    whole = packed.getvalue()
    end = whole.rindex(b"PK\x05\x06")
    offset = struct.unpack_from("<I", whole, end + 16)[0]
    entry = whole[offset:end]
    finish = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, entries, entries, len(entry) * entries, offset, 0)
    return whole[:offset] + entry * entries + finish


def zip_of_zips() -> bytes:
    """As the well-known 42.zip is built: small itself, archives inside."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(100_000))
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(16):
            archive.writestr(f"lib {number}.zip", inner.getvalue())
    return outer.getvalue()


def _plain(subject: str, *, date: str = "", identity: str = "<odd-{}@example.jp>", body: str = "届きません。") -> bytes:
    shown = DATE if not date else f"Date: {date}\r\n"
    stated = f"Message-ID: {identity.format(zlib.crc32(subject.encode()))}\r\n" if identity else ""
    return (
        f"{HEAD}Subject: {subject}\r\n{shown}{stated}MIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    ).encode()


def _no_sender() -> bytes:
    return (
        f"Subject: 返品\r\n{DATE}Message-ID: <nobody@example.jp>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n返品したいです。\r\n"
    ).encode()


def _multipart(subject: str, identity: str, parts: bytes) -> bytes:
    head = (
        f"{HEAD}Subject: {subject}\r\n{DATE}Message-ID: <{identity}@example.jp>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n届きません。\r\n"
    )
    return head.encode() + parts + b"--b--\r\n"


def _file(name: str, content: bytes) -> bytes:
    head = (
        f'--b\r\nContent-Type: application/octet-stream; name="{name}"\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    )
    return head.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n")


def _with_file(name: str, content: bytes) -> bytes:
    return _multipart(name, f"file-{name}", _file(name, content))


def _fifty_megabytes() -> bytes:
    return _with_file("video.mp4", b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 147_000)


def _two_thousand_parts() -> bytes:
    parts = b"".join(_file(f"p{number}.txt", b"%d" % number) for number in range(2_000))
    return _multipart("二千個", "parts", parts)


def _sixty_deep() -> bytes:
    inner = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "奥です。\r\n".encode()
    for depth in range(60):
        mark = b"d%d" % depth
        inner = b"Content-Type: multipart/mixed; boundary=%b\r\n\r\n--%b\r\n%b--%b--\r\n" % (mark, mark, inner, mark)
    head = f"{HEAD}Subject: 入れ子\r\n{DATE}Message-ID: <deep@example.jp>\r\nMIME-Version: 1.0\r\n"
    return head.encode() + inner


def _long_header() -> bytes:
    return f"X-Spam-Report: {'とても長い' * 70_000}\r\n".encode() + _plain("長い見出し" * 60_000)


def _broken_text() -> bytes:
    whole = _plain("壊れた本文", body="ご連絡です。注文番号は次のとおりです。よろしくお願いいたします。")
    return whole.replace("注文".encode(), "注文".encode()[:4] + b"\xff\xfe", 1)
