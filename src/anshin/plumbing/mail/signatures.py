"""Finds where the signature begins in what a mail's writer wrote; for `quotes`.

When in doubt there is no signature: a folded sentence is worse than a shown address.
"""

import re
from collections.abc import Sequence
from typing import Final

_TAIL_LINES: Final = 40
_LONGEST_BLOCK: Final = 14
_LONGEST_LINE: Final = 100

_RULE: Final = re.compile(r"[-=_*+#~･・.…‥＝－―─━═～〜＿＊＋◇◆□■○●☆★♪▽▼△▲┏┓┗┛╋┃├┤┌┐└┘/／\\｜|<>＜＞\s]{3,}")
_DELIMITER: Final = re.compile(r"--[ \u00a0]?\r?\n?")
_COMPANY: Final = re.compile(
    r"株式会社|有限会社|合同会社|\(株\)|（株）|㈱|㈲|法人|\b(?:inc|ltd|llc|gmbh|corp)\b|.{2,}[部課室]$|センター$",
    re.IGNORECASE,
)
_CONTACT: Final = (
    re.compile(r"[\w.+-]{1,64}[@＠][\w.-]{3,}"),
    re.compile(
        r"(?:tel|fax|電話|携帯|℡|☎|phone|mobile|ph|t|m|f)\s?[.:：]?\s?[+(（]?[0-9０-９]"
        r"|\+?[0-9０-９(（][0-9０-９()（）. －-]{8,}",
        re.IGNORECASE,
    ),
    re.compile(r"https?://|www\.", re.IGNORECASE),
    re.compile(r"〒|[都道府県].{1,12}[市区町村郡]"),
)
_PROSE: Final = re.compile(
    r"[。？！?]\s*$|(?:です|ます|した|ません|ください|下さい|でしょうか|願います|お願いいたします)[。．!！]?\s*$"
)
_BELONGS_TO_CASE: Final = re.compile(
    r"注文|商品|数量|金額|品番|型番|口座|銀行|振込|名義|届け?先|お届け|配送|住所\s?[:：]|返金|返品"
    r"|交換|不具合|症状|サイズ"
    r"|円\s*$|order|refund|追跡|伝票",
    re.IGNORECASE,
)
_ANNOUNCES: Final = re.compile(r"下記|以下|次の|こちら|届け?先|住所|連絡先|電話番号|[:：]\s*$|follow|below|address")


def signature_start(lines: Sequence[str]) -> int | None:
    """The index of the line with which the signature begins, or None.

    Known: the `-- ` delimiter (RFC 3676 4.3), a block under a ruled line near the end, and a last paragraph that is
    plainly a company's address. What follows must look like a name and contacts, not like sentences or order data.
    """
    tail = max(0, len(lines) - _TAIL_LINES)
    for finder in (_after_delimiter, _under_rule, _company_paragraph):
        start = finder(lines, tail)
        if start is not None:
            return start
    return None


def _after_delimiter(lines: Sequence[str], tail: int) -> int | None:
    for index in range(len(lines) - 1, tail - 1, -1):
        if _DELIMITER.fullmatch(lines[index]):
            block = _written(lines[index + 1 :])
            return index if len(block) <= _LONGEST_BLOCK and not _says_something(block) else None
    return None


def _under_rule(lines: Sequence[str], tail: int) -> int | None:
    for index in range(tail, len(lines)):
        if not _is_rule(lines[index]):
            continue
        block = [line for line in _written(lines[index + 1 :]) if not _is_rule(line)]
        closed = _is_rule(_written(lines[index + 1 :] or [""])[-1] if _written(lines[index + 1 :]) else "")
        named = closed and len(block) <= 4 and all(len(line) <= 24 for line in block)
        if (
            1 <= len(block) <= _LONGEST_BLOCK
            and not _says_something(block)
            and (named or _contact_kinds(block) or any(map(_COMPANY.search, block)))
            and not _is_announced(lines, index)
        ):
            return index
    return None


def _company_paragraph(lines: Sequence[str], tail: int) -> int | None:
    start = len(lines)
    while start > tail and lines[start - 1].strip():
        start -= 1
    block = _written(lines[start:])
    company = any(map(_COMPANY.search, block))
    if (
        start > tail
        and 2 <= len(block) <= 10
        and _contact_kinds(block) >= (1 if company else 2)
        and (company or _CONTACT[0].search("\n".join(block)))
        and not _says_something(block)
        and not _is_announced(lines, start)
    ):
        return start
    return None


def _written(lines: Sequence[str]) -> list[str]:
    """The lines that are not blank, cut one character past the longest allowed, so that no search in them is slow."""
    return [line.strip()[: _LONGEST_LINE + 1] for line in lines if not line.isspace() and line]


def _is_rule(line: str) -> bool:
    stripped = line.strip()
    return 3 <= len(stripped) <= _LONGEST_LINE and bool(_RULE.fullmatch(stripped))


def _says_something(block: Sequence[str]) -> bool:
    return any(
        len(line) > _LONGEST_LINE
        or _BELONGS_TO_CASE.search(line)
        or (_PROSE.search(line) and not line.startswith(("※", "*", "＊")))
        for line in block
    )


def _contact_kinds(block: Sequence[str]) -> int:
    return sum(any(kind.search(line[:_LONGEST_LINE]) for line in block) for kind in _CONTACT)


def _is_announced(lines: Sequence[str], index: int) -> bool:
    before = _written(lines[max(0, index - 4) : index])
    return bool(before) and bool(_ANNOUNCES.search(before[-1][:200]))
