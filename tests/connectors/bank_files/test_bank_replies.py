"""A bank's answer is read as it is, and what is not whole is refused with a sentence that says where."""

from __future__ import annotations

import pytest

from anshin.commerce.ports import TransferFileRefused
from anshin.commerce.terms import LineState, ReplyColumn, ReplyScope
from anshin.connectors.bank_files.adapter import ZenginFiles
from tests.connectors.bank_files.answers import failures_only, records_of, with_results
from tests.connectors.bank_files.test_zengin_files import transfer, written

SENT = written(transfer(1, 1_000), transfer(2, 500, number="7654321"), transfer(3, 700))
CSV = "顧客コード1,銀行コード,支店コード,口座番号,受取人名,振込金額,処理結果,不能理由\r\n"


def read(content, scope=ReplyScope.FAILURES, columns=()):
    return ZenginFiles().read_reply(content, scope=scope, columns=columns)


def refusal(content, scope=ReplyScope.FAILURES):
    with pytest.raises(TransferFileRefused) as caught:
        read(content, scope)
    return str(caught.value)


def test_every_line_of_a_file_of_failures_has_failed():
    reply = read(failures_only(SENT, [2], code=b"2"))

    (line,) = reply.lines
    assert (reply.month_day, reply.client_code, reply.is_table) == ("1204", "1234567890", False)
    assert (line.row, line.line, line.amount_yen, line.bank_code, line.branch_code) == (2, 2, 500, "9900", "018")
    assert (line.number, line.outcome) == ("7654321", LineState.FAILED)
    assert "2" in line.words
    assert "7654321" not in repr(line)


def test_a_file_of_results_says_which_went():
    reply = read(with_results(SENT, {2: b"3"}), ReplyScope.ALL)

    assert [line.outcome for line in reply.lines] == [LineState.DONE, LineState.FAILED, LineState.DONE]
    assert reply.lines[0].words == ""


@pytest.mark.parametrize("ends", [b"", b"\n", b"\r\n"])
def test_ends_of_lines_do_not_matter(ends):
    content = ends.join(records_of(failures_only(SENT, [1, 3]))) + b"\x1a"

    assert [line.line for line in read(content).lines] == [1, 3]
    assert ZenginFiles().same_transfers(content, failures_only(SENT, [1, 3]))


def test_cut_off_in_a_record_or_after_one_is_said():
    whole = failures_only(SENT, [1, 2, 3])
    assert "3" in refusal(whole[: 122 * 2 + 60])  # in the middle of record 3
    assert "4" in refusal(whole[: 122 * 4])  # the trailer is missing
    assert "5" in refusal(whole[: 122 * 5])  # only the end is missing


def test_a_wrong_sum_another_kind_and_a_wrong_order_are_refused():
    whole = failures_only(SENT, [1, 2])
    header, first, second, trailer, end = records_of(whole)
    wrong_sum = b"".join([header, first, second, trailer[:18] + b"9" + trailer[19:], end])
    debit = b"".join([b"191" + header[3:], first, second, trailer, end])
    shuffled = b"".join([header, trailer, first, second, end])
    assert len({refusal(wrong_sum), refusal(debit), refusal(shuffled), refusal(b"\r\n"), refusal(b"hello")}) == 5


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_table_with_known_headings_is_read_at_once(encoding):
    rows = (
        '1,0001,1,123456,カシワギ,"1,000",振込済,\r\n'
        "2,0001,1,7654321,カシワギ,500,振込不能,口座なし\r\n"
        "3,,,,,700,照会中,\r\n"
    )
    reply = read((CSV + rows).encode(encoding), ReplyScope.ALL)

    done, failed, unclear = reply.lines
    assert (done.line, done.amount_yen, done.branch_code, done.number) == (1, 1_000, "001", "0123456")
    assert [done.outcome, failed.outcome, unclear.outcome] == [LineState.DONE, LineState.FAILED, None]
    assert failed.words == "振込不能 口座なし"
    assert reply.is_table


def test_a_table_with_unknown_headings_asks_what_they_mean():
    content = b"No,who,yen,what\r\n1,1234567,1000,NG fail\r\n"

    asked = read(content, ReplyScope.ALL)
    assert (asked.needs_columns, asked.lines) == (True, ())
    assert asked.samples == (("1", "***4567", "1000", "NG fail"),)

    named = (ReplyColumn.LINE, None, ReplyColumn.AMOUNT, ReplyColumn.RESULT)
    (line,) = read(content, ReplyScope.ALL, named).lines
    assert (line.line, line.amount_yen, line.outcome) == (1, 1_000, LineState.FAILED)


def test_a_table_that_was_cut_off_or_cannot_be_read_is_refused():
    cut = (CSV + "1,0001,001,1234567,カシワギ,1000,振込済,\r\n2,0001,001").encode("cp932")
    assert "3" in refusal(cut, ReplyScope.ALL)
    assert refusal(b"a,b\r\n\x81,\xff\xfe\x80")
    assert refusal(b'a,b\r\n"x,1\r\n')
