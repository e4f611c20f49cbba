"""Keeps every arriving mail before anybody tries to read it: bytes, a line in the ledger, and the job that reads it.

The only way into the desk for mail, whether fetched, imported or written on the practice page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from anshin.channels.email import rules
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.terms import Fate, Source
from anshin.plumbing.bulk import insert_many
from anshin.plumbing.files.store import keep, keep_many, read_bytes
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.watching import counts

TAKE_IN = "anshin.channels.email.jobs.take_in"
TAKE_IN_MANY = "anshin.channels.email.jobs.take_in_many"
TAKEN_IN_WITHIN = timedelta(minutes=10)
TRIES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an IMAP mailbox a mail lies, and what the server says of it."""

    uidvalidity: int
    uid: int
    size_bytes: int
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stored:
    """The mail's line in the ledger; `is_new` is False when it was there before."""

    arrival: Arrival
    is_new: bool


@dataclass(frozen=True, slots=True)
class Portion:
    """Mails stored together, in their order, and the job that would take in what is new among them."""

    stored: list[Stored]
    job: Job | None


def store(
    *,
    mailbox: Mailbox,
    raw: bytes,
    source: Source,
    now: datetime,
    place: Place | None = None,
    is_header_only: bool = False,
    reason_code: str = "",
) -> Stored:
    """The mail kept and committed, its taking in enqueued. The same mail twice is the same line.

    A second copy in the same mailbox gets a line of its own with the fate `duplicate`, so that every number the mail
    server has given is accounted for. Raises StorageTrouble or OSError when the bytes cannot be written;
    then nothing has changed.
    """
    struck = _struck_before(mailbox.shop_id, raw)
    blob = struck.raw_blob if struck else keep(mailbox.shop_id, raw, now=now)
    row = Arrival(
        shop_id=mailbox.shop_id,
        mailbox=mailbox,
        source=source,
        uidvalidity=place.uidvalidity if place else None,
        uid=place.uid if place else None,
        raw_blob=blob,
        sha256=rules.content_sha256(raw),
        size_bytes=place.size_bytes if place else len(raw),
        is_header_only=is_header_only,
        dedupe_key=rules.dedupe_key(raw),
        arrived_at=now,
        server_date_at=place.received_at if place else None,
        reason_code=reason_code,
        letter_sha256=struck.letter_sha256 if struck else "",
        struck_at=struck.struck_at if struck else None,
    )
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                stored = _enter(row, raw, struck, now)
            return _counted(stored)
        except IntegrityError:  # another process entered the same mail at this very moment
            row.pk = None
    with transaction.atomic():
        stored = _enter(row, raw, struck, now)
    return _counted(stored)


