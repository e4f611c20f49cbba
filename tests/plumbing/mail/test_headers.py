"""Header values: words, parameters, people, ids, dates."""

from datetime import UTC, datetime

import pytest

from anshin.plumbing.mail.addresses import addresses, first_address
from anshin.plumbing.mail.dates import moment, offset_minutes
from anshin.plumbing.mail.headers import message_ids, parameters, readable
from anshin.plumbing.mail.values import Address


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b"=?UTF-8?B?44GC?= =?utf-8?q?=E3=81=84?=", "あい"),
        (b"=?UTF-8?B?44GC?= and =?UTF-8?B?44GE?=", "あ and い"),
        (b"Re:=?UTF-8?B?44GC?=", "Re:あ"),
        (b'"=?UTF-8?B?44GC?="', '"あ"'),
        (b"=?UTF-8?B?44GC?=\r\n\t=?UTF-8?B?44GE?=", "あい"),
        (b"=?UTF-8?B?4?= =?UTF-8?B?4GC?=", "あ"),  # base64 cut after one character
        (b"=?UTF-8?B?44GC44E?= =?UTF-8?B?hA==?=", "あい"),
        (b"=?UTF-8?B?44GC44E=?=", "あ\ufffd"),
        (b"=?UTF-8?Q?=E3=81?= =?UTF-8?Q?=82?=", "あ"),
        (b"=?UTF-8?Q?a_b=20c=?=", "a b c="),
        (b"=?UTF-8?Q?has spaces inside?=", "has spaces inside"),
        (b"=?UTF-8?B?44GC", "あ"),  # cut off by a length limit
        (b"=?UTF-8?B?44 GC?=", "あ"),
        (b"=?x-unknown?B?gqA=?=", "あ"),
        (b"=?ISO-2022-JP?B?GyRCJCIbKEI=?=", "あ"),
        (b"=?ISO-2022-JP*ja?B?GyRCJCIbKEI=?=", "あ"),
        (b"=?Shift_JIS?Q?=87=40=87=8A?=", "①㈱"),
        (b"=?UTF-8?X?abc?=", "=?UTF-8?X?abc?="),
        (b"=?=?=?=", "=?=?=?="),
        ("生の件名".encode(), "生の件名"),
        ("生の件名".encode("cp932"), "生の件名"),
        ("生の件名です".encode("euc_jp"), "生の件名です"),
        ("生の件名".encode("iso2022_jp"), "生の件名"),
        (b"nul\0here", "nul\ufffdhere"),
        (b"bell\x07", "bell"),
        (b"a\r\n b\r\n\tc", "a b c"),
        (b"", ""),
    ],
)
def test_header_reads(raw: bytes, text: str) -> None:
    assert readable(raw) == text


@pytest.mark.parametrize(
    ("raw", "value", "values"),
    [
        (b'text/plain; charset="utf-8"', "text/plain", {"charset": "utf-8"}),
        (b"TEXT/Plain;charset=utf-8;format=flowed", "text/plain", {"charset": "utf-8", "format": "flowed"}),
        (b'a/b; name="a;b.txt"; x=1', "a/b", {"name": "a;b.txt", "x": "1"}),
        (b'a/b; name="C:\\dir\\a.txt"', "a/b", {"name": "C:\\dir\\a.txt"}),
        (b'a/b; name="say \\"hi\\".txt"', "a/b", {"name": 'say "hi".txt'}),
        (b"a/b; name=This is a test.txt", "a/b", {"name": "This is a test.txt"}),
        (b'a/b; name="unclosed.txt', "a/b", {"name": "unclosed.txt"}),
        (b"a/b; boundary=----=_Part_1 (comment)", "a/b", {"boundary": "----=_Part_1"}),
        (b"a/b; filename*=utf-8''%E3%81%82.txt", "a/b", {"filename": "あ.txt"}),
        (b"a/b; filename=x; filename*=utf-8''%E3%81%82.txt", "a/b", {"filename": "あ.txt"}),
        (b"a/b; filename*1*=%82; filename*0*=utf-8''%E3%81", "a/b", {"filename": "あ"}),
        (b'a/b; filename*0="ab"; filename*1="cd"', "a/b", {"filename": "abcd"}),
        (b"a/b; filename*=iso-2022-jp''%1B%24B%2D%21%1B%28B.txt", "a/b", {"filename": "①.txt"}),
        (b"a/b; filename*='%41", "a/b", {"filename": "A"}),
        (b'a/b; filename="=?UTF-8?B?44GC?=.txt"', "a/b", {"filename": "あ.txt"}),
        ('a/b; filename="あ.txt"'.encode("cp932"), "a/b", {"filename": "あ.txt"}),
        (b";;;=;", "", {"": ""}),
    ],
)
def test_parameters_read(raw: bytes, value: str, values: dict[str, str]) -> None:
    found = parameters(raw)
    assert (found.value, found.values) == (value, values)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@b.jp", [("", "a@b.jp")]),
        ("山田 <a@b.jp>", [("山田", "a@b.jp")]),
        ('"山田, 太郎" <a@b.jp>, c@d.jp', [("山田, 太郎", "a@b.jp"), ("", "c@d.jp")]),
        ("=?UTF-8?B?5bGx55SwLCDlpKrpg44=?= <a@b.jp>", [("山田, 太郎", "a@b.jp")]),
        ("=?UTF-8?B?5bGx55SwIDxhQGIuanA+?=", [("山田", "a@b.jp")]),
        ("a@b.jp (Taro)", [("Taro", "a@b.jp")]),
        ("Friends: a@b.jp, c@d.jp;, e@f.jp", [("", "a@b.jp"), ("", "c@d.jp"), ("", "e@f.jp")]),
        ("undisclosed-recipients:;", []),
        ("<taro..yamada.@docomo.ne.jp>", [("", "taro..yamada.@docomo.ne.jp")]),
        ('"taro..yamada."@docomo.ne.jp', [("", "taro..yamada.@docomo.ne.jp")]),
        ('Taro <"taro..y"@docomo.ne.jp>', [("Taro", "taro..y@docomo.ne.jp")]),
        ('"Taro <a@b.jp>, c@d.jp', [("Taro", "a@b.jp"), ("", "c@d.jp")]),
        ("Taro <a@b.jp> Jiro <c@d.jp>", [("Taro", "a@b.jp"), ("Jiro", "c@d.jp")]),
        ("<mailto:a@b.jp>", [("", "a@b.jp")]),
        ("<@relay.jp,@x.jp:a@b.jp>", [("", "a@b.jp")]),
        ("Pete(A) <pete(his account)@silly.test(his host)>", [("Pete", "pete@silly.test")]),
        ("root", [("root", "")]),
        ("'Taro' <a@b.jp>", [("Taro", "a@b.jp")]),
        ("a@b.jp; c@d.jp", [("", "a@b.jp"), ("", "c@d.jp")]),
        ("山田@日本.jp", [("", "山田@日本.jp")]),
        ("", []),
        (",,;<>", []),
    ],
)
def test_people_are_read(text: str, found: list[tuple[str, str]]) -> None:
    assert [(address.name, address.mail) for address in addresses(text)] == found


