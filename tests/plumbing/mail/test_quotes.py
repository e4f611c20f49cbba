"""Mails cut into body, quote, signature and forwarded mail; what goes in comes out."""

import email
import email.policy
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.plumbing.mail.quotes import Segment, SegmentKind, split_reply

BODY, QUOTE = SegmentKind.BODY, SegmentKind.QUOTE
SIGNATURE, FORWARDED = SegmentKind.SIGNATURE, SegmentKind.FORWARDED
CORPUS = Path("/work/shared/corpus/mail/talon/tests/fixtures")


def cut(text: str) -> list[tuple[SegmentKind, str]]:
    """The kinds with their texts, outer white space aside."""
    return [(segment.kind, segment.text.strip()) for segment in split_reply(text)]


# What introduces a quote, as Japanese customers' programs write it. Each is tried above marked and unmarked lines.
CERTAIN_HEADERS = {
    "gmail": "2026年11月1日(日) 10:00 山田 太郎 <taro@example.com>:",
    "gmail, wrapped": "2026年11月1日(日) 10:00 こもれび雑貨店 カスタマーサポート\n<support@komorebi.example>:",
    "gmail, full-width colon": "2026年11月1日(日) 10:00 山田 太郎 <taro@example.com>：",
    "gmail, no weekday": "2026年11月1日 10:00 山田 <taro@example.com>:",
    "gmail, old": "2026/11/1 10:00 山田太郎 <taro@example.com>:",
    "gmail, afternoon": "2026年11月1日(日) 午後3:05 山田 太郎 <taro@example.com>:",
    "apple mail": "2026/11/01 10:00、山田太郎 <taro@example.com>のメール：",
    "iphone": "2026/11/01 10:00、山田太郎のメール：",
    "iphone, kanji date": "2026年11月1日 10:00、山田太郎 <taro@example.com>のメール:",
    "iphone, morning": "2026/11/01 午前10:00、山田太郎 <taro@example.com>のメール：",
    "apple mail, old": "2026/11/01 10:00、山田太郎 <taro@example.com> のメッセージ:",
    "apple mail, wrapped": "2026/11/01 10:00、こもれび雑貨店カスタマーサポート\n<support@komorebi.example>のメール：",
    "thunderbird": "2026/11/01 10:00、山田さんは書きました:",
    "thunderbird, japanese on": "On 2026/11/01 10:00, 山田 太郎 wrote:",
    "thunderbird, brackets": "(2026/11/01 10:00), 山田 太郎 wrote:",
    "yahoo": "2026年11月1日 日曜日 10時00分、山田太郎 <taro@example.com> さんは書きました:",
    "becky": "On Sun, 1 Nov 2026 10:00:00 +0900\n山田太郎 <taro@example.com> wrote:",
    "era": "令和8年11月1日 10:00 山田 <taro@example.com>:",
    "gmail, english": "On Sun, Nov 1, 2026 at 10:00 AM Taro Yamada <taro@example.com> wrote:",
    "gmail, english, wrapped": (
        "On Sun, Nov 1, 2026 at 10:00 AM Komorebi Support Desk\n<support@komorebi.example> wrote:"
    ),
    "gmail, english, three lines": (
        "On Sunday, November 1, 2026 at 10:00:00\nAM, Komorebi\n<support@komorebi.example> wrote:"
    ),
    "outlook for mac": "On 2026-11-01 10:00, Taro wrote:",
    "simplified chinese": "在 2026年11月1日 10:00，山田 <taro@example.com> 写道：",
    "korean": "2026년 11월 1일 (일) 오전 10:00, 山田 <taro@example.com>님이 작성:",
}
FIELDS = {
    "outlook": (
        "差出人: 山田太郎 <taro@example.com>\n送信日時: 2026年11月1日 10:00\n"
        "宛先: support@komorebi.example\n件名: 返品について"
    ),
    "outlook, full-width": (
        "差出人：山田太郎\n送信日時：2026年11月1日 10:00\n宛先：support@komorebi.example\n件名：返品"
    ),
    "outlook, doubled": "差出人: 山田\n\n送信日時: 2026年11月1日 10:00\n\n宛先: support\n\n件名: 返品",
    "outlook, english": (
        "From: Taro [mailto:taro@example.com]\nSent: Sunday, November 1, 2026 10:00 AM\nTo: support\nSubject: return"
    ),
    "outlook, bold": "*差出人:* 山田\n*送信日時:* 2026年11月1日 10:00\n*宛先:* support\n*件名:* 返品",
    "outlook, long recipients": "From: Taro\nSent: Sunday\nTo: a@example.com;\n\tb@example.com\nSubject: return",
    "mobile": "差出人: 山田\n日時: 2026/11/01 10:00\n宛先: support\n件名: 返品",
    "yahoo": "From: support@komorebi.example\nTo: taro@example.com\nDate: 2026/11/1, Sun 10:00\nSubject: 返品",
    "chinese": "发件人: 山田\n发送时间: 2026年11月1日 10:00\n收件人: support\n主题: 退货",
}
RULES = [
    "-----Original Message-----",
    "----- Original Message -----",
    "---- Original Message ----",
    "-----元のメッセージ-----",
    "----- 元のメッセージ -----",
    "－－－－－Original Message－－－－－",
    "------ 元のメール ------",
    "-----オリジナルメッセージ-----",
    "--- original message ---",
    "-------- Original message --------",
    "----- 返信元メッセージ -----",
    "----------引用元----------",
]
FORWARD_RULES = [
    "---------- Forwarded message ---------",
    "---------- Forwarded message ----------",
    "-------- Forwarded Message --------",
    "---------- 転送メッセージ ----------",
    "-------- 転送されたメッセージ --------",
    "----- 転送 -----",
    "----- Forwarded by 山田/EXAMPLE on 2026/11/01 10:00 -----",
    "Begin forwarded message:",
    "転送されたメッセージ:",
]
SIGNATURES = {
    "delimiter": "-- \n柏木 由紀子",
    "delimiter without its space": "--\n柏木 由紀子\nyukiko@example.com",
    "ruled, closed": "━━━━━━━━━━━━\n柏木 由紀子\nTEL 090-1234-5678\n━━━━━━━━━━━━",
    "hyphens": "-----------------------\n柏木 由紀子\nyukiko@example.com\n-----------------------",
    "full-width asterisks": "＊＊＊＊＊＊＊＊＊＊\n柏木 由紀子\n090-1234-5678\n＊＊＊＊＊＊＊＊＊＊",
    "asterisks": "*************\n柏木 由紀子\n電話：03-1234-5678",
    "equals": "==========\n株式会社こもれび 営業部\n柏木 由紀子\n〒150-0001 東京都渋谷区神宮前1-2-3\n==========",
    "stars": "☆★☆★☆★☆★\n柏木ゆきこ\n☆★☆★☆★☆★",
    "slashes": (
        "_/_/_/_/_/_/_/_/\n有限会社白樺\nTEL:0263-12-3456  FAX:0263-12-3457\nhttps://shirakaba.example/\n"
        "_/_/_/_/_/_/_/_/"
    ),
    "dots": "・・・・・・・・・・\n柏木\nyukiko@example.com",
    "boxed": "┏━━━━━━━━┓\n 株式会社こもれび\n 柏木 由紀子\n┗━━━━━━━━┛",
    "company block": "株式会社こもれび 営業部\n柏木 由紀子\n〒150-0001 東京都渋谷区神宮前1-2-3\nTEL 03-1234-5678",
    "iphone": "iPhoneから送信",
    "ipad": "iPadから送信",
    "android": "Androidから送信",
    "smartphone": "スマートフォンから送信",
    "own phone": "私のiPhoneから送信",
    "iphone, english": "Sent from my iPhone",
    "outlook mobile": "Outlook for iOS を入手<https://aka.ms/o0ukef>",
    "outlook mobile, english": "Get Outlook for Android<https://aka.ms/AAb9ysg>",
    "yahoo app": "Yahoo!メール - スマートフォン版",
}


