"""Splits the text of a mail into what its writer said and what came along (quotes, signature, forwarded mail).

For the timeline, which folds the latter, and for search and intake, which read the former. Nothing is ever dropped:
the segments joined are the text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from anshin.plumbing.mail.quote_marks import (
    QuoteHeader,
    can_be_mark,
    has_header_block,
    is_forward_rule,
    is_mobile_signature,
    is_original_rule,
    is_quoted,
    is_underscore_rule,
    quote_header,
)
from anshin.plumbing.mail.signatures import signature_start


class SegmentKind(StrEnum):
    """What a stretch of a mail's text is."""

    BODY = "body"
    QUOTE = "quote"
    SIGNATURE = "signature"
    FORWARDED = "forwarded"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text, whole lines; `text[start:end]` of the mail is `text`."""

    kind: SegmentKind
    text: str
    start: int
    end: int


def split_reply(text: str) -> tuple[Segment, ...]:
    """The text cut into segments in order; joined they are exactly the text, and no two neighbours are of one kind.

    Answers written between quoted lines stay body. A quote without marks (Outlook, mobile mailers) runs to the end of
    the text. Where such a quote is all there is, it is `forwarded`: the writer passed a mail on without a word, and a
    screen that folded it would show nothing. Works in time linear in the length of the text.
    """
    lines = text.splitlines(keepends=True)
    kinds = _marked(lines)
    _mark_signatures(lines, kinds)
    _mark_blank_lines(lines, kinds)
    return tuple(_segments(lines, kinds))


def _marked(lines: Sequence[str]) -> list[SegmentKind]:
    """Body, quote or forwarded for every line; signatures are still body."""
    kinds: list[SegmentKind] = []
    while len(kinds) < len(lines):
        at = len(kinds)
        kind, taken = _quote_at(lines, at)
        if kind is SegmentKind.QUOTE and taken == len(lines) - at and taken > 1 and not is_quoted(lines[-1].strip()):
            kind = _quote_or_forwarded(lines, kinds, at)
        kinds.extend([kind] * taken)
    return kinds


def _quote_at(lines: Sequence[str], at: int) -> tuple[SegmentKind, int]:
    """What begins at this line, and how many lines it surely takes."""
    line = lines[at].strip()
    if is_quoted(line):
        return SegmentKind.QUOTE, 1
    if not can_be_mark(line):
        return SegmentKind.BODY, 1
    ruled = _kind_under_rule(line)
    if ruled:
        return ruled, _marked_run(lines, at + 1, at) or len(lines) - at
    header_at = at + 1 if is_underscore_rule(line) else at
    if has_header_block(lines, header_at):
        return SegmentKind.QUOTE, len(lines) - at
    header = quote_header(lines, at)
    return _under_header(lines, at, header) if header else (SegmentKind.BODY, 1)


def _kind_under_rule(line: str) -> SegmentKind | None:
    if is_forward_rule(line):
        return SegmentKind.FORWARDED
    return SegmentKind.QUOTE if is_original_rule(line) else None


def _under_header(lines: Sequence[str], at: int, header: QuoteHeader) -> tuple[SegmentKind, int]:
    run = _marked_run(lines, at + header.lines, at)
    if run:
        return SegmentKind.QUOTE, run
    if header.is_certain:
        return SegmentKind.QUOTE, len(lines) - at
    return SegmentKind.BODY, 1


def _marked_run(lines: Sequence[str], first: int, counted_from: int) -> int:
    """How many lines from `counted_from` on belong to the `>` lines that begin at `first` (blank lines aside); or 0."""
    at = first
    while at < len(lines) and at < first + 3 and not lines[at].strip():
        at += 1
    if at >= len(lines) or not is_quoted(lines[at].strip()):
        return 0
    while at < len(lines) and is_quoted(lines[at].strip()):
        at += 1
    return at - counted_from


def _quote_or_forwarded(lines: Sequence[str], kinds: Sequence[SegmentKind], at: int) -> SegmentKind:
    said = any(kind is SegmentKind.BODY and lines[index].strip() for index, kind in enumerate(kinds[:at]))
    return SegmentKind.QUOTE if said else SegmentKind.FORWARDED


def _mark_signatures(lines: Sequence[str], kinds: list[SegmentKind]) -> None:
    """Marks the signature of each stretch of body that ends the mail or stands before what runs to its end."""
    for index, line in enumerate(lines):
        if kinds[index] is SegmentKind.BODY and is_mobile_signature(line.strip()):
            kinds[index] = SegmentKind.SIGNATURE
    first, last = _last_body_stretch(lines, kinds)
    start = signature_start(lines[first:last])
    if start is not None:
        kinds[first + start : last] = [SegmentKind.SIGNATURE] * (last - first - start)


def _last_body_stretch(lines: Sequence[str], kinds: Sequence[SegmentKind]) -> tuple[int, int]:
    last = len(lines)
    while last and (kinds[last - 1] is not SegmentKind.BODY or not lines[last - 1].strip()):
        last -= 1
    first = last
    while first and kinds[first - 1] is SegmentKind.BODY:
        first -= 1
    return first, last


def _mark_blank_lines(lines: Sequence[str], kinds: list[SegmentKind]) -> None:
    """Gives a blank line the kind of the line before it, so that no white space stands between two of a kind."""
    for index in range(1, len(lines)):
        if kinds[index] is SegmentKind.BODY and not lines[index].strip():
            kinds[index] = kinds[index - 1]


def _segments(lines: Sequence[str], kinds: Sequence[SegmentKind]) -> Iterator[Segment]:
    start, at = 0, 0
    while at < len(lines):
        until = at
        while until < len(lines) and kinds[until] is kinds[at]:
            until += 1
        text = "".join(lines[at:until])
        yield Segment(kinds[at], text, start, start + len(text))
        start, at = start + len(text), until
