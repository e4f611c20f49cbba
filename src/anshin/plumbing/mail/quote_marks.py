"""Recognises the lines with which mail programs begin a quote or a forwarded mail; for `quotes`.

Each question looks at a bounded number of characters, so that a text made to be slow is not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_LONGEST_LINE: Final = 400
_HEADER_LINES: Final = 3
_BLOCK_LINES: Final = 16
_SHORTEST_MARK: Final = 4

_RULE: Final = r"[-=_*＝－―─━~～]{2,20}"
_ORIGINAL: Final = (
    r"original\s?message|original email|元のメッセージ|元のメール|オリジナルメッセージ"
    r"|返信元メッセージ|引用元|メール本文の引用"
    r"|ここから引用|引用ここから|reply message|ursprüngliche nachricht|message d'origine"
    r"|mensaje original|原始邮件|原始郵件"
    r"|原邮件|원본 메시지"
)
_FORWARD: Final = (
    r"forwarded message|forwarded mail|forwarded by|転送メッセージ|転送されたメッセージ|転送メール|転送されたメール"
    r"|転送元メッセージ|転送|ここから転送|fwd|转发的邮件|轉寄的郵件|전달된 메시지"
)
_ORIGINAL_RULE: Final = re.compile(
    rf"{_RULE}\s?(?:{_ORIGINAL})(?:[^\n]{{0,60}}?\s?{_RULE}|\s?)",
    re.IGNORECASE,
)
_FORWARD_RULE: Final = re.compile(
    rf"{_RULE}\s?(?:{_FORWARD})(?:[^\n]{{0,60}}?\s?{_RULE}|\s?)",
    re.IGNORECASE,
)
_FORWARD_LINE: Final = re.compile(
    r"begin forwarded message[:：]?|転送されたメッセージ[:：]?|(?:以下|下記)、?転送(?:です|します|メール)?[。:：]?",
    re.IGNORECASE,
)
_UNDERSCORES: Final = re.compile(r"[_＿]{10,200}|[-－─━]{10,200}")

_SENDER_FIELD: Final = r"from|差出人|送信者|送信元|発信者|发件人|寄件者|보낸\s?사람|von|de"
_MOMENT_FIELD: Final = (
    r"sent|date|送信日時|日時|日付|送信日|受信日時|发送时间|发送日期|日期|寄件日期|보낸\s?날짜|날짜"
    r"|gesendet|datum|envoyé|enviado"
)
_OTHER_FIELD: Final = (
    r"to|cc|bcc|subject|reply-to|importance|priority|attachments|宛先|受信者|送信先|ＣＣ|件名|題名|表題|返信先|重要度"
    r"|添付ファイル|收件人|收件者|抄送|主题|主旨|받는\s?사람|제목|an|betreff|à|objet|para|asunto"
)
_FIELD: Final = re.compile(
    rf"[*\s]*(?:(?P<sender>{_SENDER_FIELD})|(?P<moment>{_MOMENT_FIELD})|(?:{_OTHER_FIELD}))[*\s]*[:：]",
    re.IGNORECASE,
)

_ADDRESS: Final = re.compile(r"[\w.+/?'-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}")
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DAY: Final = re.compile(
    r"[0-9]{4}\s?[年년/.-]\s?[0-9]{1,2}\s?[月월/.-]\s?[0-9]{1,2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}"
    rf"|{_MONTH}[a-z]{{0,6}}\.?\s[0-9]{{1,2}}|[0-9]{{1,2}}\.?\s(?:{_MONTH}|de )|(?:令和|平成|r)[0-9]{{1,2}}[年.]"
    r"|[0-9]{1,2}月[0-9]{1,2}日",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(r"[0-9]{1,2}\s?[:：時]\s?[0-9]{0,2}|(?:午前|午後)[0-9]{1,2}|오[전후]")
_WROTE: Final = re.compile(
    r"(?:\bwrote|\bwrites|\bschrieb|a écrit|\bescribió|\bescreveu|ha scritto|\bнаписала?"
    r"|写道|寫道|님이 작성|[はが]書きました"
    r"|に書きました|さんwrote|のメール|のメッセージ|のコメント|様より|さんより)\s?[:：]?$",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"on\b|am\b|le\b|el\b|em\b|il\b|在|于|[(（\[]?\s?(?:20)?[0-9]{2,4}[年년/.-]|[(（]?[0-9]{1,2}[/.\s-]"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)|令和|平成|[0-9]{1,2}月|-{2,3}\s",
    re.IGNORECASE,
)
_MOBILE: Final = re.compile(
    r"(?:sent|envoyé|enviado|gesendet|inviato)\s(?:from|with|via|by|depuis|desde|von|mit|da)\s.{1,80}"
    r"|.{0,12}(?:iphone|ipad|ipod|android|xperia|galaxy|スマートフォン|スマホ|携帯(?:電話)?|モバイル|windows ?phone"
    r"|smartphone).{0,12}(?:から|より|で)(?:の)?(?:送信|送られ|送りました).{0,12}"
    r"|.{0,40}(?:get|download) (?:outlook|yahoo|proton).{0,80}"
    r"|(?:outlook|gmail|yahoo!?メール|spark|メール|yahoo! ?japan).{0,24}(?:を入手|から送信|より送信|で送信).{0,80}"
    r"|yahoo!メール\s?(?:アプリ|-\s?スマートフォン).{0,30}|via mobile|my (?:docomo|softbank|au) phone",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class QuoteHeader:
    """An introducing line such as `On … wrote:`; `lines` it takes, and whether it can be nothing else."""

    lines: int
    is_certain: bool


def can_be_mark(line: str) -> bool:
    """Whether a stripped line without a quote mark is worth looking at: the quick no for almost every short line."""
    return len(line) >= _SHORTEST_MARK


def is_quoted(line: str) -> bool:
    """Whether the stripped line carries a quote mark in front."""
    return line.startswith((">", "＞", "≫", "»"))


def is_original_rule(line: str) -> bool:
    """`-----Original Message-----` and its kin, in the languages that customers' programs speak."""
    return len(line) <= _LONGEST_LINE and bool(_ORIGINAL_RULE.fullmatch(line))


