"""HTML from strangers made safe to show and readable as text, and plain text made HTML.

For `reader` (text of HTML-only mails), the staff's page (`safe_html`) and `compose` (`html_from_text`).
"""

import html as markup
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from urllib.parse import unquote

import nh3

from anshin.plumbing.mail.markup_limits import is_wild
from anshin.plumbing.mail.table_rows import on_one_line

MAX_HTML_CHARS = 1_000_000


class RemotePictures(StrEnum):
    """Whether pictures from other servers are shown: they tell the sender that and when a mail was read."""

    BLOCKED = "blocked"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """HTML for a sandboxed frame, and how many remote pictures were left out."""

    html: str
    blocked_count: int


_TAGS_LISTED = """
    a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd
    del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd
    li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table
    tbody td tfoot th thead time tr tt u ul var wbr
"""
_TAGS = set(_TAGS_LISTED.split())
_GONE_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "object",
    "iframe",
    "svg",
    "math",
    "select",
}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"title", "lang", "dir", "align", "valign", "style"},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height", "border"},
    "table": {"width", "height", "border", "cellpadding", "cellspacing", "bgcolor", "summary"},
    "td": {"width", "height", "colspan", "rowspan", "bgcolor", "nowrap"},
    "th": {"width", "height", "colspan", "rowspan", "bgcolor", "nowrap", "scope"},
    "tr": {"bgcolor", "height"},
    "col": {"width", "span"},
    "colgroup": {"width", "span"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"value"},
    "time": {"datetime"},
    "blockquote": {"cite"},
    "hr": {"width", "size", "color"},
}
_STYLES_LISTED = """
    background-color border border-bottom border-collapse border-color border-left border-radius border-
    right border-spacing border-style border-top border-width color display font font-family font-size
    font-style font-weight height letter-spacing line-height list-style-type margin margin-bottom
    margin-left margin-right margin-top max-height max-width min-height min-width padding padding-bottom
    padding-left padding-right padding-top text-align text-decoration text-indent text-transform
    vertical-align white-space width word-break word-wrap overflow-wrap
"""
_STYLES = set(_STYLES_LISTED.split())
_PICTURE_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_ACTIVE_STYLE = re.compile(r"url\s*\(|expression|@|\\|/\*|image|[<>]", re.IGNORECASE)
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}


def safe_html(html: str, *, cid_urls: Mapping[str, str], remote: RemotePictures) -> SafeHtml:
    """The mail's HTML without anything that acts, loads or leaves.

    `cid_urls` maps bare content ids to our own addresses of the inline pictures. Pictures of other servers become
    counted placeholders (img without src: style them with `img:not([src])`) unless `remote` is SHOWN; background
    pictures never load. Links open outside, without referrer.
    """
    if is_wild(html[:MAX_HTML_CHARS]):
        return SafeHtml(html_from_plain(_words_only(html)), 0)
    picker = _Pictures({key.lower(): url for key, url in cid_urls.items()}, remote)
    cleaned = nh3.clean(
        html[:MAX_HTML_CHARS],
        tags=_TAGS,
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=picker.attribute,
        url_schemes=_SCHEMES,
        filter_style_properties=_STYLES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={
            "a": {"target": "_blank"},
            "img": {"loading": "lazy", "referrerpolicy": "no-referrer"},
        },
        strip_comments=True,
    )
    return SafeHtml(cleaned, picker.blocked_count)


class _Pictures:
    """Decides about each attribute; counts the remote pictures it has left out."""

    def __init__(self, cid_urls: Mapping[str, str], remote: RemotePictures) -> None:
        self.cid_urls = cid_urls
        self.remote = remote
        self.blocked_count = 0

    def attribute(self, _tag: str, name: str, value: str) -> str | None:
        if name == "style":
            return _quiet_style(value) or None
        if name == "src":
            return self._picture(value.strip())
        if name in ("href", "cite"):
            return value if re.match(r"\s*(?:https?:|mailto:|tel:|#)", value, re.IGNORECASE) else None
        return value

    def _picture(self, address: str) -> str | None:
        if address[:4].lower() == "cid:":
            identifier = unquote(address[4:]).strip("<> ").lower()
            return self.cid_urls.get(identifier) or self.cid_urls.get(address[4:].lower())
        if address[:5].lower() == "data:":
            return address if _PICTURE_DATA.fullmatch(address) else None
        if self.remote is RemotePictures.SHOWN and re.match(r"https?://", address, re.IGNORECASE):
            return address
        self.blocked_count += 1
        return None


