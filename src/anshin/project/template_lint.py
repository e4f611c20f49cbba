"""Checks the templates: formatted as djade wants them, no inline script or style, fragments with one root."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

SRC = Path(__file__).resolve().parents[1]
_VOID = {"img", "input", "br", "hr", "meta", "link", "use", "path", "source", "wbr"}
_TAGS = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%.*?%}|{{.*?}}", re.DOTALL)
_FORBIDDEN = (
    (re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE), "an inline script, which the page's policy forbids"),
    (re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE), "an inline style, which the page's policy forbids"),
    (re.compile(r"\son[a-z]+\s*=", re.IGNORECASE), "an inline event handler, which the page's policy forbids"),
    (re.compile(r"javascript:", re.IGNORECASE), "a javascript: address"),
)


def report() -> bool:
    """Print what is wrong with the templates; True when nothing is."""
    templates = sorted(path for path in SRC.rglob("templates/**/*.html"))
    findings = [f"{path.relative_to(SRC)}: {words}" for path in templates for words in trouble(path.read_text(), path)]
    for finding in findings:
        sys.stderr.write(f"  {finding}\n")
    djade = [f"{sys.prefix}/bin/djade", "--check", "--target-version", "5.2", *map(str, templates)]
    return subprocess.run(djade, check=False).returncode == 0 and not findings


def trouble(text: str, path: Path) -> list[str]:
    """What is wrong with one template, in words."""
    html = _TAGS.sub(_blank, text)
    found = [words for pattern, words in _FORBIDDEN if pattern.search(html)]
    if path.name.startswith("_") and (roots := _roots(html)) > 1:
        found.append(f"a fragment has one root element, this one has {roots}")
    return found


def _blank(match: re.Match[str]) -> str:
    return "" if "comment" in match[0][:12] or match[0].startswith("{#") else "x" if match[0].startswith("{{") else ""


def _roots(html: str) -> int:
    counter = _Roots()
    counter.feed(html)
    return counter.count


class _Roots(HTMLParser):
    """Counts elements that stand at the top."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  the parser's interface
        self.count += self.depth == 0
        self.depth += tag not in _VOID

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag not in _VOID