def is_forward_rule(line: str) -> bool:
    """`---------- Forwarded message ---------`, `Begin forwarded message:`, 転送 in a ruled line."""
    return len(line) <= _LONGEST_LINE and bool(_FORWARD_RULE.fullmatch(line) or _FORWARD_LINE.fullmatch(line))


def is_underscore_rule(line: str) -> bool:
    """The ruled line that Outlook puts above its header block; by itself it means nothing."""
    return bool(_UNDERSCORES.fullmatch(line[:_LONGEST_LINE]))


def is_mobile_signature(line: str) -> bool:
    """A line that a telephone adds by itself (iPhoneから送信)."""
    return len(line) <= 160 and bool(_MOBILE.fullmatch(line))


def has_header_block(lines: Sequence[str], at: int) -> bool:
    """Whether the fields of a mail header (差出人: 送信日時: 宛先: 件名:) begin at this line.

    A sender, a moment and a third field must be there, each sender once. Fields may be doubled by blank lines; a
    field may run over onto lines that begin with white space.
    """
    if at >= len(lines) or not _FIELD.match(lines[at][:80]):
        return False
    senders = moments = fields = 0
    for line in lines[at : at + _BLOCK_LINES]:
        match = _FIELD.match(line[:80])
        if match:
            fields += 1
            senders += bool(match["sender"])
            moments += bool(match["moment"])
        if senders > 1 or not (match or line.isspace() or line.startswith((" ", "\t"))):
            break
    return senders == 1 and moments > 0 and fields >= 3


def quote_header(lines: Sequence[str], at: int) -> QuoteHeader | None:
    """The introducing line that begins here, on one to three lines (mail programs wrap long ones); or None."""
    joined = ""
    for taken in range(1, _HEADER_LINES + 1):
        line = lines[at + taken - 1].strip() if at + taken <= len(lines) else ""
        if not line or len(joined) + len(line) > _LONGEST_LINE or (taken > 1 and is_quoted(line)):
            return None
        joined = f"{joined} {line}" if joined else line
        header = _as_header(joined, taken)
        if header:
            return header
        if not _OPENING.match(joined) and not (taken == 1 and _ADDRESS.search(joined)):
            return None
    return None


def _as_header(line: str, taken: int) -> QuoteHeader | None:
    wrote = bool(_WROTE.search(line))
    if not wrote and not line.endswith((":", "：")):
        return None
    address, day, clock = bool(_ADDRESS.search(line)), bool(_DAY.search(line)), bool(_CLOCK.search(line[:-1]))
    opening = bool(_OPENING.match(line))
    if day and opening and ((address and (clock or wrote)) or (wrote and clock and line.endswith((":", "：")))):
        return QuoteHeader(taken, is_certain=True)
    if (wrote and (address or day or taken == 1)) or (day and (address or clock)):
        return QuoteHeader(taken, is_certain=False)
    return None