def _quiet_style(style: str) -> str:
    """The declarations that only set sizes, colours and letters; whatever could load or float is left out."""
    kept = [
        declaration.strip()
        for declaration in style.split(";")
        if declaration.partition(":")[0].strip().lower() in _STYLES and not _ACTIVE_STYLE.search(declaration)
    ]
    return "; ".join(kept)


_TEXT_TAGS_LISTED = """
    a p div br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption tr td th pre blockquote img section
    article header footer address center figure figcaption aside main nav
"""
_TEXT_TAGS = set(_TEXT_TAGS_LISTED.split())
_BLOCKS_LISTED = """
    p div h1 h2 h3 h4 h5 h6 ul ol dl table caption tr pre blockquote section article header footer
    address center figure figcaption aside main nav li dt dd
"""
_BLOCKS = frozenset(_BLOCKS_LISTED.split())
_AIRY_LISTED = """
    p h1 h2 h3 h4 h5 h6 ul ol dl table pre blockquote
"""
_AIRY = frozenset(_AIRY_LISTED.split())
_HIDDEN = re.compile(
    r"<(\w{1,20})\b[^<>]{0,300}style\s?=\s?[\"'][^\"'<>]{0,300}(?:display\s?:\s?none|mso-hide\s?:\s?all)"
    r"[^<>]{0,300}>[^<]{0,5000}</\1>",
    re.IGNORECASE,
)


def text_from_html(html: str) -> str:
    """Readable plain text: blocks as lines, cells with tabs between, bullets, quotes with "> ", links with address."""
    if is_wild(html[:MAX_HTML_CHARS]):
        return _words_only(html)
    tidy = nh3.clean(
        _HIDDEN.sub("", html[:MAX_HTML_CHARS]),
        tags=_TEXT_TAGS,
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes={"a": {"href"}, "img": {"alt"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )
    writer = _TextWriter()
    writer.feed(on_one_line(tidy))
    writer.close()
    return writer.text()


def _words_only(html: str) -> str:
    """What stands between the tags of HTML that is too wild to be parsed."""
    spaced = re.sub(r"<[^<>]*>?", "\n", html[:MAX_HTML_CHARS])
    lines = (line.strip() for line in markup.unescape(spaced).split("\n"))
    return "".join(f"{line}\n" for line in lines if line)


class _TextWriter(HTMLParser):
    """Writes lines from tidy HTML (nh3's output, so every tag is closed and harmless)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line = ""
        self.quotes = 0
        self.preformatted = 0
        self.lists: list[int | None] = []
        self.links: list[tuple[str, int]] = []
        self.link_text: list[str] = []
        self.pending_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _BLOCKS:
            self._break(airy=tag in _AIRY and not self.lists)
        if tag in ("ul", "ol"):
            self.lists.append(_first_number(given.get("start")) if tag == "ol" else None)
        elif tag == "a":
            self.links.append((given.get("href") or "", len(self.line)))
            self.link_text.append("")
        else:
            self._start_small(tag, given)

    def _start_small(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "br":
            self._end_line()
        elif tag == "hr":
            self._break(airy=False)
            self._write("-" * 40)
            self._break(airy=False)
        elif tag == "li":
            self._bullet()
        elif tag in ("td", "th"):
            self.pending_cell = bool(self.line.strip())
        elif tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "img" and (given.get("alt") or "").strip():
            self._write(f"[{(given.get('alt') or '').strip()}]")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.links:
            self._end_link()
        if tag == "blockquote":
            self._break(airy=False)
            self._end_quote()
        if tag in _BLOCKS:
            self._break(airy=tag in _AIRY and len(self.lists) <= 1)
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "pre":
            self.preformatted = max(0, self.preformatted - 1)

    def _end_quote(self) -> None:
        """Blank quoted lines at a quote's end say nothing; the blank line after it belongs outside."""
        while self.lines and self.quotes and self.lines[-1] and not self.lines[-1].strip("> "):
            self.lines.pop()
        self.quotes = max(0, self.quotes - 1)

    def handle_data(self, data: str) -> None:
        if self.link_text:
            self.link_text[-1] += data
        if self.preformatted:
            first, *rest = data.split("\n")
            self._write(first)
            for line in rest:
                self._end_line()
                self._write(line)
            return
        words = re.sub(r"[ \t\r\n]+", " ", data)
        if not self.line or self.line.endswith((" ", "\t")):
            words = words.lstrip(" ")
        if words:
            self._write(words)

    def text(self) -> str:
        self._break(airy=False)
        joined = "\n".join(self.lines).replace("\u200b", "").replace("\u00a0", " ")
        joined = re.sub(r"(?:^[ \t]*\n){3,}", "\n\n", joined, flags=re.MULTILINE)
        return joined.strip("\n") + "\n" if joined.strip() else ""

    def _write(self, words: str) -> None:
        if self.pending_cell and words.strip():
            self.line = self.line.rstrip() + "\t"
            self.pending_cell = False
        self.line += words

    def _bullet(self) -> None:
        indent = "  " * min(8, max(0, len(self.lists) - 1))
        number = self.lists[-1] if self.lists else None
        self.line = f"{indent}{number}. " if number is not None else f"{indent}- "
        if number is not None:
            self.lists[-1] = number + 1

    def _end_link(self) -> None:
        address, _start = self.links.pop()
        shown = self.link_text.pop().strip()
        plain = address.removeprefix("mailto:").removeprefix("tel:")
        if self.link_text:
            self.link_text[-1] += shown
        if plain and shown and not address.startswith("#") and _bare(plain) not in _bare(shown):
            self._write(f" <{plain}>")

    def _break(self, *, airy: bool) -> None:
        if self.line.strip():
            self._end_line()
        self.line = ""
        self.pending_cell = False
        if airy and self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * self.quotes).rstrip())

    def _end_line(self) -> None:
        line = self.line.rstrip() if not self.preformatted else self.line
        self.lines.append(("> " * self.quotes + line).rstrip(" "))
        self.line = ""
        self.pending_cell = False


