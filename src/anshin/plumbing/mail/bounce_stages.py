"""At which step of the talk between two mail servers a mail was refused: what the refusal is about when no word says.

A server that refuses while it hears who sends judges the sender; while it hears to whom, the address; after the text,
the mail itself. With the three digits this is all that a report without telling words still says. Sendmail says RCPT
and DATA in one go, so what it shows under `>>> DATA` tells nothing.

Source: RFC 5321 sections 3.3 and 4.2.3 (replies 511 and 551 to 554), sysexits.h of BSD (67, 68, 75, 77), "enhanced
codes" of RFC 3463; the wordings of Postfix, Exim, qmail and Sendmail are from experience with their reports.
"""

import re
from enum import StrEnum
from typing import Final

from anshin.plumbing.mail.values import BounceKind


class Stage(StrEnum):
    """Where the talk stood."""

    GREETING = "greeting"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


_STAGES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), stage)
    for pattern, stage in (
        (
            r"in reply to end of data|(?:after|at) (?:end of data|i sent the message|data\b)|^>>> \.\s*$",
            Stage.CONTENT,
        ),
        (r"in reply to rcpt|after rcpt to|^>>> rcpt|does not like recipient", Stage.RECIPIENT),
        (r"in reply to mail from|after mail from|^>>> mail from|sender was rejected", Stage.SENDER),
        (
            r"refused to talk to me|in reply to (?:helo|ehlo|end of)|after (?:initial connection|helo|ehlo)|"
            r"^>>> (?:helo|ehlo)|greeted me with",
            Stage.GREETING,
        ),
    )
)
_DIGITS: Final = re.compile(r"(?:^|[\s:<(])(5\d\d)(?:[ -]|$)", re.MULTILINE)
_EXIT: Final = re.compile(r"x-unix; ?(6[4-9]|7[0-8])\b", re.IGNORECASE)
_BY_EXIT: Final = {"67": BounceKind.UNKNOWN_USER, "68": BounceKind.UNKNOWN_DOMAIN, "75": BounceKind.TRY_LATER}
_ABOUT_ADDRESSES: Final = frozenset({"511", "550", "551", "553"})


def stage_of(told: str) -> Stage | None:
    """The last step that the report names, None where it names none."""
    return next((stage for wording, stage in _STAGES if wording.search(told)), None)


def kind_by_stage(told: str) -> BounceKind:
    """What a refusal without telling words is about; UNKNOWN where neither digits nor the step say it."""
    if ended := _EXIT.search(told):
        return _BY_EXIT.get(ended[1], BounceKind.UNKNOWN)
    digits = _DIGITS.search(told)
    return _refused(digits[1], stage_of(told)) if digits else BounceKind.UNKNOWN


def _refused(digits: str, stage: Stage | None) -> BounceKind:
    match stage:
        case _ if digits == "552":
            return BounceKind.MAILBOX_FULL
        case Stage.GREETING | Stage.SENDER:
            return BounceKind.POLICY
        case Stage.RECIPIENT if digits in _ABOUT_ADDRESSES:
            return BounceKind.UNKNOWN_USER
        case Stage.CONTENT if digits in {"550", "554"}:
            return BounceKind.REFUSED
    return BounceKind.UNKNOWN