@pytest.mark.parametrize("header", CERTAIN_HEADERS.values(), ids=CERTAIN_HEADERS)
def test_a_header_belongs_to_the_marked_quote_below_it(header: str) -> None:
    text = f"届きました。\n\n{header}\n\n> お世話になります。\n>\n> 発送しました。\n"
    assert cut(text) == [(BODY, "届きました。"), (QUOTE, f"{header}\n\n> お世話になります。\n>\n> 発送しました。")]


@pytest.mark.parametrize("header", CERTAIN_HEADERS.values(), ids=CERTAIN_HEADERS)
def test_a_header_begins_an_unmarked_quote(header: str) -> None:
    text = f"届きました。\n\n{header}\n\nお世話になります。\n\n発送しました。\n"
    assert cut(text) == [(BODY, "届きました。"), (QUOTE, f"{header}\n\nお世話になります。\n\n発送しました。")]


@pytest.mark.parametrize("fields", FIELDS.values(), ids=FIELDS)
def test_a_block_of_header_fields_begins_a_quote(fields: str) -> None:
    text = f"届きました。\n\n{fields}\n\nお世話になります。\n"
    assert cut(text) == [(BODY, "届きました。"), (QUOTE, f"{fields}\n\nお世話になります。")]


@pytest.mark.parametrize("rule", ["________________________________", "--------------------", "＿" * 20])
def test_a_rule_above_header_fields_belongs_to_the_quote(rule: str) -> None:
    text = f"届きました。\n\n{rule}\n{FIELDS['outlook']}\n\nお世話になります。\n"
    assert cut(text) == [(BODY, "届きました。"), (QUOTE, text.removeprefix("届きました。").strip())]


