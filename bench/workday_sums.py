"""What a desk's tables say after a day's work. Runs inside the desk's environment."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django import setup

setup()

LETTER = re.compile(r"通し番号(\d{5})")
REPLY = re.compile(r"^(r\d+-\d+)@mail1\.example$")
NOTE = re.compile(r"^(n\d+-\d+): ")


def sums() -> dict[str, Any]:
    """Mails, replies, notes, counters, journal and jobs, as plain values that can be compared."""
    from anshin.cases.models import Message, Note
    from anshin.cases.terms import Delivery, Direction
    from anshin.channels.email.models import Arrival
    from anshin.channels.email.terms import Fate
    from anshin.plumbing.jobs.models import Job
    from anshin.plumbing.jobs.terms import State

    arrivals = Arrival.objects.filter(subject__contains="通し番号")
    received = Message.objects.filter(direction=Direction.IN, subject__contains="通し番号")
    numbers = Counter(LETTER.findall("\n".join(received.values_list("subject", flat=True))))
    kept = arrivals.filter(fate=Fate.QUARANTINED)  # some of them shown all the same, as unreadable
    sent = list(Message.objects.filter(direction=Direction.OUT, to__icontains="@mail1.example"))
    replies = [(mark[1], each) for each in sent if each.to and (mark := REPLY.match(each.to[0][1]))]
    notes = [mark[1] for text in Note.objects.values_list("text", flat=True) if (mark := NOTE.match(text))]
    under_way = {Delivery.HELD, Delivery.QUEUED, Delivery.SENDING, Delivery.DEFERRED}
    settled = {Delivery.SENT, Delivery.PAUSED, Delivery.UNSURE}
    work = Job.objects.filter(queue__in=["mail_in", "mail_out"])
    return {
        "arrived": arrivals.exclude(fate=Fate.STORED).count(),
        "shown": len(numbers),
        "doubled": sum(count > 1 for count in numbers.values()),
        "quarantined": len(set(LETTER.findall("\n".join(kept.values_list("subject", flat=True)))) - numbers.keys()),
        "replies": [mark for mark, _message in replies],
        "replies_paused": [mark for mark, message in replies if message.delivery == Delivery.PAUSED],
        "replies_unsure": [mark for mark, message in replies if message.delivery == Delivery.UNSURE],
        "replies_unsent": Counter(message.delivery for _mark, message in replies if message.delivery not in settled),
        "notes": notes,
        "waiting": work.filter(state=State.RUNNING).count()
        + sum(message.delivery in under_way for _mark, message in replies),
        "dead": Job.objects.filter(state=State.STUCK).count(),
        **_counted(),
        **_journal(len(numbers), len(replies), len(notes), received, replies),
    }


def _counted() -> dict[str, Any]:
    """The kept counts, and the same counted from the cases."""
    from django.db.models import Count

    from anshin.cases.models import Case
    from anshin.cases.models import Counter as Kept
    from anshin.cases.terms import Status, View

    kept = Kept.objects.filter(count__gt=0).values_list("status", "owner_id", "count")
    cases = Case.objects.values_list("status", "owner_id").annotate(count=Count("pk"))
    late = Case.objects.filter(status=Status.OPEN, due_state__gt="")
    due = [(View.DUE_SOON, owner, count) for owner, count in late.values_list("owner_id").annotate(count=Count("pk"))]
    return {
        "counters": sorted([status, owner, count] for status, owner, count in kept),
        "recounted": sorted([status, owner or 0, count] for status, owner, count in [*cases, *due]),
    }


def _journal(mails: int, replies: int, notes: int, received: Any, written: Any) -> dict[str, Any]:
    """How often the journal says that a mail came, a reply and a note were written, beside what the tables hold."""
    from anshin.cases.events import MessageReceived, NoteAdded, ReplyWritten
    from anshin.plumbing.journal.models import JournalEntry

    def told(event: type, key: str, wanted: set[int]) -> int:
        rows = JournalEntry.objects.filter(event=event.name).values_list("payload", flat=True)
        return sum(payload.get(key) in wanted for payload in rows)

    from anshin.cases.models import Note

    marked = {pk for pk, text in Note.objects.values_list("pk", "text") if NOTE.match(text)}
    return {
        "journal": [
            told(MessageReceived, "message_id", set(received.values_list("pk", flat=True))),
            told(ReplyWritten, "message_id", {message.pk for _mark, message in written}),
            told(NoteAdded, "note_id", marked),
        ],
        "acted": [mails, replies, notes],
    }
