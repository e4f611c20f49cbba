"""A mail taken apart into headers and parts without looking at their meaning; for `reader`.

Works on the raw bytes by positions, without recursion: a boundary is searched with `bytes.find`, so a large mail
costs its size once for each level. The standard library's parser copies every line as text (over four times the
mail in memory) and raises RecursionError on deep nesting.

Limits: 40 levels, 1,000 parts, 5,000 header lines; what lies beyond is kept whole as one part, with a defect.

Source: RFC 2046 section 5.1 (multipart), RFC 5322 section 2.2 (header fields).
"""

import re
from dataclasses import dataclass, field

from anshin.plumbing.mail.headers import Parameters, parameters

MAX_DEPTH = 40
MAX_PARTS = 1_000
MAX_HEADERS = 5_000

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN_FIELD = re.compile(rb"(?:[A-Z][A-Za-z0-9]*-[!-9;-~]*|From|To|Cc|Subject|Date|Received|Sender)[ \t]*:")
_MBOX_FROM = re.compile(rb">?From (?! {0,20}:)[^\n]*\n")
_LOOSE_BOUNDARY = re.compile(rb"(?<![^\n])--([^\r\n\s][^\r\n]{0,199}?)[ \t]*\r?\n(?=[!-9;-~]+[ \t]*:|\r?\n)")


@dataclass(slots=True)
class Node:
    """One part: its headers and where its body lies in the raw mail; `children` for a multipart that could be split.

    `whole_start` is where its headers begin. `beyond_limits` marks a body that was left whole because a limit was
    reached.
    """

    headers: list[tuple[bytes, bytes]]
    start: int
    end: int
    content: Parameters
    depth: int
    children: list["Node"] = field(default_factory=list)
    beyond_limits: bool = False
    whole_start: int = 0

    def raw(self, name: bytes) -> bytes:
        """The first header of that (lower case) name, or b""."""
        return next((value for key, value in self.headers if key.lower() == name), b"")


def take_apart(raw: bytes, defects: list[str]) -> Node:
    """The tree of parts of a mail; `defects` gains a code for everything that was not as it should be."""
    start = _skip_envelope(raw)
    root = _node(raw, start, len(raw), depth=0, default="text/plain", defects=defects)
    waiting = [root]
    parts = 1
    while waiting:
        node = waiting.pop(0)
        if not node.content.value.startswith("multipart/"):
            continue
        if node.depth >= MAX_DEPTH:
            _note(defects, "nested_too_deep")
            node.beyond_limits = True
            continue
        spans = _spans(raw, node, max(0, MAX_PARTS - parts), defects)
        parts += len(spans)
        _add_children(raw, node, spans, defects)
        waiting.extend(node.children)
    return root


def _add_children(raw: bytes, node: Node, spans: list[tuple[int, int, bool]], defects: list[str]) -> None:
    default = "message/rfc822" if node.content.value == "multipart/digest" else "text/plain"
    for start, end, whole in spans:
        if whole:
            rest = Parameters("application/octet-stream", {})
            node.children.append(Node([], start, end, rest, node.depth + 1, beyond_limits=True, whole_start=start))
        else:
            node.children.append(_node(raw, start, end, depth=node.depth + 1, default=default, defects=defects))


def _node(raw: bytes, start: int, end: int, *, depth: int, default: str, defects: list[str]) -> Node:
    headers, body = _read_headers(raw, start, end, defects)
    node = Node(headers, body, end, Parameters(default, {}), depth, whole_start=start)
    declared = node.raw(b"content-type")
    if declared.strip():
        content = parameters(declared, defects)
        if re.fullmatch(r"[^\s/;]+/[^\s/;]+", content.value):
            node.content = content
        else:
            _note(defects, "content_type_unreadable")
            node.content = Parameters(_nearest_type(content.value, default), content.values)
    return node


def _nearest_type(value: str, default: str) -> str:
    """text, html, multipart without a subtype, or two types in one header."""
    found = re.match(r"(text/html|text/plain|multipart/[a-z]+|[a-z]+/[a-z0-9.+-]+)", value)
    if found:
        return found.group(1)
    return {"text": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}.get(value, default)


def _skip_envelope(raw: bytes) -> int:
    """Past a byte order mark, blank lines before the first header, and the mbox line."""
    position = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    blank = re.compile(rb"[\r\n]*").match(raw, position, position + 1_000)
    after = blank.end() if blank else position
    if _FIELD.match(raw, after) or _MBOX_FROM.match(raw, after, after + 2_000):
        position = after
    mbox = _MBOX_FROM.match(raw, position, position + 2_000)
    return mbox.end() if mbox else position