@pytest.mark.parametrize("rule", RULES)
def test_an_original_message_rule_begins_a_quote(rule: str) -> None:
    text = f"届きました。\n\n{rule}\nFrom: a@example.com\nお世話になります。\n"
    assert cut(text) == [(BODY, "届きました。"), (QUOTE, f"{rule}\nFrom: a@example.com\nお世話になります。")]


@pytest.mark.parametrize("rule", FORWARD_RULES)
def test_a_forward_rule_begins_a_forwarded_mail(rule: str) -> None:
    text = f"こちらです。\n\n{rule}\nFrom: a@example.com\nお世話になります。\n"
    assert cut(text) == [(BODY, "こちらです。"), (FORWARDED, f"{rule}\nFrom: a@example.com\nお世話になります。")]


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_ends_the_body(signature: str) -> None:
    text = f"お世話になります。\n商品がまだ届きません。\n\n{signature}\n"
    assert cut(text) == [(BODY, "お世話になります。\n商品がまだ届きません。"), (SIGNATURE, signature)]


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_is_found_above_a_quote(signature: str) -> None:
    text = f"商品がまだ届きません。\n\n{signature}\n\n2026年11月1日(日) 10:00 店 <a@example.com>:\n\n> 発送しました。\n"
    assert [kind for kind, _ in cut(text)] == [BODY, SIGNATURE, QUOTE]
    assert cut(text)[1][1] == signature


def test_answers_between_quoted_lines_stay_body() -> None:
    text = "> 色は何色ですか？\n\n青です。\n\n> 到着日は？\n昨日です。\n\n> ほかには？\n"
    assert cut(text) == [
        (QUOTE, "> 色は何色ですか？"),
        (BODY, "青です。"),
        (QUOTE, "> 到着日は？"),
        (BODY, "昨日です。"),
        (QUOTE, "> ほかには？"),
    ]


def test_an_answer_below_the_quote_stays_body() -> None:
    text = "On 04/02/2012 06:26 PM, Megan One wrote:\n> Hi\nHello"
    assert cut(text) == [(QUOTE, "On 04/02/2012 06:26 PM, Megan One wrote:\n> Hi"), (BODY, "Hello")]


