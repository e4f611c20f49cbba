"""The rows of imported cases: customers recognised, orders linked, lists and counters as `receive_message` leaves them.

Everything is looked up and written for a whole chunk at once; see importing.py.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from anshin.cases import events, rules
from anshin.cases.actions import clocks, indexing, opening, standing
from anshin.cases.actions.case_lines import CaseLine, MessageLine
from anshin.cases.models import Attachment, Case, CaseTag, Message, Note, OrderLink, Tag
from anshin.cases.queries.targets import Clockwork
from anshin.cases.terms import Direction, Resolution, Status
from anshin.commerce import queries as commerce
from anshin.commerce.actions import recognise_buyers
from anshin.commerce.terms import Buyer
from anshin.language.order_numbers import key as number_key
from anshin.plumbing.journal.actions import Fact, record_many
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.live.actions import publish
from anshin.shops import queries as shops

if TYPE_CHECKING:
    from anshin.commerce.models import Customer, Order
    from anshin.shops.models import Membership, Shop

_UNWRITTEN_KEY = "import:"


@dataclass(slots=True)
class Imported:
    """What became of a chunk. `refused`: place in the chunk and the reason."""

    new: int = 0
    known: int = 0
    messages: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    strangers: Counter[str] = field(default_factory=Counter)  # assignees who do not work in this shop

    def add(self, other: Imported, *, offset: int = 0) -> None:
        """Add what became of a later part that began `offset` lines further on."""
        self.new += other.new
        self.known += other.known
        self.messages += other.messages
        self.refused += [(place + offset, reason) for place, reason in other.refused]
        self.strangers += other.strangers


class ChunkRows:
    """One chunk becoming rows. Inside a transaction."""

    def __init__(
        self,
        shop: Shop,
        lines: Sequence[CaseLine],
        *,
        blobs: Mapping[int, int],
        source: str,
        by: Actor,
        now: datetime,
    ) -> None:
        self.shop, self.lines, self.blobs = shop, lines, blobs
        self.source, self.by, self.now = source[:200], by, now
        self.staff = {member.person.email.lower(): member for member in shops.staff_of(shop)}
        self.done = Imported(new=len(lines))

    def write(self) -> Imported:
        """The rows of every line, numbered and counted, with their facts."""
        customers = self._customers()
        orders = self._orders()
        first = opening.next_number(self.shop, how_many=len(self.lines))
        cases = [
            self._case(line, first + place, customer, orders)
            for place, (line, customer) in enumerate(zip(self.lines, customers, strict=True))
        ]
        self._start_clocks(cases)
        Case.objects.bulk_create(cases)
        pairs = list(zip(self.lines, cases, strict=True))
        self._write_messages(pairs)
        self._write_notes(pairs)
        self._write_tags(pairs)
        links = self._write_links(pairs, orders)
        standing.count(self.shop.pk, Counter(bucket for case in cases for bucket in standing.buckets(case)))
        self._record(cases, links)
        return self.done

    def _customers(self) -> list[Customer | None]:
        """The customer of every line; None where a line names nobody."""
        buyers = [
            Buyer(name=line.customer_name, mail=line.customer_mail, phone=line.customer_phone) for line in self.lines
        ]
        named = [buyer for buyer in buyers if buyer.name or buyer.mail or buyer.phone]
        found = iter(recognise_buyers(shop=self.shop, buyers=named, now=self.now) if named else [])
        return [next(found) if buyer.name or buyer.mail or buyer.phone else None for buyer in buyers]

    def _orders(self) -> dict[str, Order]:
        """The orders that these lines name, by folded number; the newest where two channels gave one number."""
        numbers = {number for line in self.lines for number, *_rest in _order_numbers(line)}
        found = commerce.orders_by_numbers(self.shop, numbers) if numbers else []
        return {order.number_key: order for order in reversed(list(found))}

    def _case(self, line: CaseLine, number: int, customer: Customer | None, orders: Mapping[str, Order]) -> Case:
        last = line.messages[-1] if line.messages else None
        waiting_since_at = _waiting_since(line.messages)
        status = line.status or (Status.OPEN if waiting_since_at or not last else Status.WAITING)
        owner = self._member(line.owner_mail)
        if line.owner_mail and owner is None:
            self.done.strangers[line.owner_mail] += 1
        is_closed, is_open = status == Status.CLOSED, status == Status.OPEN
        last_at = last.at if last else line.created_at
        return Case(
            shop=self.shop,
            number=number,
            subject=line.subject,
            channel=line.channel,
            topic=line.topic,
            status=status,
            resolution=(line.resolution or _resolution(line)) if is_closed else "",
            owner=owner,
            customer=customer,
            is_urgent=line.is_urgent,
            is_unread=is_open if line.is_unread is None else line.is_unread,
            version=max(1, len(line.messages)),
            created_at=line.created_at,
            last_activity_at=last_at,
            waiting_since_at=(waiting_since_at or last_at) if is_open else None,
            snoozed_until_at=line.snoozed_until_at if status == Status.SNOOZED else None,
            closed_at=(line.closed_at or last_at) if is_closed else None,
            last_line=rules.one_line(last.body) if last else "",
            last_by_customer=last is None or last.direction == Direction.IN,
            order_label=_label(line, customer, orders),
            tag_names=list(line.tags),
            external_key=line.external_id,
        )

    def _member(self, mail: str) -> Membership | None:
        return self.staff.get(mail) if mail else None

    def _member_id(self, mail: str) -> int | None:
        member = self._member(mail)
        return member.pk if member else None

    def _start_clocks(self, cases: Iterable[Case]) -> None:
        work = Clockwork(self.shop)
        for case in cases:
            if case.status == Status.OPEN and case.waiting_since_at:
                clock = clocks.started(
                    work,
                    channel=case.channel,
                    topic=case.topic,
                    is_urgent=case.is_urgent,
                    since=case.waiting_since_at,
                    now=self.now,
                )
                for name, value in clock.items():
                    setattr(case, name, value)
            case.rank_at = standing.rank(case)

    def _write_messages(self, pairs: Iterable[tuple[CaseLine, Case]]) -> None:
        said = [(line, case, message) for line, case in pairs for message in line.messages]
        keys = self._message_keys(said)
        rows = [self._message(*each, key) for each, key in zip(said, keys, strict=True)]
        Message.objects.bulk_create(rows)
        self.done.messages += len(rows)
        Attachment.objects.bulk_create(
            Attachment(
                shop=self.shop,
                message=row,
                blob_id=self.blobs[id(file)],
                name=file.name or _("file"),
                content_id=file.content_id,
                is_inline=file.is_inline,
            )
            for (_line, _case, message), row in zip(said, rows, strict=True)
            for file in message.files
        )

    def _message_keys(self, said: Sequence[tuple[CaseLine, Case, MessageLine]]) -> list[str]:
        """A key for every message: its Message-ID, unless the shop has it already; else one made from its place."""
        wanted = [message.message_id for _line, _case, message in said if message.message_id]
        taken: set[str] = set()
        if wanted:
            rows = Message.objects.filter(shop=self.shop, message_key__in=wanted)
            taken = set(rows.values_list("message_key", flat=True))
        keys, places = [], Counter[str]()
        for line, _case, message in said:
            places[line.external_id] += 1
            key = message.message_id
            if not key or key in taken:
                digest = hashlib.sha256(line.external_id.encode()).hexdigest()[:32]
                key = f"{_UNWRITTEN_KEY}{digest}:{places[line.external_id]}"
            taken.add(key)
            keys.append(key)
        return keys

    def _message(self, line: CaseLine, case: Case, message: MessageLine, key: str) -> Message:
        is_out = message.direction == Direction.OUT
        customer = (line.customer_name, line.customer_mail)
        sender = message.sender if any(message.sender) else (("", "") if is_out else customer)
        to = message.to or ((customer,) if is_out and line.customer_mail else ())
        return Message(
            shop_id=self.shop.pk,
            case_id=case.pk,
            direction=message.direction,
            channel=message.channel or case.channel,
            at=message.at,
            author_id=self._member_id(message.author_mail),
            sender_name=sender[0],
            sender_mail=sender[1],
            to=[list(party) for party in to],
            cc=[list(party) for party in message.cc],
            subject=message.subject or case.subject,
            text=message.body,
            quoted_from=message.quoted_from,
            html_blob_id=self.blobs[id(message.html)] if message.html else None,
            raw_blob_id=self.blobs[id(message.source)] if message.source else None,
            is_automatic=message.is_automatic,
            file_count=len(message.files),
            message_key=key,
            in_reply_to=message.in_reply_to,
            delivery=message.delivery,
            sent_at=message.at if is_out else None,
        )

    def _write_notes(self, pairs: Iterable[tuple[CaseLine, Case]]) -> None:
        Note.objects.bulk_create(
            Note(shop=self.shop, case=case, author=self._member(note.author_mail), at=note.at, text=note.body)
            for line, case in pairs
            for note in line.notes
        )

    def _write_tags(self, pairs: Sequence[tuple[CaseLine, Case]]) -> None:
        names = {name for line, _case in pairs for name in line.tags}
        if not names:
            return
        Tag.objects.bulk_create((Tag(shop=self.shop, name=name) for name in sorted(names)), ignore_conflicts=True)
        tags = {tag.name: tag for tag in Tag.objects.filter(shop=self.shop, name__in=names)}
        CaseTag.objects.bulk_create(
            CaseTag(shop=self.shop, case=case, tag=tags[name]) for line, case in pairs for name in line.tags
        )

    def _write_links(self, pairs: Iterable[tuple[CaseLine, Case]], orders: Mapping[str, Order]) -> list[OrderLink]:
        links: dict[tuple[int, int], OrderLink] = {}
        for line, case in pairs:
            for number, proposed, reason in _order_numbers(line):
                order = orders.get(number_key(number))
                if order is None:
                    continue
                links.setdefault(
                    (case.pk, order.pk),
                    OrderLink(
                        shop=self.shop,
                        case=case,
                        order=order,
                        reason=reason,
                        is_proposed=_is_proposed(proposed, order, case.customer),
                        linked_at=self.now,
                    ),
                )
        return OrderLink.objects.bulk_create(links.values())

    def _record(self, cases: Sequence[Case], links: Iterable[OrderLink]) -> None:
        """One fact for the chunk, and for each case where it came from and which order was put beside it."""
        by, source = self.by, self.source
        facts = [Fact(events.CasesImported(case_count=len(cases), source=source), by, self.now)]
        for case in cases:
            came = events.CaseTakenOver(number=case.number, external_id=case.external_key, source=source)
            facts.append(Fact(came, by, self.now, case.pk))
        for link in links:
            linked = events.OrderLinked(order_id=link.order_id, number=link.order.number, reason=link.reason)
            facts.append(Fact(linked, by, self.now, link.case_id, link.order_id))
        record_many(facts, shop_id=self.shop.pk, now=self.now)
        indexing.ask_to_index([case.pk for case in cases], shop_id=self.shop.pk, now=self.now)
        said = {"count": len(cases)}
        publish(shop_id=self.shop.pk, channel="shop", kind="case.imported", payload=said, now=self.now)


def _waiting_since(messages: Sequence[MessageLine]) -> datetime | None:
    """When the customer first wrote after our last answer; automatic mails count for neither side."""
    since: datetime | None = None
    for message in messages:
        if message.is_automatic:
            continue
        if message.direction == Direction.OUT:
            since = None
        elif since is None:
            since = message.at
    return since


def _resolution(line: CaseLine) -> Resolution:
    """How a case ended whose file does not say so."""
    answered = any(message.direction == Direction.OUT for message in line.messages)
    return Resolution.ANSWERED if answered else Resolution.NOT_A_CASE


def _order_numbers(line: CaseLine) -> list[tuple[str, bool | None, str]]:
    """(number, whether it is only proposed, reason) of the orders that a line names."""
    told = [(order.number, order.is_proposed, order.reason or "import") for order in line.orders]
    return told or ([(line.order_number, None, "import")] if line.order_number else [])


def _is_proposed(told: bool | None, order: Order, customer: Customer | None) -> bool:
    """Unless the file says so, an order of another customer is only proposed."""
    if told is not None:
        return told
    return customer is None or order.customer_id != customer.pk


def _label(line: CaseLine, customer: Customer | None, orders: Mapping[str, Order]) -> str:
    """What the list shows: the first confirmed order, else the first proposed; a number nobody knows as written."""
    found = []
    for number, told, _why in _order_numbers(line):
        order = orders.get(number_key(number))
        if order:
            found.append((_is_proposed(told, order, customer), order.number))
    found.sort(key=lambda each: each[0])
    return found[0][1] if found else line.order_number
