"""What a spam filter on the way wrote into a mail: whether it called it spam, in which words.

Source: rspamd, Milter headers (X-Spamd-Result, X-Spam, X-Rspamd-Action); Apache SpamAssassin, Mail::SpamAssassin::Conf
(X-Spam-Flag, X-Spam-Status); Microsoft Learn, Anti-spam message headers (SCL, SFV, CAT in X-Forefront-Antispam-Report)
and SCL thresholds: 5 and more is spam; Gmail and Yahoo! as seen in delivered mail. All read 2026-11-26.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from anshin.plumbing.mail.authentication import own_part

Headers = Sequence[tuple[str, str]]
Values = Mapping[str, list[str]]
MICROSOFT_SPAM_FROM = 5
_SPAMD_RESULT = re.compile(r"\s*[\w-]+:\s*(true|false)\b\s*\[\s*(-?\d{1,5}(?:\.\d{1,5})?)", re.IGNORECASE)
_STATUS = re.compile(r"\s*(yes|no)\b(?:.{0,40}?\bscore\s*=\s*(-?\d{1,5}(?:\.\d{1,5})?))?", re.IGNORECASE | re.DOTALL)
_FOREFRONT = re.compile(r"\b(SFV|CAT|SCL):([\w-]{1,20})", re.IGNORECASE)
_CATEGORIES = frozenset({"SPM", "HSPM", "PHSH", "HPHSH", "HPHISH", "MALW", "SPOOF"})


class SpamFilter(StrEnum):
    """Whose marks are read."""

    RSPAMD = "rspamd"
    SPAMASSASSIN = "spamassassin"
    MICROSOFT = "microsoft"
    YAHOO = "yahoo"
    GOOGLE = "google"
    BARRACUDA = "barracuda"


@dataclass(frozen=True, slots=True)
class SpamVerdict:
    """The filter that called a mail spam, and the score in its own words ("" where it gives none)."""

    by: SpamFilter
    score: str = ""


def spam_verdict(headers: Headers, *, filters: Sequence[SpamFilter]) -> SpamVerdict | None:
    """What the first of these filters that calls the mail spam says; None when none does. Never raises.

    Whatever stands in the header counts: forged marks can only put the sender's own mail away.
    """
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value[:2_000])
    for each in filters:
        if (score := _READERS[each](values)) is not None:
            return SpamVerdict(each, score)
    return None


def verdict_on_top(headers: Headers, *, hosts: Sequence[str]) -> SpamVerdict | None:
    """The same for all filters, but only of marks that stand above whatever the sender could have written."""
    return spam_verdict(own_part(headers, hosts=hosts), filters=tuple(SpamFilter))


def _rspamd(values: Values) -> str | None:
    for value in values.get("x-spamd-result", ()):
        found = _SPAMD_RESULT.match(value)
        if found and found[1].lower() == "true":
            return str(found[2])
    actions = {value.strip().lower() for value in values.get("x-rspamd-action", ())}
    if actions & {"add header", "rewrite subject", "reject", "quarantine"}:
        return ""
    return "" if any(value.strip().lower() == "yes" for value in values.get("x-spam", ())) else None


def _spamassassin(values: Values) -> str | None:
    for value in values.get("x-spam-status", ()):
        found = _STATUS.match(value)
        if found and found[1].lower() == "yes":
            return str(found[2] or "")
    return "" if any(value.strip().lower() == "yes" for value in values.get("x-spam-flag", ())) else None


def _microsoft(values: Values) -> str | None:
    scores = [value.strip() for value in values.get("x-ms-exchange-organization-scl", ())]
    for value in values.get("x-forefront-antispam-report", ()):
        said = {name.upper(): word.upper() for name, word in _FOREFRONT.findall(value)}
        if said.get("SFV") in {"SPM", "SKS", "SKB"} or said.get("CAT") in _CATEGORIES:
            return str(said.get("SCL", ""))
        scores.append(said.get("SCL", ""))
    return next((score for score in scores if score.isdecimal() and int(score) >= MICROSOFT_SPAM_FROM), None)


def _yahoo(values: Values) -> str | None:
    return "" if any(value.strip() for value in values.get("x-yahoofilteredbulk", ())) else None


def _google(values: Values) -> str | None:
    marked = [*values.get("x-gm-spam", ()), *values.get("x-gm-phishy", ())]
    return "" if any(value.strip() == "1" for value in marked) else None


def _barracuda(values: Values) -> str | None:
    if not any(value.strip().lower() == "yes" for value in values.get("x-barracuda-spam-flag", ())):
        return None
    return next((value.strip()[:20] for value in values.get("x-barracuda-spam-score", ())), "")


_READERS: Mapping[SpamFilter, Callable[[Values], str | None]] = {
    SpamFilter.RSPAMD: _rspamd,
    SpamFilter.SPAMASSASSIN: _spamassassin,
    SpamFilter.MICROSOFT: _microsoft,
    SpamFilter.YAHOO: _yahoo,
    SpamFilter.GOOGLE: _google,
    SpamFilter.BARRACUDA: _barracuda,
}
