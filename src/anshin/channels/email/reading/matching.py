"""Which of our mails a bounce is about: ways of telling in order, the surest first; the first that names any decides.

A way takes the report and the bounce and answers message keys.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from anshin.cases.terms import IncomingBounce
from anshin.channels.email import keys, queries, rules
from anshin.channels.email.models import Arrival
from anshin.channels.email.ports import other_mails
from anshin.channels.email.reading import messages
from anshin.commerce.terms import BounceKind
from anshin.plumbing.mail.values import Bounce, ParsedMail

LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it arrived. `now` is the moment of taking in."""

    arrival: Arrival
    mail: ParsedMail
    now: datetime


def incoming_bounce(report: Report, bounce: Bounce) -> IncomingBounce:
    """The bounce as the cases room takes it."""
    return IncomingBounce(
        message_keys=message_keys(report, bounce),
        address=messages.clean(bounce.failed_address)[:320],
        kind=BounceKind(bounce.kind.value),
        given_up=bounce.given_up,
        words=_words(bounce),
        at=messages.received_at(report.arrival, report.mail, now=report.now),
        raw_blob_id=report.arrival.raw_blob_id,
    )


def is_of_another(shop_id: int, bounce: IncomingBounce, *, now: datetime) -> bool:
    """Whether it is about a mail that is no message of a case, and was settled there."""
    return any(each.take_bounce(shop_id, bounce, now=now) for each in other_mails.get())


def message_keys(report: Report, bounce: Bounce) -> tuple[str, ...]:
    """Keys of our messages that may be meant, the likeliest first; empty when nothing tells."""
    return next((keys for way in WAYS if (keys := way(report, bounce))), ())


def _by_its_return_address(report: Report, _bounce: Bounce) -> tuple[str, ...]:
    """The message whose own return address the report came back to."""
    message_id = keys.message_named_in(messages.delivered_to(report.mail))
    return queries.message_key_of(report.arrival.shop_id, message_id)


def _named_in_the_report(_report: Report, bounce: Bounce) -> tuple[str, ...]:
    """The Message-ID in the returned part, in the words, or in the report's own references."""
    return tuple(dict.fromkeys(rules.normal_id(key) for key in bounce.original_message_ids))


def _newest_to_the_address(report: Report, bounce: Bounce) -> tuple[str, ...]:
    return queries.recently_sent_to(report.arrival.shop_id, bounce.failed_address, now=report.now)


WAYS: tuple[Callable[[Report, Bounce], tuple[str, ...]], ...] = (
    _by_its_return_address,
    _named_in_the_report,
    _newest_to_the_address,
)


def _words(bounce: Bounce) -> str:
    """What the server said, with its code where the words have none."""
    said = messages.clean(" ".join(bounce.diagnostic.split()))
    return (said if bounce.status in said else f"{bounce.status} {said}".strip())[:LONGEST_WORDS]
