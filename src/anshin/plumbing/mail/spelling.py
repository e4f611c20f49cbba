"""In which characters a mail is to be read when its labels do not say: what a person chose, or a label nearby; for
`reader`.

Chinese and Korean cannot be told from Japanese by their bytes. But a mail whose subject is labelled GB2312 and whose
text has no label is Chinese throughout.
"""

import re
from dataclasses import dataclass, replace

from anshin.plumbing.mail import charsets
from anshin.plumbing.mail.charsets import Decoded
from anshin.plumbing.mail.structure import Node

_WORD_LABEL = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?")
_MOST_NODES = 50


@dataclass(frozen=True, slots=True)
class Spelling:
    """`chosen`: by a person, for all that is not plainly labelled right; `hint`: for what has no label."""

    chosen: str = ""
    hint: str = ""

    def decode(self, content: bytes, declared: str) -> Decoded:
        """The text of a part."""
        if self.chosen:
            return charsets.decode_as(content, self.chosen, declared)
        if self.hint and not content.isascii() and not charsets.codec_for(declared):
            decoded = charsets.decode(content, self.hint)
            reason = "hinted" if decoded.choice.reason == "declared" else decoded.choice.reason
            return Decoded(decoded.text, replace(decoded.choice, declared=declared, reason=reason))
        return charsets.decode(content, declared)

    def header(self, raw: bytes) -> bytes:
        """A header whose 8-bit bytes are UTF-8 and whose encoded words carry the chosen label."""
        if self.chosen and b"=?" in raw:
            raw = _WORD_LABEL.sub(lambda found: b"=?%s?%s?" % (self.chosen.encode("ascii"), found.group(2)), raw)
        return charsets.as_utf8(raw, self.chosen or self.hint)


def spelling_of(root: Node, chosen: str) -> Spelling:
    """How this mail is to be read. A `chosen` that is not in READABLE_AS counts as none."""
    if chosen in charsets.READABLE_AS:
        return Spelling(chosen=chosen)
    return Spelling(hint=_hint(root))


def _hint(root: Node) -> str:
    """The first label of Chinese or Korean, in the parts or in the headers' words."""
    waiting, seen = [root], 0
    while waiting and seen < _MOST_NODES:
        node, seen = waiting.pop(0), seen + 1
        label = charsets.codec_for(node.content.values.get("charset", ""))
        if label in charsets.NEIGHBOUR_SETS:
            return label
        waiting.extend(node.children[:_MOST_NODES])
    for name in (b"subject", b"from"):
        for found in _WORD_LABEL.finditer(root.raw(name)[:2_000]):
            label = charsets.codec_for(found.group(1).decode("ascii", "replace"))
            if label in charsets.NEIGHBOUR_SETS:
                return label
    return ""
