"""Reads what a bank answers to a file of transfers: records of the same layout, or a table as CSV. Pure.

Source: no common form exists for answers to 総合振込. Records of the layout that was sent (records.py) are what banks'
programs write for 不能分 and 振込結果; where a bank puts a code of its result it stands in the part that is not used
(bytes 114 to 120), as those of 口座振替 do in theirs. General knowledge, November 2026; no bank's file was at hand.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _

from anshin.commerce.ports import BankReply, ReplyLine, TransferFileRefused
from anshin.commerce.terms import LineState, ReplyColumn, ReplyScope
from anshin.connectors.bank_files.records import RECORD_BYTES

MOST_ROWS = 5_000
_SAMPLES = 3
_ENCODING = "cp932"
_END_OF_FILE = b"\x1a"
_MOST_BYTES_OF_A_NAME = 60
_HEADINGS: tuple[tuple[ReplyColumn, str], ...] = (
    (ReplyColumn.LINE, r"顧客(コード|番号)1?|明細番号|行番号|項番|連番|line"),
    (ReplyColumn.BANK, r"(被仕向|振込先)?(銀行|金融機関)(コード|番号)|bank(code)?"),
    (ReplyColumn.BRANCH, r"(被仕向|振込先)?(支店|店舗|店)(コード|番号|番)|branch(code)?"),
    (ReplyColumn.NUMBER, r"(振込先|受取人)?口座番号|account(number)?"),
    (ReplyColumn.AMOUNT, r"(振込)?金額(\(円\))?|振込額|amount"),
    (ReplyColumn.RESULT, r"(処理|振込)?(結果|状況|状態|ステータス)(コード)?|result|status"),
    (ReplyColumn.REASON, r"(不能|返却|エラー)?(理由|事由|内容)|備考|reason"),
)
_DONE = re.compile(r"0*|済み?|(振込|処理|受付)(済み?|完了|成功)|完了|正常(終了)?|成功|ok|done|paid")
_FAILED = re.compile(
    r".*(不能|失敗|エラー|返却|組戻|取消|口座なし|口座無|該当(口座)?なし|相違|解約|fail|reject|return).*"
)


def read(content: bytes, *, scope: ReplyScope, columns: Sequence[ReplyColumn | None]) -> BankReply:
    """The answer. Raises TransferFileRefused."""
    if not content.strip(b"\r\n\t \x1a"):
        raise TransferFileRefused(_("The file is empty. Download it from the bank again."))
    if content[:3] in {b"121", b"111"} or _begins_with_record(content):
        return _records(content, scope)
    return _table(content, scope, columns)


def bare(content: bytes) -> bytes:
    """The records without ends of lines and of the file."""
    return content.replace(b"\r", b"").replace(b"\n", b"").rstrip(_END_OF_FILE)


def _begins_with_record(content: bytes) -> bool:
    first = content.split(b"\n", 1)[0].rstrip(b"\r")
    return len(first) >= RECORD_BYTES and first[:1] in b"12" and first[1:3].isdigit() and b"," not in first


def _records(content: bytes, scope: ReplyScope) -> BankReply:
    whole = bare(content)
    if len(whole) % RECORD_BYTES:
        raise TransferFileRefused(
            _("The file ends in the middle of record %(record)s. It was cut off: download it from the bank again.")
            % {"record": len(whole) // RECORD_BYTES + 1}
        )
    records = [whole[start : start + RECORD_BYTES] for start in range(0, len(whole), RECORD_BYTES)]
    header, data = records[0], [record for record in records if record[:1] == b"2"]
    if header[:3] != b"121":
        raise TransferFileRefused(_("This is no answer to 総合振込: its kind is not 21."))
    _refuse_order(records, len(data))
    lines = tuple(_line(row, record, scope) for row, record in enumerate(records, 1) if record[:1] == b"2")
    trailer = records[1 + len(data)]
    if (_number(trailer[1:7]), _number(trailer[7:19])) != (len(lines), sum(line.amount_yen or 0 for line in lines)):
        raise TransferFileRefused(
            _("The file says another count or sum at its end than its lines have. Download it from the bank again.")
        )
    return BankReply(lines=lines, month_day=_text(header[54:58]), client_code=_text(header[4:14]))


def _refuse_order(records: Sequence[bytes], count: int) -> None:
    kinds = b"".join(record[:1] for record in records)
    if kinds == b"1" + b"2" * count + b"89" and count:
        return
    if not kinds.endswith(b"9") and kinds.strip(b"128") == b"":
        raise TransferFileRefused(
            _("The file has no end record: after record %(record)s it was cut off. Download it from the bank again.")
            % {"record": len(records)}
        )
    raise TransferFileRefused(_("The records of the file are not in their order (1, 2, 8, 9)."))


def _line(row: int, record: bytes, scope: ReplyScope) -> ReplyLine:
    code = _text(record[113:120]).strip()
    is_done = scope == ReplyScope.ALL and not code.strip("0")
    said = _("The bank’s code %(code)s") % {"code": code} if code.strip("0") else _("Could not be transferred (不能)")
    return ReplyLine(
        row=row,
        line=_number(record[91:101]),
        amount_yen=_number(record[80:90]),
        bank_code=_text(record[1:5]),
        branch_code=_text(record[20:23]),
        number=_text(record[43:50]),
        outcome=LineState.DONE if is_done else LineState.FAILED,
        words="" if is_done else said,
    )


def _table(content: bytes, scope: ReplyScope, columns: Sequence[ReplyColumn | None]) -> BankReply:
    text = _decoded(content)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True) if any(row)]
    except csv.Error as error:
        raise TransferFileRefused(_("The file is no CSV that can be read. Download it from the bank again.")) from error
    if len(rows) < 2 or len(rows[0]) < 2:
        raise TransferFileRefused(_("This is neither a bank’s records of 120 bytes nor a CSV with headings."))
    if len(rows) > MOST_ROWS:
        raise TransferFileRefused(_("The file has more than %(most)s rows.") % {"most": f"{MOST_ROWS:,}"})
    headings = tuple(cell.strip()[:_MOST_BYTES_OF_A_NAME] for cell in rows[0])
    plan = tuple(columns) if len(columns) == len(headings) else _guessed(headings)
    short = [row for row, cells in enumerate(rows, 1) if len(cells) != len(headings)]
    if short:
        raise TransferFileRefused(
            _("Row %(row)s has another number of columns than the heading. It may be cut off: download it again.")
            % {"row": short[0]}
        )
    samples = tuple(tuple(_hidden(cell, plan[place]) for place, cell in enumerate(row)) for row in rows[1:4])
    if not _is_enough(plan, scope):
        return BankReply(lines=(), headings=headings, columns=plan, samples=samples, needs_columns=True)
    lines = tuple(_row(row, cells, plan, scope) for row, cells in enumerate(rows[1:], 2))
    return BankReply(lines=lines, headings=headings, columns=plan, samples=samples)


def _hidden(cell: str, column: ReplyColumn | None) -> str:
    """A cell as it is shown; what may be an account number only by its end."""
    digits = re.sub(r"[\s-]", "", cell)
    is_number = column == ReplyColumn.NUMBER or (column is None and digits.isdecimal() and len(digits) == 7)
    return f"***{digits[-4:]}" if is_number else cell[:_MOST_BYTES_OF_A_NAME]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", _ENCODING):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TransferFileRefused(_("The letters of the file cannot be read. Download it from the bank again."))


def _guessed(headings: Sequence[str]) -> tuple[ReplyColumn | None, ...]:
    plan: list[ReplyColumn | None] = []
    for heading in headings:
        folded = re.sub(r"[\s_]", "", unicodedata.normalize("NFKC", heading)).lower()
        found = (column for column, words in _HEADINGS if column not in plan and re.fullmatch(words, folded))
        plan.append(next(found, None))
    return tuple(plan)


def _is_enough(plan: Sequence[ReplyColumn | None], scope: ReplyScope) -> bool:
    says_which = ReplyColumn.LINE in plan or ReplyColumn.NUMBER in plan
    says_what = scope == ReplyScope.FAILURES or ReplyColumn.RESULT in plan
    return says_which and says_what and ReplyColumn.AMOUNT in plan


def _row(row: int, cells: Sequence[str], plan: Sequence[ReplyColumn | None], scope: ReplyScope) -> ReplyLine:
    said = {column: unicodedata.normalize("NFKC", cells[at]).strip() for at, column in enumerate(plan) if column}
    result, reason = said.get(ReplyColumn.RESULT, ""), said.get(ReplyColumn.REASON, "")
    outcome = LineState.FAILED if scope == ReplyScope.FAILURES else _outcome(result)
    words = " ".join(filter(None, [result, reason])) or _("Could not be transferred (不能)")
    return ReplyLine(
        row=row,
        line=_digits(said.get(ReplyColumn.LINE, "")),
        amount_yen=_digits(said.get(ReplyColumn.AMOUNT, "")),
        bank_code=_padded(said.get(ReplyColumn.BANK, ""), 4),
        branch_code=_padded(said.get(ReplyColumn.BRANCH, ""), 3),
        number=_padded(said.get(ReplyColumn.NUMBER, ""), 7),
        outcome=outcome,
        words="" if outcome == LineState.DONE else words[:200],
    )


def _outcome(result: str) -> LineState | None:
    word = result.lower().replace(" ", "")
    if _DONE.fullmatch(word) and word:
        return LineState.DONE
    return LineState.FAILED if _FAILED.fullmatch(word) else None


def _padded(value: str, width: int) -> str:
    digits = re.sub(r"[^0-9]", "", value)
    return digits.zfill(width) if digits else ""


def _digits(value: str) -> int | None:
    digits = re.sub(r"[¥,円\s]", "", value)
    return int(digits) if digits.isascii() and digits.isdecimal() else None


def _number(field: bytes) -> int | None:
    return int(field) if field.isdigit() else None


def _text(field: bytes) -> str:
    return field.decode(_ENCODING, "replace")
