"""Paragraphs put together again from the short lines of format=flowed; for `bodies`.

Source: RFC 3676 (format=flowed, DelSp), where a line ending in a space goes on in the next one.
"""

import re


def unflowed(text: str, *, delete_space: bool) -> str:
    """The text with flowed lines joined; quote marks are kept, signatures stand alone, stuffing is removed.

    `delete_space` is DelSp=yes: the space that marks the break is not part of the text (Japanese needs this).
    """
    out: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        marks = re.match(r">*", line)
        depth = marks.end() if marks else 0
        words = line[depth:].removeprefix(" ")
        goes_on = words.endswith(" ") and words != "-- "
        shown = words[:-1] if goes_on and delete_space else words
        if open_depth == depth and words != "-- ":
            out[-1] += shown
        else:
            out.append(">" * depth + (" " if depth else "") + shown)
        open_depth = depth if goes_on else None
    return "\n".join(out)
