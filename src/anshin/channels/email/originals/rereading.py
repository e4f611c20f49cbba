"""Reads kept mails again for the cases room: in another character code, or because they could not be read before."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from anshin.cases.ports import NothingToRead, Reread
from anshin.channels.email import actions, queries
from anshin.channels.email.models import Arrival
from anshin.channels.email.reading import forwarded, messages, trusted
from anshin.channels.email.terms import Fate
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.files.store import BlobDamaged, read_bytes
from anshin.plumbing.mail.reader import parse

if TYPE_CHECKING:
    from anshin.shops.models import Membership


class MailOriginals:
    """Fills the socket cases.originals."""

    def read(self, *, shop_id: int, raw_blob_id: int, charset: str) -> Reread:
        """See cases.ports.Originals."""
        lines = Arrival.objects.filter(shop_id=shop_id, raw_blob_id=raw_blob_id)
        arrival = lines.select_related("raw_blob").order_by("id").first()
        if arrival is None or arrival.is_header_only:
            raise NothingToRead
        try:
            raw = read_bytes(arrival.raw_blob)
        except BlobDamaged as error:
            raise NothingToRead from error
        mail = parse(raw, read_as=charset, trusted=trusted.issuers())
        if arrival.fate == Fate.TAKEN_IN:
            mail = forwarded.written_out(mail)
        text = messages.clean(mail.text).rstrip()
        lines.update(subject=masked(messages.clean(mail.subject))[:300])
        return Reread(
            subject=messages.clean(mail.subject),
            sender=messages.correspondent(mail, queries.own_addresses(shop_id)),
            to=messages.parties(mail.to),
            cc=messages.parties(mail.cc),
            text=text,
            quoted_from=messages.quoted_from(text, mail.subject),
            html=messages.clean(mail.html),
            charset=messages.charset_of(mail)[0],
            charset_reason=messages.charset_of(mail)[1],
            remarks=messages.remarks(arrival, mail),
            cards=messages.cards(mail),
            file_names=tuple(
                (hashlib.sha256(part.content).hexdigest(), messages.clean(part.filename)) for part in mail.attachments
            ),
        )

    def take_in_again(self, *, by: Membership, message_id: int, now: datetime) -> int | None:
        """See cases.ports.Originals."""
        lines = Arrival.objects.filter(shop_id=by.shop_id, message_id=message_id, fate=Fate.QUARANTINED)
        arrival = lines.order_by("id").first()
        if arrival is None:
            raise actions.nothing_to_try()
        fate = actions.try_again(arrival=arrival, by=by, now=now)
        arrival.refresh_from_db()
        return None if fate == Fate.QUARANTINED else arrival.message_id
