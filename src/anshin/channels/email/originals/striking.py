"""The raw mails of the ledger as a place where struck words stand: in cases, in copies, and outside of any case."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from anshin.cases.ports import Place, Scope, Sought, Trace
from anshin.cases.terms import PlaceKind
from anshin.channels.email import rules
from anshin.channels.email.models import Arrival, SendAttempt
from anshin.channels.email.source_models import Post
from anshin.channels.email.terms import Fate
from anshin.plumbing.files.store import BlobDamaged, keep, read_bytes
from anshin.plumbing.mail.markup_words import replaced
from anshin.plumbing.mail.striking import struck_mail

ERASED = b"Subject: (erased)\r\n\r\n"
"""What stands in the place of an erased raw mail."""
_WORDS = ("subject", "reason_words")


class MailKeeper:
    """Fills cases.keepers for the mail channel."""

    def traces(self, sought: Sought, scope: Scope) -> Iterator[Trace]:
        """Mails of these messages, their copies in other mailboxes, and mails without a case that came since."""
        belongs = Q(message_id__in=scope.message_ids) | Q(message=None, arrived_at__gte=scope.since)
        rows = Arrival.objects.filter(belongs, shop_id=scope.shop_id)
        for row in rows.select_related("raw_blob", "mailbox", "message__case").order_by("id"):
            try:
                raw = read_bytes(row.raw_blob)
            except BlobDamaged:
                raw = b""
            struck = struck_mail(raw, sought.find, gone=sought.gone)
            if struck != raw or any(sought.find(getattr(row, column)) for column in _WORDS):
                yield Trace(_place(row), partial(_strike, row, raw, struck, sought))

    def erase(
        self, *, shop_id: int, message_ids: tuple[int, ...], mail_keys: tuple[str, ...], now: datetime
    ) -> list[int]:
        """Empty the ledger's lines of these messages, their copies, and of other mail from these addresses."""
        theirs = Q(message_id__in=message_ids)
        for key in mail_keys:
            theirs |= Q(sender_mail__iexact=key)
        freed = []
        for row in Arrival.objects.filter(theirs, shop_id=shop_id).select_related("raw_blob").order_by("id"):
            freed += [row.raw_blob_id, *_empty_posts(row, now)]
            row.letter_sha256 = row.letter_sha256 or _letter(row)
            row.struck_at, row.raw_blob = now, keep(shop_id, ERASED, now=now)
            row.sender_mail = row.subject = row.reason_words = ""
            row.save()
        SendAttempt.objects.filter(shop_id=shop_id, message_id__in=message_ids).update(server_words="")
        return freed

    def erase_originals(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:
        """Empty the raw mails of these messages and their copies; the ledger's lines stay as they are."""
        return _emptied(Arrival.objects.filter(shop_id=shop_id, message_id__in=message_ids), now)

    def erase_files(
        self, *, shop_id: int, message_ids: tuple[int, ...], gone: frozenset[str], now: datetime
    ) -> list[int]:
        """Write the raw mails of these messages anew without these files."""
        freed: list[int] = []
        nothing = Sought(find=lambda _text: [], gone=gone)
        rows = Arrival.objects.filter(shop_id=shop_id, message_id__in=message_ids).select_related("raw_blob")
        for row in rows.order_by("id"):
            with contextlib.suppress(BlobDamaged):
                raw = read_bytes(row.raw_blob)
                if (struck := struck_mail(raw, nothing.find, gone=gone)) != raw:
                    freed += _strike(row, raw, struck, nothing, now)
        return freed

    def erase_reports(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:
        """Empty the raw reports about these messages; the ledger's lines stay, without whom and what they name."""
        rows = Arrival.objects.filter(shop_id=shop_id, message_id__in=message_ids, fate=Fate.BOUNCE)
        freed = _emptied(rows, now)
        rows.update(sender_mail="", subject="", reason_words="")
        return freed

    def copied_messages(self, shop_id: int) -> QuerySet[Any]:
        """None: what providers posted goes by itself after a month."""
        return Arrival.objects.filter(shop_id=shop_id).none().values("message_id")

    def erase_copies(self, *, shop_id: int, message_ids: tuple[int, ...]) -> None:
        """Nothing to do, see above."""


def _emptied(rows: QuerySet[Arrival], now: datetime) -> list[int]:
    freed = []
    for row in rows.select_related("raw_blob").order_by("id"):
        freed += [row.raw_blob_id, *_empty_posts(row, now)]
        row.letter_sha256 = row.letter_sha256 or _letter(row)
        row.struck_at, row.raw_blob = now, keep(row.shop_id, ERASED, now=now)
        row.save(update_fields=["letter_sha256", "struck_at", "raw_blob"])
    return freed


def _letter(row: Arrival) -> str:
    try:
        return rules.letter_sha256(read_bytes(row.raw_blob))
    except BlobDamaged:
        return ""


def _place(row: Arrival) -> Place:
    kind = PlaceKind.RAW if row.message else PlaceKind.LEDGER
    number = row.message.case.number if row.message else None
    return Place(kind, row.arrived_at, number, row.message_id, row.mailbox.address)


def _strike(row: Arrival, raw: bytes, struck: bytes, sought: Sought, now: datetime) -> list[int]:
    """Hash and size stay those of the mail as it came: by them it is known when it is fetched again."""
    former = row.raw_blob_id
    row.letter_sha256 = row.letter_sha256 or rules.letter_sha256(raw)
    row.struck_at, row.raw_blob = now, keep(row.shop_id, struck, now=now)
    for column in _WORDS:
        text = getattr(row, column)
        setattr(row, column, replaced(text, sought.find(text)))
    row.save(update_fields=["letter_sha256", "struck_at", "raw_blob", *_WORDS])
    return ([former] if former != row.raw_blob_id else []) + _empty_posts(row, now)


def _empty_posts(row: Arrival, now: datetime) -> list[int]:
    """The provider's posts with which this mail came: read long ago, and kept for some weeks only to know replays."""
    posts = Post.objects.filter(shop_id=row.shop_id, address__mailbox_id=row.mailbox_id, read_at=row.arrived_at)
    freed = list(posts.values_list("body_blob_id", flat=True))
    if freed:
        posts.update(body_blob=keep(row.shop_id, ERASED, now=now))
    return freed
