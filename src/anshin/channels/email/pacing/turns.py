"""Whose turn it is on the way to one receiver: values in, decision out. For sending/lanes.py, which keeps them in rows.

A turn that was given stays given: messages leave in the order in which they asked, and each wakes once for its turn
instead of asking again and again. Only a pause, or a conversation that lasts longer than its turn, moves it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from anshin.channels.email.pacing.paces import Pace

LONGEST_PAUSE = timedelta(hours=1)
HOLD = timedelta(minutes=15)
"""A conversation that began longer ago is dead: connecting and answers take a minute each, the final dot ten."""
ASK_AGAIN = timedelta(seconds=5)
"""How long to wait for one of the conversations to end, where the receiver itself sets no pace."""
LATE_BY = 0.5
"""A turn may follow the one before after this part of the spacing, since workers are late by fractions of a second.
Turns that all went by, while no worker ran, are given anew instead of being taken in one burst."""
GAP_AFTER_PAUSE = timedelta(seconds=2)
"""What waited for the end of a pause does not leave as a burst."""

_PATIENCE = re.compile(r"\s*(?:421|450|451|4\d\d[ -]4\.7\.\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Lane:
    """How things stand on the way to one receiver. `holders`: messages being handed over, and until when at most.

    `next_turn_at` is the first turn that nobody has been given. `entered_at` is when somebody was last on the way:
    when the newest conversation began, or ended, since a receiver counts from the end of a slow one.
    """

    next_turn_at: datetime
    paused_until_at: datetime
    entered_at: datetime
    refusals: int = 0
    holders: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The lane afterwards, and when the message's turn is: None for now."""

    lane: Lane
    turn_at: datetime | None = None


def ask(lane: Lane, pace: Pace, message_id: int, *, given_at: datetime | None, now: datetime) -> Answer:
    """May the message be handed over now? `given_at` is the turn it was given before, None when it asks first.

    A message that holds the lane already (its process was killed) goes on. One whose turn has come while the one before
    has only just ended keeps its place and waits a little.
    """
    holders = {holder: until for holder, until in lane.holders.items() if until > now}
    lane = replace(lane, holders=holders)
    is_paused = lane.paused_until_at > now
    has_room = len(holders) < pace.at_once
    is_due = (given_at or lane.next_turn_at) <= now and lane.entered_at + pace.spacing * LATE_BY <= now
    if message_id in holders or (has_room and is_due and not is_paused):
        entered = {**holders, message_id: now + HOLD}
        next_turn_at = lane.next_turn_at if given_at else max(lane.next_turn_at, now + pace.spacing)
        return Answer(replace(lane, holders=entered, next_turn_at=next_turn_at, entered_at=now))
    if given_at and given_at > now and given_at >= lane.paused_until_at:
        return Answer(lane, given_at)
    if given_at and has_room and not is_paused and given_at + pace.spacing > now:
        return Answer(lane, lane.entered_at + pace.spacing * LATE_BY)
    gap = pace.spacing
    earliest = max(now, lane.next_turn_at, lane.entered_at + pace.spacing)
    if is_paused:
        earliest, gap = max(earliest, lane.paused_until_at), max(gap, GAP_AFTER_PAUSE)
    elif not has_room:
        earliest = max(earliest, now + max(gap, ASK_AGAIN))
    return Answer(replace(lane, next_turn_at=earliest + gap), earliest)


def left(lane: Lane, message_id: int, *, now: datetime) -> Lane:
    """The lane after a mail was taken: whatever made the receiver refuse before is over."""
    done = replace(without(lane, message_id), entered_at=max(lane.entered_at, now))
    return done if lane.paused_until_at > now else replace(done, refusals=0)


def refused(lane: Lane, pace: Pace, message_id: int, *, now: datetime) -> Lane:
    """The lane after "later": nobody is served for a while, each time twice as long, at most LONGEST_PAUSE."""
    doubled = pace.first_pause * 2 ** min(lane.refusals, 12)
    until = max(lane.paused_until_at, now + min(doubled, LONGEST_PAUSE))
    is_new = lane.paused_until_at <= now  # several conversations that end alike are one refusal
    paused = replace(lane, paused_until_at=until, refusals=lane.refusals + 1) if is_new else lane
    ready = max(lane.next_turn_at, paused.paused_until_at)
    return without(replace(paused, next_turn_at=ready), message_id)


def without(lane: Lane, message_id: int) -> Lane:
    """The lane without this message on it."""
    return replace(lane, holders={holder: until for holder, until in lane.holders.items() if holder != message_id})


def asks_for_patience(words: str) -> bool:
    """Whether a server's answer means "too much at once" rather than "not this mail, not now".

    421 (closing), 450 and 451 (mailbox or server busy: how carriers and greylisting answer), and any 4.7.x (policy).
    Source: RFC 5321 section 4.2.3, RFC 3463 section 3.8.
    """
    return _PATIENCE.match(words) is not None