def test_full_width_quote_marks_are_known() -> None:
    assert cut("はい。\n＞届きましたか？\n") == [(BODY, "はい。"), (QUOTE, "＞届きましたか？")]


def test_quotes_in_quotes_are_one_quote() -> None:
    text = "はい。\n\n2026/11/01 10:00、店のメール：\n\n> どうも。\n> > 届きません\n>> 困ります\n"
    assert [kind for kind, _ in cut(text)] == [BODY, QUOTE]


def test_a_header_that_is_not_certain_needs_marked_lines_below() -> None:
    assert [kind for kind, _ in cut("山田さんのメール：\n\n届いていません。\n")] == [BODY]
    assert cut("はい。\n山田さんのメール：\n> 届きましたか\n") == [
        (BODY, "はい。"),
        (QUOTE, "山田さんのメール：\n> 届きましたか"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月1日に注文しました。\n届きません。\n",
        "11月1日 10:00に電話しました：\n返事がありません。\n",
        "2026年11月1日 10:00 に以下の商品を注文しました:\nマグカップ 2個\n",
        "件名: 返品\n内容: 割れていました。\n",
        "お名前: 柏木\n件名: 返品\n日付: 11月1日\n",
        "差出人: 母\n届け先: 私\nの荷物が届きません。\n",
        "色は2種類:\n・赤\n・青\n",
        "On the other hand, I wrote: please refund.\nThanks\n",
        "5 > 3 だと思います。\n",
        "下記の住所に変更してください。\n-----------\n柏木由紀子\n"
        "〒150-0001 東京都渋谷区神宮前1-2-3\n電話 090-1234-5678\n",
        "届け先は以下です：\n\n柏木由紀子\n〒150-0001 東京都渋谷区神宮前1-2-3\n090-1234-5678\nyukiko@example.com\n",
        "お願いします。\n-----\n注文番号：KM-20417\n電話：090-1234-5678\nメール：a@example.com\n",
        "返金先\n=====\nみどり銀行 渋谷支店\n普通 1234567\n=====\n",
        "①返品したい\n----------\n②交換でもよいです。連絡先は090-1234-5678です。\n",
        "iPhoneから送信したのですが届いていません。\n",
        "iPhoneケースが割れていました。\n",
        "-- \nここから本文です。届いていません。返事をください。\n",
        "柏木由紀子\n090-1234-5678\n",
    ],
)
def test_what_was_said_stays_body(text: str) -> None:
    assert cut(text) == [(BODY, text.strip())]


def test_a_phone_line_in_the_middle_does_not_take_the_text_below() -> None:
    text = "返品したいです。\n\niPhoneから送信\n\n追伸：箱はもうありません。\n"
    assert cut(text) == [
        (BODY, "返品したいです。"),
        (SIGNATURE, "iPhoneから送信"),
        (BODY, "追伸：箱はもうありません。"),
    ]


@pytest.mark.parametrize("above", [RULES[0], "", "________________________________"])
def test_a_mail_passed_on_without_a_word_is_forwarded(above: str) -> None:
    text = f"{above}\n{FIELDS['outlook']}\n\n本文です。\n"
    assert [kind for kind, written in cut(text) if written] == [FORWARDED]


def test_a_forwarded_mail_with_quote_marks_ends_with_them() -> None:
    text = "こちらです。\n\nBegin forwarded message:\n\n> From: a@example.com\n> 本文\n\n以上です。\n"
    assert [kind for kind, _ in cut(text)] == [BODY, FORWARDED, BODY]


def test_windows_line_ends_change_nothing() -> None:
    text = "届きました。\r\n\r\n2026年11月1日(日) 10:00 山田 <taro@example.com>:\r\n\r\n> どうも\r\n"
    assert [kind for kind, _ in cut(text)] == [BODY, QUOTE]


