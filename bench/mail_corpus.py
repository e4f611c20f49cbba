"""Writes an mbox of realistic Japanese mails, and beside it what each truly says: python mail_corpus.py 1000 DIR.

The same number gives the same mails. Written here, from nobody's mailbox: sentences, names and goods are made up. Every
character code that reaches a Japanese shop takes part, labelled rightly, wrongly and not at all.
"""

from __future__ import annotations

import base64
import json
import quopri
import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

SEED = 20261126
BEGIN = datetime(2024, 1, 4, tzinfo=UTC)
FAMILY = [
    "佐藤",
    "鈴木",
    "高橋",
    "髙橋",
    "田中",
    "伊藤",
    "渡邉",
    "山﨑",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "𠮷田",
    "山田",
    "佐々木",
    "松本",
    "井上",
    "木村",
    "斎藤",
    "齋藤",
    "清水",
]
GIVEN = [
    "結衣",
    "陽菜",
    "美咲",
    "さくら",
    "葵",
    "蓮",
    "湊",
    "大翔",
    "悠真",
    "健太",
    "千尋",
    "由紀子",
    "恵子",
    "一郎",
    "隆",
    "真由美",
    "翼",
    "遥",
]
GOODS = [
    "木のスプーン",
    "麻のエプロン",
    "琺瑯ポット",
    "竹かご",
    "リネンのシャツ",
    "鉄瓶",
    "湯のみ",
    "風呂敷",
    "手ぬぐい",
    "豆皿5枚組",
]
OPENINGS = [
    "お世話になっております。",
    "はじめまして。",
    "いつも利用しています。",
    "突然のご連絡失礼いたします。",
    "こんにちは。",
]
MATTERS = [
    "先日注文した{goods}がまだ届きません。",
    "{goods}の色が写真と違うように見えます。",
    "届いた{goods}が欠けていました。",
    "{goods}の在庫はいつ入りますか？",
    "サイズを交換していただくことはできますか。",
    "領収書の宛名を①㈱山田商店に変えてください。",
    "配送先を変更したいのですが、間に合いますでしょうか。",
    "ギフト包装をお願いするのを忘れていました。",
    "注文を取り消したいです。",
    "代引きの金額が違っていました。",
    "ﾎﾟｲﾝﾄが付いていないようです。",
    "お届け日を土曜の午前中にしてください。",
]
CLOSINGS = [
    "よろしくお願いいたします。",
    "ご確認ください。",
    "お返事をお待ちしています。",
    "お手数をおかけします。",
    "急ぎません。",
]
SUBJECTS = [
    "{goods}について",
    "配送の件",
    "返品したい",
    "領収書の宛名変更のお願い（注文番号{number}）",
    "在庫の問い合わせ",
    "Re: ご注文ありがとうございます",
    "至急：届きません！",
]
FILES = [
    "写真.jpg",
    "領収書（控え）.pdf",
    "破損箇所①.png",
    "注文明細 2026年11月.xlsx",
    "髙橋様_見積.pdf",
    "IMG_0412.JPG",
]
CHINESE = ("关于订单", "您好，我的订单还没有收到，请帮我查一下物流信息。谢谢。")
TRADITIONAL = ("訂單問題", "您好，我的訂單還沒有收到，請幫我查詢物流狀況。謝謝。")
KOREAN = ("주문 문의", "안녕하세요. 주문한 상품이 아직 도착하지 않았습니다. 확인 부탁드립니다.")


@dataclass
class Letter:
    """What one mail says: the truth that the desk must show."""

    key: str
    sender: str
    address: str
    subject: str
    lines: list[str]
    at: datetime
    names: list[str] = field(default_factory=list)


def main() -> int:
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    dice = random.Random(SEED)
    with (folder / "corpus.mbox").open("wb") as mbox, (folder / "truth.jsonl").open("w") as truth:
        for number in range(count):
            letter, raw = mail(dice, number)
            lines = raw.replace(b"\r\n", b"\n").rstrip(b"\n")
            mbox.write(b"From MAILER Thu Jan  4 00:00:00 2024\n" + lines + b"\n\n")
            said = {"subject": letter.subject, "text": " ".join(" ".join(letter.lines).split()), "names": letter.names}
            truth.write(json.dumps({"key": letter.key, **said}, ensure_ascii=False) + "\n")
    return 0


def mail(dice: random.Random, number: int) -> tuple[Letter, bytes]:
    """The mail of that number and its bytes."""
    letter = _letter(dice, number)
    shape = dice.choices(SHAPES, WEIGHTS)[0]
    return letter, shape(dice, letter)