def _read_headers(raw: bytes, start: int, end: int, defects: list[str]) -> tuple[list[tuple[bytes, bytes]], int]:
    """Header fields and the position of the body; a stray line between two fields is skipped."""
    headers: list[tuple[bytes, list[bytes]]] = []
    position = start
    while position < end:
        line, after = _line(raw, position, end)
        if not line.strip(b"\r\n"):
            position = after
            break
        found = _FIELD.match(line)
        if line[:1] in (b" ", b"\t") and headers:
            headers[-1][1].append(line)
        elif found and len(headers) < MAX_HEADERS:
            headers.append((found.group(1), [line[found.end() :]]))
        elif found:
            _note(defects, "too_many_headers")
        elif _goes_on(raw, after, end):
            _note(defects, "stray_header_line")
        else:
            _note(defects, "header_end_missing")
            break
        position = after
    return [(name, b"".join(lines).strip(b" \t\r\n")) for name, lines in headers], position


def _goes_on(raw: bytes, position: int, end: int) -> bool:
    """Whether a header field follows (after continuation lines), so that the line before is stray."""
    line, after = _line(raw, position, end)
    for _attempt in range(5):
        if line[:1] not in (b" ", b"\t") or not line.strip():
            break
        line, after = _line(raw, after, end)
    return _KNOWN_FIELD.match(line) is not None


def _line(raw: bytes, position: int, end: int) -> tuple[bytes, int]:
    """The line at `position` with its end, and where the next begins."""
    feed = raw.find(b"\n", position, end)
    after = end if feed < 0 else feed + 1
    return raw[position:after], after


def _spans(raw: bytes, node: Node, allowed: int, defects: list[str]) -> list[tuple[int, int, bool]]:
    """Where the parts lie: (start, end, True when it is the unsplit rest beyond the limit)."""
    boundary = node.content.values.get("boundary", "").rstrip()
    marks, closed = _marks(raw, node, _encoded(boundary), allowed + 1) if boundary else ([], False)
    if not marks:
        loose = _LOOSE_BOUNDARY.search(raw, node.start, node.end)
        if loose is None:
            _note(defects, "boundary_missing")
            return []
        _note(defects, "boundary_wrong")
        marks, closed = _marks(raw, node, loose.group(1), allowed + 1)
    if not closed and len(marks) <= allowed:
        _note(defects, "closing_boundary_missing")
    return _between(raw, node, marks, closed=closed, allowed=allowed, defects=defects)


def _encoded(boundary: str) -> bytes:
    try:
        return boundary.encode("ascii")
    except UnicodeEncodeError:
        return boundary.encode("utf-8", "replace")


def _marks(raw: bytes, node: Node, boundary: bytes, most: int) -> tuple[list[tuple[int, int]], bool]:
    """Boundary lines as (start of line, end of line), at most `most`; and whether the closing one was met."""
    marks: list[tuple[int, int]] = []
    dashed = b"--" + boundary
    position = node.start
    while len(marks) < most:
        at = raw.find(dashed, position, node.end)
        if at < 0:
            return marks, False
        position = at + len(dashed)
        if at != node.start and raw[at - 1 : at] not in (b"\n", b"\r"):
            continue
        feed = raw.find(b"\n", position, node.end)
        rest = raw[position : min(position + 200, node.end if feed < 0 else feed)].strip()
        if rest == b"--" or (rest.startswith(b"--") and feed < 0):
            marks.append((at, at))
            return marks, True
        if not rest:
            marks.append((at, node.end if feed < 0 else feed + 1))
    return marks, False


def _between(
    raw: bytes, node: Node, marks: list[tuple[int, int]], *, closed: bool, allowed: int, defects: list[str]
) -> list[tuple[int, int, bool]]:
    spans: list[tuple[int, int, bool]] = []
    ends = [mark[0] for mark in marks[1:]] + ([] if closed else [node.end])
    for index, end in enumerate(ends):
        start = marks[index][1]
        if index >= allowed:
            _note(defects, "too_many_parts")
            spans.append((start, node.end, True))
            return spans
        spans.append((start, max(start, _before_line_end(raw, start, end, node.end)), False))
    return spans


def _before_line_end(raw: bytes, start: int, end: int, whole_end: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if end == whole_end and raw[end - 1 : end] != b"\n":
        return end
    if end - 1 >= start and raw[end - 1 : end] == b"\n":
        end -= 1
    if end - 1 >= start and raw[end - 1 : end] == b"\r":
        end -= 1
    return end


def _note(defects: list[str], code: str) -> None:
    if code not in defects:
        defects.append(code)
