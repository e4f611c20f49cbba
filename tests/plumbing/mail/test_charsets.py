"""Which characters bytes are."""

import pytest

from anshin.plumbing.mail import jis
from anshin.plumbing.mail.charsets import codec_for, decode

SENTENCE = "お世話になっております。注文番号１２３の件、よろしくお願いします。"
LABELS = ["", "utf-8", "Shift_JIS", "euc-jp", "iso-8859-1", "us-ascii", "x-unknown", '"utf8"', "no-such-charset"]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "iso2022_jp"])
def test_a_japanese_sentence_is_read_under_any_label(codec: str, label: str) -> None:
    found = decode(SENTENCE.encode(codec), label)
    assert (found.text, found.choice.lost_count) == (SENTENCE, 0)


@pytest.mark.parametrize(
    ("label", "ours"),
    [
        ("Shift-JIS", "cp932"),
        ("x-sjis", "cp932"),
        ("Windows-31J", "cp932"),
        ("MS932", "cp932"),
        ("ISO-2022-JP-MS", "iso-2022-jp"),
        ("iso-2022-jp-2004", "iso-2022-jp"),
        ("GB2312", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("Big5", "cp950"),
        ('"UTF-8"', "utf-8"),
        ("charset=utf-8", "utf-8"),
        ("utf-8*ja", "utf-8"),
        ("latin1", "cp1252"),
        ("koi8-r", "koi8-r"),
        ("hex", ""),
        ("unicode_escape", ""),
        ("idna", ""),
        ("rot13", ""),
        ("../etc", ""),
        ("", ""),
    ],
)
def test_label_is_understood(label: str, ours: str) -> None:
    assert codec_for(label) == ours


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        ("中文邮件：你好，世界", "gb2312", "gb2312"),
        ("朱镕基 㐀", "gb18030", "GBK"),
        ("繁體中文郵件", "big5", "big5"),
        ("한국어 스티해 똠", "cp949", "ks_c_5601-1987"),
        ("Привет", "koi8-r", "koi8-r"),
        ("Crème brûlée à l’été", "cp1252", "iso-8859-1"),
        ("Crème brûlée à l'été", "cp1252", ""),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "cp932", "shift_jis"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "cp932", ""),
        ("山田", "euc_jp", ""),
        ("テスト", "utf-16", "utf-16"),
        ("テスト", "utf-16-le", "utf-16le"),
        ("テスト", "utf-7", "utf-7"),
        ("テスト", "utf-8-sig", ""),
    ],
)
def test_text_is_read(text: str, codec: str, label: str) -> None:
    found = decode(text.encode(codec), label)
    assert (found.text, found.choice.lost_count) == (text, 0)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\x1b$B-!-j|b\x1b(B", "①㈱髙"),
        (b"\x1b(I6E\x1b(B abc", "ｶﾅ abc"),
        (b"\x1b(J\\1,000\x1b(B", "¥1,000"),
        (b"\x1b$(D0!\x1b(B", "丂"),
        (b"\x1b$(Dt{\x1b(B", "髙"),
        (b"\x1b$(O.!\x1b(B", "俱"),
        (b'\x1b&@\x1b$B$"\x1b(B', "あ"),
        (b'\x1b$@$"\x1b(J', "あ"),
        (b"\x1b$BFnIp\n$5$/$i\x1b(B!", "南武\nさくら!"),
        (b'\x1b$B$"$$\nplain ASCII\n\x1b$B$&\x1b(B', "あい\nplain ASCII\nう"),
        (b'\x1b$B$"\x1b(B \xe3\x81\x84', "あ い"),
        (b'\x1b$B$"\x1b(B \x82\xa2\x82\xe9', "あ いる"),
        (b"\x1b$A0!\x1b(B", "啊"),
        (b"\x1b$(C0!\x1b(B", "가"),
    ],
)
def test_iso_2022_jp_in_its_real_shapes(raw: bytes, text: str) -> None:
    assert decode(raw, "iso-2022-jp").text == text


def test_escapes_removed_by_a_relay_are_put_back() -> None:
    raw = "返品をお願いします。".encode("iso2022_jp").replace(b"\x1b", b"")
    assert decode(raw, "iso-2022-jp").text == "返品をお願いします。"
    assert decode(b"$Bill (B) costs $9", "us-ascii").text == "$Bill (B) costs $9"


def test_every_cp932_character_survives_as_jis_rows() -> None:
    for lead in [*range(0x81, 0xA0), *range(0xE0, 0xF0)]:
        for trail in [*range(0x40, 0x7F), *range(0x80, 0xFD)]:
            place = bytes((lead, trail))
            try:
                character = place.decode("cp932")
            except UnicodeDecodeError:
                continue
            row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + (0x22 if trail >= 0x9F else 0x21)
            cell = trail - 0x7E if trail >= 0x9F else trail - (0x20 if trail >= 0x80 else 0x1F)
            raw = b"\x1b$B" + bytes((row, cell)) + b"\x1b(B"
            assert jis.decode_iso2022jp(raw, lambda run: run.decode("latin-1")) == character
            assert jis.decode_eucjp(bytes((row | 0x80, cell | 0x80))) == character


def test_lost_bytes_are_counted_and_shown() -> None:
    cut = "途中で切れた文です".encode()[:-1]
    found = decode(cut, "utf-8")
    assert found.text == "途中で切れた文で\ufffd"
    assert (found.choice.used, found.choice.reason, found.choice.lost_count) == ("utf-8", "damaged", 1)


def test_a_replacement_character_that_was_sent_is_not_counted_as_lost() -> None:
    assert decode("a\ufffdb".encode(), "utf-8").choice.lost_count == 0


def test_text_can_always_be_stored() -> None:
    assert decode(b"a\0b").text == "a\ufffdb"
    assert decode(b"+2AA-", "utf-7").text == "\ufffd"