def test_first_address_prefers_one_that_can_be_answered() -> None:
    assert first_address("nobody, Taro <a@b.jp>") == Address("Taro", "a@b.jp")
    assert first_address("") == Address("", "")


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("<a@b>", ("a@b",)),
        ("<a@b> <c@d>\r\n <a@b>", ("a@b", "c@d")),
        ("a@b", ("a@b",)),
        ("<a@\r\n b>", ("a@b",)),
        ("<no-at-sign>", ("no-at-sign",)),
        ("Your message of Monday", ()),
        ("", ()),
    ],
)
def test_message_ids_are_bare(text: str, ids: tuple[str, ...]) -> None:
    assert message_ids(text) == ids


@pytest.mark.parametrize(
    ("text", "iso", "defect"),
    [
        ("Sun, 1 Nov 2026 10:00:00 +0900", "2026-11-01T01:00:00", ""),
        ("Sun, 1 Nov 2026 10:00:00 +0900 (JST)", "2026-11-01T01:00:00", ""),
        ("1 Nov 2026 10:00:00 JST", "2026-11-01T01:00:00", ""),
        ("Sun, 1 Nov 2026 10:00 GMT", "2026-11-01T10:00:00", ""),
        ("Sun, 01 Nov 26 10:00:00 EST", "2026-11-01T15:00:00", ""),
        ("Thu, 01 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00", ""),
        ("Sun, 07 Feb 2106 06:28:16 +0000", "2106-02-07T06:28:16", ""),
        ("2026-11-01T10:00:00+09:00", "2026-11-01T01:00:00", ""),
        ("2026-11-01 10:00:00Z", "2026-11-01T10:00:00", ""),
        ("2026/11/01 10:00:00 +0900", "2026-11-01T01:00:00", ""),
        ("2026年11月1日（日）10:00 +0900", "2026-11-01T01:00:00", ""),
        ("日, 1 Nov 2026 10:00:00 +0900", "2026-11-01T01:00:00", ""),
        ("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", "1997-11-21T15:55:06", ""),
        ("Sun, 1 Nov 2026 10:00:60 +0900", "2026-11-01T01:00:59", ""),
        ("Sun, 1 Nov 2026 10:00:00", "2026-11-01T10:00:00", "date_without_zone"),
    ],
)
def test_date_is_a_moment_in_utc(text: str, iso: str, defect: str) -> None:
    assert moment(text) == (datetime.fromisoformat(iso).replace(tzinfo=UTC), defect)


@pytest.mark.parametrize(
    ("text", "defect"),
    [
        ("", "date_missing"),
        ("yesterday", "date_unreadable"),
        ("Sun, 99 Foo 2026 10:00:00", "date_unreadable"),
        ("Sun, 31 Nov 2026 10:00:00 +0000", "date_unreadable"),
        ("31 Dec 9999 23:59:59 -1200", "date_unreadable"),
    ],
)
def test_unreadable_date_is_none(text: str, defect: str) -> None:
    assert moment(text) == (None, defect)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("Fri, 20 Nov 2026 10:00:00 +0900", 540),
        ("Fri, 20 Nov 2026 10:00:00 -0800 (PST)", -480),
        ("Fri, 20 Nov 2026 10:00:00 +05:30", 330),
        ("Fri, 20 Nov 2026 10:00:00 +0000", None),  # what a server writes that does not know
        ("Fri, 20 Nov 2026 10:00:00 GMT", None),
        ("Fri, 20 Nov 2026 10:00:00 +9999", None),
        ("2026-11-20", None),
        ("", None),
    ],
)
def test_a_date_tells_on_which_clock_it_was_written(written, minutes):
    assert offset_minutes(written) == minutes