def _first_number(start: str | None) -> int:
    return int(start) if start and re.fullmatch(r"[0-9]{1,5}", start) else 1


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address.lower()).rstrip("/")


_LINK = re.compile(r"https?://[^\s<>\"'）」』】、。，　]+")


def html_from_plain(text: str) -> str:
    """Plain text as HTML that looks the same: escaped, line ends kept, nothing else."""
    return f'<div style="white-space: pre-wrap">{markup.escape(text)}</div>' if text.strip() else ""


def html_from_text(text: str) -> str:
    """The HTML side of an outgoing text: lines, links that can be clicked, quoted lines in blockquotes."""
    out: list[str] = []
    depth = 0
    for line in text.replace("\r\n", "\n").rstrip("\n").split("\n"):
        marks = re.match(r"(?:>[ ]?)*", line)
        level = marks.group().count(">") if marks else 0
        words = line[marks.end() :] if marks else line
        while depth < level:
            out.append('<blockquote style="margin:0 0 0 .5em;padding-left:.7em;border-left:2px solid #bbb">')
            depth += 1
        while depth > level:
            out.append("</blockquote>")
            depth -= 1
        out.append(f"<div>{_linked(words) if words.strip() else '<br>'}</div>")
    out.extend("</blockquote>" for _ in range(depth))
    return "\n".join(out)


def _linked(words: str) -> str:
    out: list[str] = []
    position = 0
    for found in _LINK.finditer(words):
        address = found.group().rstrip(".,;:!?)]")
        out.append(markup.escape(words[position : found.start()]))
        out.append(f'<a href="{markup.escape(address)}">{markup.escape(address)}</a>')
        position = found.start() + len(address)
    out.append(markup.escape(words[position:]))
    return _kept_spaces("".join(out))


def _kept_spaces(escaped: str) -> str:
    return re.sub(r"^ +| {2,}", lambda found: "&nbsp;" * len(found.group()), escaped)
