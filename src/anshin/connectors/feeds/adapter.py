"""Fills the sockets safety.feeds and safety.feed_servers: reads publishers' lists by their kind, and fetches them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from anshin.connectors.feeds import cpsc, openfda, safety_gate, syndication, tables
from anshin.plumbing.web import guarded
from anshin.plumbing.web.client import Unreachable
from anshin.safety.ports import Came, Caution, NotHad, Reading
from anshin.safety.terms import FeedKind, FeedTrouble

_READERS: Final = {
    FeedKind.RSS: syndication.read,
    FeedKind.CSV: tables.read,
    FeedKind.CPSC: cpsc.read,
    FeedKind.SAFETY_GATE: safety_gate.read,
    FeedKind.OPENFDA: openfda.read,
}
_HEADINGS: Final = {FeedKind.RSS: syndication.headings, FeedKind.CSV: tables.headings}
_TROUBLES: Final = (
    (guarded.ForbiddenAddress, FeedTrouble.FORBIDDEN),
    (guarded.TooLarge, FeedTrouble.TOO_LARGE),
    (guarded.TooSlow, FeedTrouble.TOO_SLOW),
    (guarded.BadCertificate, FeedTrouble.CERTIFICATE),
)
_OK, _NOT_MODIFIED = 200, 304
_LONGEST_WAIT: Final = timedelta(days=2)
_ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/json, text/csv, application/xml;q=0.9, */*;q=0.5"
)


class PublishersFeeds:
    """Lists of every kind in terms.FeedKind."""

    def read(self, content: bytes, how: Reading) -> Iterator[Caution]:
        """See ports.Feeds."""
        return _READERS[FeedKind(how.kind)](content, how)

    def headings(self, content: bytes, how: Reading) -> tuple[tuple[str, str], ...]:
        """See ports.Feeds."""
        reader = _HEADINGS.get(FeedKind(how.kind))
        return reader(content, how) if reader else ()


class PublishersServers:
    """Over HTTP, through the door for addresses that somebody typed in."""

    def ask(self, url: str, *, etag: str, last_modified: str, now: datetime) -> Came:
        """See ports.FeedServers."""
        marks = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {"Accept": _ACCEPT} | {name: value for name, value in marks.items() if value}
        try:
            answer = guarded.fetch(url, headers=headers)
        except Unreachable as error:
            trouble = next((code for kind, code in _TROUBLES if isinstance(error, kind)), FeedTrouble.UNREACHABLE)
            raise NotHad(trouble, str(error)) from error
        if answer.status == _NOT_MODIFIED and (etag or last_modified):
            return Came(None, answer.url, etag, last_modified)
        if answer.status != _OK:
            wait = retry_after(answer.headers.get("retry-after", ""), now=now)
            raise NotHad(FeedTrouble.STATUS, str(answer.status), retry_after=wait)
        told = {name: answer.headers.get(name, "")[:200] for name in ("etag", "last-modified")}
        return Came(answer.body, answer.url, told["etag"], told["last-modified"])


def retry_after(told: str, *, now: datetime) -> timedelta | None:
    """How long a server wants to be left alone, at most two days; None for none. Source: RFC 9110, 10.2.3."""
    text = told.strip()[:60]
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), _LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
        return min(max(at - now, timedelta()), _LONGEST_WAIT) if at.tzinfo else None
    except (ValueError, TypeError, IndexError):
        return None
