"""Forwarded mails found in a text: only those, in time linear in its length, with nothing left out."""

import time

import pytest

from anshin.plumbing.mail.forwards import RULE, as_text, attached, unfold
from anshin.plumbing.mail.reader import parse

BLOCK = "差出人: 店 <shop@shop.example>\n送信日時: 2026年11月20日 10:00\n宛先: 客\n件名: 確認\n"


def test_the_forwards_and_what_stands_before_them_are_the_whole_text() -> None:
    text = f"見てください。\n{RULE}\n{BLOCK}\n一通目\n-----Forwarded Message-----\n{BLOCK}\n二通目"
    first, second = unfold(text, "Fwd: 確認")

    assert text[: first.start] == "見てください。\n"
    assert (first.end, second.end) == (second.start, len(text))
    assert (first.text, second.text) == ("一通目\n", "二通目\n")


@pytest.mark.parametrize("subject", ["Fwd: 確認", "FW: 確認", "転送: 確認", "Re: Fwd: 確認"])
def test_a_bare_block_below_words_counts_under_a_forwards_subject(subject: str) -> None:
    assert len(unfold(f"よろしく。\n\n{BLOCK}\n本文", subject)) == 1


@pytest.mark.parametrize("subject", ["", "Re: 確認", "RE: 転送の件", "フォワードの件"])
def test_a_bare_block_below_words_is_history_under_any_other(subject: str) -> None:
    assert unfold(f"よろしく。\n\n{BLOCK}\n本文", subject) == ()


def test_a_rule_without_any_sender_is_no_forward() -> None:
    assert unfold("転送メッセージ\n---- 転送 ----\n荷物の転送を頼みます。", "Fwd: x") == ()


def test_at_most_ten_are_unfolded_and_the_last_keeps_the_rest() -> None:
    text = "".join(f"---------- Forwarded message ---------\n{BLOCK}\n{number}\n" for number in range(40))
    found = unfold(text)

    assert len(found) == 10
    assert found[-1].end == len(text)
    assert "39" in found[-1].text


@pytest.mark.parametrize(
    "line",
    ["From: ", "差出人: " + "あ" * 3_000, "> " * 200, "---------- Forwarded message ---------", "件名:\t", "_" * 40],
)
def test_long_texts_take_no_time(line: str) -> None:
    text = "差出人\n" + f"{line}\n" * (400_000 // len(line))
    started = time.process_time()
    unfold(text, "Fwd: x")
    assert time.process_time() - started < 2


def test_an_attached_mail_is_read_written_out_and_unfolded() -> None:
    inner = (
        b"From: \xe5\xba\x97 <shop@shop.example>\r\nSubject: ok\r\nDate: Fri, 20 Nov 2026 10:00:00 +0900\r\n\r\nbody"
    )
    raw = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    raw += (b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n") * 5 + b"--x--"
    mails = attached(parse(raw), parse)

    assert [mail.subject for mail in mails] == ["ok"] * 3
    (found,) = unfold(as_text(mails[0]))
    assert (found.sender.name, found.sender.mail, found.subject, found.text) == (
        "店",
        "shop@shop.example",
        "ok",
        "body\n",
    )
    assert found.at == mails[0].date