def store_many(*, mailbox: Mailbox, raws: Sequence[bytes], source: Source, now: datetime) -> Portion:
    """`store` for each of these mails, in their order, those not known from before in one commit; for imports.

    Instead of a job for each there is one for all, due in some minutes, in case the caller's process ends before it
    has taken them in itself. Raises as `store` does; what was stored until then stays.
    """
    keys = [rules.dedupe_key(raw) for raw in raws]
    known = set(Arrival.objects.filter(mailbox=mailbox, dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    first = {key: place for place, key in reversed(list(enumerate(keys))) if key not in known}
    if Arrival.objects.filter(shop_id=mailbox.shop_id, struck_at__isnull=False).exists():
        first = {}  # each must be compared with what was struck out
    fresh = [raws[place] for place in sorted(first.values())]
    rows, job = _enter_many(mailbox, fresh, source, now) if fresh else ([], None)
    entered = {row.dedupe_key: row for row in rows}
    found: list[Stored] = []
    for place, (key, raw) in enumerate(zip(keys, raws, strict=True)):
        if first.get(key) == place and key in entered:
            found.append(Stored(entered[key], is_new=True))
        else:
            found.append(store(mailbox=mailbox, raw=raw, source=source, now=now))
    return Portion(found, job)


def _enter_many(
    mailbox: Mailbox, raws: Sequence[bytes], source: Source, now: datetime
) -> tuple[list[Arrival], Job | None]:
    """The lines of mails of which no other is known; none when another process enters one of them at this moment."""
    blobs = keep_many(mailbox.shop_id, raws, now=now)
    rows = [
        Arrival(
            shop_id=mailbox.shop_id,
            mailbox=mailbox,
            source=source,
            raw_blob=blob,
            sha256=blob.sha256,
            size_bytes=len(raw),
            dedupe_key=rules.dedupe_key(raw),
            arrived_at=now,
        )
        for raw, blob in zip(raws, blobs, strict=True)
    ]
    try:
        with transaction.atomic():
            insert_many(rows)
            ids = [row.pk for row in rows]
            job = enqueue(TAKE_IN_MANY, ids, now=now, run_at=now + TAKEN_IN_WITHIN, shop_id=mailbox.shop_id)
            Mailbox.objects.filter(pk=mailbox.pk).update(last_arrival_at=now)
    except IntegrityError:
        return [], None
    counts.mails_in.labels(source.value).inc(len(rows))
    return rows, job


def recognised(mailbox: Mailbox, place: Place, message_id_line: bytes) -> bool:
    """Whether the mail at `place` is one that we have from before the mailbox was renumbered; if so, note its number.

    Saves fetching: same stated Message-ID and same size. Mails without Message-ID are never recognised here.
    """
    stated = rules.stated_message_id(message_id_line)
    if not stated:
        return False
    with transaction.atomic():
        known = Arrival.objects.select_for_update().filter(
            mailbox=mailbox, dedupe_key=stated, size_bytes=place.size_bytes
        )
        row = known.filter(_elsewhere(place)).order_by("id").first()
        if row is None:
            return False
        _renumber(row, place)
        _advance(mailbox, place)
    return True


def skip(mailbox: Mailbox, place: Place) -> None:
    """Go past a mail that was deleted before it could be fetched."""
    _advance(mailbox, place)


def _counted(stored: Stored) -> Stored:
    if stored.is_new:
        counts.mails_in.labels(str(stored.arrival.source)).inc()
    return stored


def _struck_before(shop_id: int, raw: bytes) -> Arrival | None:
    """A mail of this shop from which something was struck out and which came as this one: its words must not return."""
    struck = Arrival.objects.filter(shop_id=shop_id, struck_at__isnull=False, letter_sha256=rules.letter_sha256(raw))
    return struck.select_related("raw_blob").order_by("id").first()


def _enter(row: Arrival, raw: bytes, struck: Arrival | None, now: datetime) -> Stored:
    place = _place_of(row)
    if place and (
        there := Arrival.objects.filter(mailbox=row.mailbox, uidvalidity=row.uidvalidity, uid=row.uid).first()
    ):
        _advance(row.mailbox, place)
        return Stored(there, is_new=False)
    twin = _twin(row, raw)
    if twin and (known := _known(row, place)):
        if place:
            _renumber(known, place)
            _advance(row.mailbox, place)
        return Stored(known, is_new=False)
    if twin:
        row.fate, row.message_id, row.reason_code = Fate.DUPLICATE, twin.message_id, "same_mailbox"
    elif struck:
        row.fate, row.message_id, row.reason_code = Fate.DUPLICATE, struck.message_id, "in_another_mailbox"
    row.save(force_insert=True)
    if row.fate == Fate.STORED:
        enqueue(TAKE_IN, row.pk, now=now, shop_id=row.shop_id)
    if place:
        _advance(row.mailbox, place)
    Mailbox.objects.filter(pk=row.mailbox_id).update(last_arrival_at=now)
    return Stored(row, is_new=True)


def _twin(row: Arrival, raw: bytes) -> Arrival | None:
    """The same mail already in this mailbox. Gives `row` another key when only the Message-ID is the same."""
    twin = _lines(row).exclude(fate=Fate.DUPLICATE).select_related("raw_blob").first()
    if twin is None or twin.sha256 == row.sha256 or row.is_header_only or twin.is_header_only:
        return twin
    if (twin.letter_sha256 or rules.letter_sha256(read_bytes(twin.raw_blob))) == rules.letter_sha256(raw):
        return twin
    row.dedupe_key = rules.key_beside(row.dedupe_key, raw)
    return _lines(row).exclude(fate=Fate.DUPLICATE).first()


def _known(row: Arrival, place: Place | None) -> Arrival | None:
    """The line that already stands for this very copy: any when there is no number, else one numbered elsewhere."""
    lines = _lines(row).order_by("id")
    return lines.filter(_elsewhere(place)).first() if place else lines.first()


def _lines(row: Arrival) -> QuerySet[Arrival]:
    return Arrival.objects.filter(mailbox=row.mailbox, dedupe_key=row.dedupe_key)


def _elsewhere(place: Place) -> Q:
    return Q(uid__isnull=True) | ~Q(uidvalidity=place.uidvalidity)


def _renumber(row: Arrival, place: Place) -> None:
    row.uidvalidity, row.uid = place.uidvalidity, place.uid
    row.server_date_at = row.server_date_at or place.received_at
    row.size_bytes = place.size_bytes
    row.save(update_fields=["uidvalidity", "uid", "server_date_at", "size_bytes"])


def _advance(mailbox: Mailbox, place: Place) -> None:
    behind = Mailbox.objects.filter(pk=mailbox.pk, uidvalidity=place.uidvalidity, last_uid__lt=place.uid)
    behind.update(last_uid=place.uid)


def _place_of(row: Arrival) -> Place | None:
    if row.uid is None or row.uidvalidity is None:
        return None
    return Place(row.uidvalidity, row.uid, row.size_bytes, row.server_date_at)
