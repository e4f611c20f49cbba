"""A stored mail on its way: read, and its files kept, before the transaction begins in which its fate is decided."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import InterfaceError, OperationalError

from anshin.cases.terms import IncomingFile
from anshin.channels.email import keys
from anshin.channels.email.models import Arrival
from anshin.channels.email.reading import forwarded, messages, trusted
from anshin.plumbing.files.store import BlobDamaged, StorageTrouble, keep_many, read_bytes
from anshin.plumbing.mail.filters import Ourselves, nature
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.values import Judged, Nature, ParsedMail

log = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError, StorageTrouble, OSError)
"""Failures of database and disk that pass by themselves."""
UNKEPT = frozenset({Nature.LOOP, Nature.BOUNCE})
"""Mails whose files are kept only when they become messages."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """A mail on its way through the filters. `failure` says why it could not even be read."""

    arrival: Arrival
    mail: ParsedMail
    judged: Judged
    own_addresses: tuple[str, ...]
    files: tuple[IncomingFile, ...]
    now: datetime
    failure: str = ""


def read(arrival: Arrival, now: datetime, own: tuple[str, ...]) -> Arriving:
    """The mail without its files; `own` are the shop's addresses. Raises only what passes by itself."""
    mail, judged, failure = ParsedMail(), Judged(Nature.PERSON, ""), ""
    try:
        mail = parse(read_bytes(arrival.raw_blob), trusted=trusted.issuers())
        ourselves = Ourselves(marks=frozenset({keys.desk_mark(arrival.shop_id)}), addresses=frozenset(own))
        judged = nature(mail, ourselves=ourselves)
        if judged.nature == Nature.PERSON:
            mail = forwarded.written_out(mail)
    except PASSING:
        raise
    except BlobDamaged:
        log.exception("The bytes of arrival %s are damaged.", arrival.pk)
        failure = "bytes_damaged"
    except Exception:
        log.exception("Arrival %s could not be read; it is shown as unreadable.", arrival.pk)
        failure = "taking_in_failed"
    return Arriving(arrival, mail, judged, own, (), now, failure)


def with_files(arriving: Arriving) -> Arriving:
    """The mail with its files, kept. Those of loops and bounces are kept only when they become messages."""
    if arriving.failure or arriving.judged.nature in UNKEPT:
        return arriving
    try:
        return replace(arriving, files=messages.keep_files(arriving.arrival, arriving.mail, now=arriving.now))
    except PASSING:
        raise
    except Exception:
        log.exception("The files of arrival %s could not be kept; it is shown as unreadable.", arriving.arrival.pk)
        return replace(arriving, failure="taking_in_failed")


def all_with_files(arriving: Sequence[Arriving]) -> list[Arriving]:
    """The same for several mails, whose designs are kept as well: then they are there before the transaction begins."""
    wanted = [each for each in arriving if not each.failure and each.judged.nature not in UNKEPT]
    files = [part.content for each in wanted for part in each.mail.attachments]
    designs = [messages.clean(each.mail.html).encode() for each in wanted if each.mail.html]
    if not files and not designs:
        return list(arriving)
    try:
        blobs = iter(keep_many(arriving[0].arrival.shop_id, [*files, *designs], now=arriving[0].now))
    except PASSING:
        raise
    except Exception:
        log.exception("Files of %s mails could not be kept together; each is tried by itself.", len(arriving))
        return [with_files(each) for each in arriving]
    kept = {
        each.arrival.pk: messages.files_of(each.mail, [next(blobs).pk for _part in each.mail.attachments])
        for each in wanted
    }
    return [replace(each, files=kept.get(each.arrival.pk, ())) for each in arriving]