def _letter(dice: random.Random, number: int) -> Letter:
    goods, order = dice.choice(GOODS), f"KM-{dice.randrange(10_000, 99_999)}"
    person = dice.randrange(max(20, number // 3 + 20))  # customers write more than once
    lines = [dice.choice(OPENINGS), ""]
    lines += [dice.choice(MATTERS).format(goods=goods) for _ in range(dice.randrange(1, 7))]
    lines += [f"注文番号は {order} です。"] * dice.randrange(2) + ["", dice.choice(CLOSINGS)]
    return Letter(
        key=f"{number:06}.{dice.randrange(10**8):08}@mail.example",
        sender=f"{FAMILY[person % len(FAMILY)]} {GIVEN[person % len(GIVEN)]}",
        address=f"customer{person}@mail.example",
        subject=dice.choice(SUBJECTS).format(goods=goods, number=order),
        lines=lines,
        at=BEGIN + timedelta(minutes=7 * number),
    )


def _head(letter: Letter, word: Callable[[str], bytes], more: str) -> bytes:
    route = "from mx.mail.example (mx.mail.example [192.0.2.7]) by in.komorebi.example; Thu, 4 Jan 2024 00:00:00 +0900"
    before = f"Received: {route}\r\nReturn-Path: <{letter.address}>\r\nFrom: ".encode()
    between = f" <{letter.address}>\r\nTo: support@komorebi.example\r\nSubject: ".encode()
    when = f"\r\nDate: {letter.at:%a, %d %b %Y %H:%M:%S +0000}\r\nMessage-ID: <{letter.key}>\r\n"
    return (
        before
        + word(letter.sender)
        + between
        + word(letter.subject)
        + f"{when}MIME-Version: 1.0\r\n{more}\r\n".encode()
    )


def word_of(label: str, encode: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """Encoded words of at most 75 characters, whole characters each."""

    def words(text: str) -> bytes:
        pieces = [text[start : start + 12] for start in range(0, len(text), 12)]
        return b"\r\n ".join(b"=?%b?B?%b?=" % (label.encode(), base64.b64encode(encode(piece))) for piece in pieces)

    return words


def jis(text: str) -> bytes:
    """ISO-2022-JP as Japanese programs write it: NEC's and IBM's characters and half-width kana included."""
    out, state = bytearray(), b"B("
    for character in text:
        code = character.encode("cp932")
        if len(code) == 2:
            wanted, piece = b"B$", bytes(_row_and_cell(code))
        elif code[0] > 0x7F:
            wanted, piece = b"I(", bytes([code[0] - 0x80])
        else:
            wanted, piece = b"B(", code
        if wanted != state:
            out += b"\x1b" + wanted[1:] + wanted[:1]
            state = wanted
        out += piece
    return bytes(out + (b"\x1b(B" if state != b"B(" else b""))


def _row_and_cell(code: bytes) -> tuple[int, int]:
    high, low = code
    row = (high - (0x70 if high < 0xA0 else 0xB0)) * 2
    if low < 0x9F:
        return row - 1, low - (0x20 if low > 0x7E else 0x1F)
    return row, low - 0x7E


def _japanese(letter: Letter) -> None:
    """Words that Shift_JIS and JIS can write: no 𠮷, no letter outside their tables."""
    letter.sender = letter.sender.replace("𠮷", "吉").replace("﨑", "崎")


def _eucable(letter: Letter) -> None:
    _japanese(letter)
    letter.lines = [line.replace("①㈱", "(株)") for line in letter.lines]
    letter.sender = letter.sender.replace("髙", "高")


def _text(letter: Letter) -> str:
    return "\r\n".join(letter.lines) + "\r\n"


def _plain(letter: Letter, word: Callable[[str], bytes], label: str, body: bytes, transfer: str) -> bytes:
    charset = f"; charset={label}" if label else ""
    kind = f"Content-Type: text/plain{charset}\r\nContent-Transfer-Encoding: {transfer}\r\n"
    return _head(letter, word, kind) + body


_UTF8 = word_of("UTF-8", str.encode)
_JIS = word_of("ISO-2022-JP", jis)


def utf8_base64(_dice: random.Random, letter: Letter) -> bytes:
    return _plain(letter, _UTF8, "UTF-8", _lines64(_text(letter).encode()), "base64")


def utf8_quoted(_dice: random.Random, letter: Letter) -> bytes:
    return _plain(letter, _UTF8, '"utf-8"', quopri.encodestring(_text(letter).encode()), "quoted-printable")


def utf8_raw(_dice: random.Random, letter: Letter) -> bytes:
    return _plain(letter, str.encode, "utf-8", _text(letter).encode(), "8bit")


def jis_plain(_dice: random.Random, letter: Letter) -> bytes:
    _japanese(letter)
    return _plain(letter, _JIS, "ISO-2022-JP", b"\r\n".join(map(jis, letter.lines)) + b"\r\n", "7bit")


def jis_labelled_utf8(_dice: random.Random, letter: Letter) -> bytes:
    _japanese(letter)
    return _plain(letter, _JIS, "utf-8", b"\r\n".join(map(jis, letter.lines)) + b"\r\n", "7bit")


def sjis_base64(_dice: random.Random, letter: Letter) -> bytes:
    _japanese(letter)
    word = word_of("Shift_JIS", lambda text: text.encode("cp932"))
    return _plain(letter, word, "Shift_JIS", _lines64(_text(letter).encode("cp932")), "base64")


def sjis_without_label(_dice: random.Random, letter: Letter) -> bytes:
    _japanese(letter)
    return _plain(letter, lambda text: text.encode("cp932"), "", _text(letter).encode("cp932"), "8bit")


def sjis_labelled_latin(_dice: random.Random, letter: Letter) -> bytes:
    _japanese(letter)
    return _plain(letter, _JIS, "iso-8859-1", _text(letter).encode("cp932"), "8bit")


def euc(_dice: random.Random, letter: Letter) -> bytes:
    _eucable(letter)
    word = word_of("EUC-JP", lambda text: text.encode("euc-jp"))
    return _plain(letter, word, "EUC-JP", _text(letter).encode("euc-jp"), "8bit")


def euc_without_label(_dice: random.Random, letter: Letter) -> bytes:
    _eucable(letter)
    return _plain(letter, _UTF8, "", _text(letter).encode("euc-jp"), "8bit")


def foreign(dice: random.Random, letter: Letter) -> bytes:
    words, codec, label = dice.choice(
        [(CHINESE, "gb18030", "GB2312"), (TRADITIONAL, "big5", "Big5"), (KOREAN, "euc-kr", "EUC-KR")]
    )
    letter.subject, letter.lines, letter.sender = words[0], [words[1]], "customer"
    word = word_of(label, lambda text: text.encode(codec))
    return _plain(letter, word, label, _lines64(_text(letter).encode(codec)), "base64")


def flowed(_dice: random.Random, letter: Letter) -> bytes:
    """format=flowed, DelSp: lines broken after ten characters, to be joined again."""
    kind = "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\nContent-Transfer-Encoding: 8bit\r\n"
    broken = [
        " \r\n".join(line[start : start + 10] for start in range(0, len(line), 10)) if line else ""
        for line in letter.lines
    ]
    return _head(letter, _UTF8, kind) + ("\r\n".join(broken) + "\r\n").encode()


def alternative(_dice: random.Random, letter: Letter) -> bytes:
    html = (
        "<html><body><div>" + "<br>".join(letter.lines) + '</div><img src="https://track.example/1.gif"></body></html>'
    )
    parts = [("text/plain; charset=UTF-8", _text(letter)), ("text/html; charset=UTF-8", html)]
    body = "".join(
        f"--alt\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{_lines64(text.encode()).decode()}"
        for kind, text in parts
    )
    return (
        _head(letter, _UTF8, 'Content-Type: multipart/alternative; boundary="alt"\r\n') + f"{body}--alt--\r\n".encode()
    )


def html_only(_dice: random.Random, letter: Letter) -> bytes:
    _japanese(letter)
    paragraphs = "".join(f"<p>{line}</p>\r\n" for line in letter.lines if line)
    html = f"<html><head><style>p{{margin:0}}</style></head><body>{paragraphs}</body></html>"
    kind = "Content-Type: text/html; charset=shift_jis\r\nContent-Transfer-Encoding: 8bit\r\n"
    return _head(letter, _JIS, kind) + html.encode("cp932")


def with_files(dice: random.Random, letter: Letter) -> bytes:
    letter.names = dice.sample(FILES, dice.randrange(1, 4))
    pieces = [f"--mix\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{_text(letter)}".encode()]
    for name in letter.names:
        style = dice.choice([_rfc2231, _rfc2231_pieces, _rfc2047_name, _raw_name])
        content = b"%PDF-1.7 " + dice.randbytes(dice.randrange(500, 20_000))
        head = b"--mix\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        pieces.append(head + b"Content-Disposition: attachment;" + style(name) + b"\r\n\r\n" + _lines64(content))
    return _head(letter, _UTF8, 'Content-Type: multipart/mixed; boundary="mix"\r\n') + b"".join(pieces) + b"--mix--\r\n"


def answer(dice: random.Random, letter: Letter) -> bytes:
    letter.lines += [
        "",
        "2026年11月1日(日) 10:00 こもれび雑貨店 <support@komorebi.example>:",
        "> ご注文ありがとうございます。",
        "> 発送いたしました。",
    ]
    return utf8_base64(dice, letter) if dice.random() < 0.5 else jis_plain(dice, letter)


def _rfc2231(name: str) -> bytes:
    return f" filename*=UTF-8''{quote(name)}".encode()


def _rfc2231_pieces(name: str) -> bytes:
    whole = "iso-2022-jp''" + quote(jis(name)) if name.isascii() is False else "us-ascii''" + quote(name)
    pieces = re.findall("(?:%..|[^%]){1,20}", whole)
    return ";".join(f"\r\n filename*{number}*={piece}" for number, piece in enumerate(pieces)).encode()


def _rfc2047_name(name: str) -> bytes:
    return b'\r\n filename="' + _UTF8(name) + b'"'


def _raw_name(name: str) -> bytes:
    return f' filename="{name}"'.encode()


def _lines64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


SHAPES = [
    utf8_base64, utf8_quoted, utf8_raw, jis_plain, jis_labelled_utf8, sjis_base64, sjis_without_label,
    sjis_labelled_latin, euc, euc_without_label, foreign, flowed, alternative, html_only, with_files, answer,
]  # fmt: skip
WEIGHTS = [18, 5, 5, 20, 1, 4, 2, 1, 1, 1, 1, 2, 16, 4, 10, 9]

if __name__ == "__main__":
    sys.exit(main())