def test_segments_say_where_they_stand() -> None:
    assert split_reply("はい。\n> 届きましたか\n") == (
        Segment(BODY, "はい。\n", 0, 4),
        Segment(QUOTE, "> 届きましたか\n", 4, 13),
    )


def test_an_empty_text_has_no_segments() -> None:
    assert split_reply("") == ()


ALL_LINES = [
    *(line for header in CERTAIN_HEADERS.values() for line in header.split("\n")),
    *(line for fields in FIELDS.values() for line in fields.split("\n")),
    *(line for signature in SIGNATURES.values() for line in signature.split("\n")),
    *RULES,
    *FORWARD_RULES,
    *["", "> ", ">", "> はい", "はい。", "　", "お世話になります。", "--", "-- "],
]


@given(
    st.lists(st.tuples(st.sampled_from(ALL_LINES) | st.text(max_size=20), st.sampled_from(["\n", "\r\n", "\r", ""])))
)
def test_nothing_is_ever_dropped(pieces: list[tuple[str, str]]) -> None:
    text = "".join(line + end for line, end in pieces)
    segments = split_reply(text)
    assert "".join(segment.text for segment in segments) == text
    assert all(text[segment.start : segment.end] == segment.text for segment in segments)
    assert all(one.kind != other.kind for one, other in pairwise(segments))
    assert all(segment.text for segment in segments)


@pytest.mark.parametrize(
    ("piece", "size"), [(">", 1_000_000), (">\n", 1_000_000), ("-", 1_000_000), ("-\n", 1_000_000)]
)
def test_a_megabyte_is_cut_in_seconds(piece: str, size: int) -> None:
    assert seconds_to_cut(piece, size) < 20


@pytest.mark.parametrize(
    "piece",
    [
        "---\n",
        "-- \n",
        "> ",
        "On ",
        "On 2026\n",
        "2026年11月1日 10:00\n",
        "From: a\n",
        "差出人:",
        "━\n",
        "a@",
        "<a@b\n",
        ":",
        "\n",
        " ",
        "iPhone",
        "転送",
        "sent from ",
        "差出人: a\n日時: b\n",
        "株式会社",
        "03-",
        "- -",
    ],
)
def test_no_repeated_piece_makes_it_slow(piece: str) -> None:
    assert seconds_to_cut(piece, 100_000) < 8


def seconds_to_cut(piece: str, size: int) -> float:
    text = piece * (size // len(piece.encode()))
    before = time.process_time()
    segments = split_reply(text)
    spent = time.process_time() - before
    assert "".join(segment.text for segment in segments) == text
    return spent


def corpus_text(name: str) -> str:
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"the mails of other projects are not here: {path}")
    if path.suffix != ".eml":
        return path.read_text("utf-8")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("android", "Hello"),
        ("aol", "Hello"),
        ("apple_mail", "Hello"),
        ("apple_mail_2", "Hello"),
        ("comcast", "Hello"),
        ("gmail", "Hello"),
        ("hotmail", "Hello"),
        ("iphone", "Hello"),
        ("outlook", "Hello"),
        ("sparrow", "Hello"),
        ("thunderbird", "Hello"),
        ("yahoo", "Hello"),
    ],
)
def test_the_reply_is_found_in_other_projects_mails(name: str, said: str) -> None:
    segments = split_reply(corpus_text(f"standard_replies/{name}.eml"))
    assert "".join(segment.text for segment in segments if segment.kind is BODY).strip() == said


def test_the_signature_is_found_in_other_projects_mails() -> None:
    segments = split_reply(corpus_text("signature/emails/stripped/sparse_body"))
    expected = corpus_text("signature/emails/stripped/sparse_signature")
    assert [segment.text for segment in segments if segment.kind is SIGNATURE] == [expected]


def test_no_mail_of_other_projects_loses_a_character() -> None:
    if not CORPUS.exists():
        pytest.skip(f"the mails of other projects are not here: {CORPUS}")
    for path in sorted(CORPUS.parent.parent.parent.rglob("*")):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            assert "".join(segment.text for segment in split_reply(text)) == text, path
