"""What receiving reads and writes for several messages: looked up for all of them at once, and written at once after
each has been decided on.

In between everything happens here in memory, one message after the other, so that each sees what those before it did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from anshin.cases import events
from anshin.cases.actions import clocks, indexing, opening, standing
from anshin.cases.actions.hidden_numbers import ask_to_look
from anshin.cases.actions.linking import label_of
from anshin.cases.actions.topics import ask_for_proposals
from anshin.cases.models import Attachment, Case, Message, OrderLink
from anshin.cases.queries.targets import Clockwork
from anshin.cases.queries.threads import Threads
from anshin.cases.terms import IncomingMessage, Status
from anshin.commerce import queries as commerce
from anshin.commerce.actions import recognise_buyers
from anshin.commerce.terms import Buyer
from anshin.language.mails import looks_like_mail, mail_key
from anshin.language.order_numbers import compile_formats
from anshin.language.order_numbers import key as number_key
from anshin.plumbing.bulk import draw_ids, insert_many, update_many
from anshin.plumbing.files.store import keep, keep_many
from anshin.plumbing.journal.actions import Fact, record_many
from anshin.plumbing.live.actions import Hint, publish_many
from anshin.plumbing.prepared import Prepared

if TYPE_CHECKING:
    from anshin.commerce.models import Customer, Order
    from anshin.plumbing.files.models import Blob
    from anshin.plumbing.journal.actors import Actor
    from anshin.plumbing.journal.events import Event
    from anshin.shops.models import Shop

_MOST_LINKS = 5
_BY_KEY = Prepared(
    lambda shop, key: Message.objects.select_related("case").filter(shop_id=shop, message_key=key), shop=int, key=str
)


class Portion:
    """Messages of one shop on their way into cases. Inside a transaction, which ends with `finish`.

    Where something rare has to be asked or written in the ordinary way, `write` comes before it.
    """

    def __init__(self, shop: Shop, messages: Sequence[IncomingMessage], *, now: datetime) -> None:
        self.shop, self.now = shop, now
        self._known = _known(shop, messages)
        fresh = {message.message_key: message for message in reversed(messages)}
        self.messages = [
            message
            for message in messages
            if message is fresh[message.message_key] and message.message_key not in self._known
        ]
        self.customers = self._recognise()
        self.threads = Threads(shop, self.messages, self.customers.values(), now=now)
        self._looked_up = _LookedUp(self)
        self._numbering = opening.Numbering(shop, most=len(self.messages))
        self._case_ids: list[int] = []
        self._message_ids: list[int] = []
        self._locked: dict[int, Case] = {}
        self._cases: dict[int, Case] = {}
        self._changed: dict[int, list[str]] = {}
        self._rows: list[Message] = []
        self._files: list[Attachment] = []
        self._links: list[OrderLink] = []
        self._deltas: Counter[tuple[str, int]] = Counter()
        self._facts: list[Fact] = []
        self._hints: list[Hint] = []
        self._to_index: dict[int, None] = {}

    def known(self, message: IncomingMessage) -> Message | None:
        """The row that this message is already, from before or from this portion."""
        return self._known.get(message.message_key)

    def may_be_marked(self, mail: str) -> bool:
        """Whether mail to this address may have come back."""
        return mail_key(mail) in self._looked_up.marked()

    def running(self, case: Case, message: IncomingMessage) -> clocks.Values:
        """The clock of a case in which this message wants an answer."""
        return clocks.running(case, self.shop, since=message.received_at, work=self._looked_up.work)

    def design(self, message: IncomingMessage) -> Blob | None:
        """The message's HTML, kept."""
        return self._looked_up.designs().get(message.message_key) if message.html else None

    def open(
        self,
        message: IncomingMessage,
        customer: Customer | None,
        *,
        status: Status,
        related_case_id: int | None,
        by: Actor,
    ) -> Case:
        """A new case for this first message, numbered and counted."""
        self._case_ids = self._case_ids or draw_ids(Case, len(self.messages))
        case = opening.new_case(
            shop=self.shop,
            message=message,
            customer=customer,
            case_id=self._case_ids.pop(0),
            number=self._numbering.draw(),
            clock=self._looked_up.clock(message) if status == Status.OPEN else {},
            status=status,
        )
        self._cases[case.pk] = self._locked[case.pk] = case
        self._looked_up.links[case.pk] = []
        self.threads.open(case)
        self._deltas.update(standing.buckets(case))
        opened = events.CaseOpened(number=case.number, channel=case.channel, related_case_id=related_case_id)
        self.record(opened, case, by)
        return case

    def locked(self, case_id: int) -> Case:
        """The case, locked unless this portion has opened or locked it before. Raises WrongCase."""
        if case_id not in self._locked:
            self._locked[case_id] = standing.locked_case(self.shop.pk, case_id)
            self.threads.keep(self._locked[case_id])
        return self._locked[case_id]

    def change(self, case: Case, **values: Any) -> None:
        """`standing.change`, written later."""
        changed = standing.alter(case, values)
        if case.pk not in self._cases and changed.names:
            self._changed.setdefault(case.pk, []).extend(changed.names)
        self._deltas.update(changed.deltas)

    def next_message_id(self) -> int:
        """The number of the next row of a message."""
        self._message_ids = self._message_ids or draw_ids(Message, len(self.messages))
        return self._message_ids.pop(0)

    def add(self, case: Case, row: Message, files: Sequence[Attachment]) -> None:
        """Put a new message with its files into the case."""
        self._rows.append(row)
        self._files += files
        self._known[row.message_key] = row
        self._to_index[case.pk] = None
        self.threads.add(case, row)

    def propose_orders(self, case: Case, message: IncomingMessage, customer: Customer | None) -> None:
        """Orders that the message names; without any, the customer's only recent one.

        An order of another customer is only proposed: knowing a number does not make it theirs.
        """
        orders = self._looked_up.orders_named(message)
        if not orders and customer is None:
            return
        links = self._looked_up.links_of(case)
        for order in orders:
            owned = customer is not None and order.customer_id == customer.pk
            self._link(case, order, links, reason="number_in_text", is_proposed=not owned)
        if not links and customer is not None and (recent := self._looked_up.only_recent(customer)):
            self._link(case, recent, links, reason="only_recent_order", is_proposed=True)
        if links:
            self.change(case, order_label=label_of(links))

    def _link(self, case: Case, order: Order, links: list[OrderLink], *, reason: str, is_proposed: bool) -> None:
        link = next((each for each in links if each.order_id == order.pk), None)
        if link is None:
            link = OrderLink(
                shop=self.shop, case=case, order=order, reason=reason, is_proposed=is_proposed, linked_at=self.now
            )
            links.append(link)
            self._links.append(link)
            fact = events.OrderLinked(order_id=order.pk, number=order.number, reason=reason)
            self.record(fact, case, standing.SYSTEM, order_id=order.pk)
        elif link.is_proposed and not is_proposed:
            link.is_proposed = False
            if link.pk:
                link.save(update_fields=["is_proposed"])

    def record(self, fact: Event, case: Case, by: Actor, *, order_id: int | None = None) -> None:
        """Put a fact about the case into the journal."""
        self._facts.append(Fact(fact, by, self.now, case.pk, order_id))

    def announce(self, case: Case, kind: str, **payload: Any) -> None:
        """Tell open pages."""
        self._hints += standing.hints(case, kind, **payload)

    def write(self) -> None:
        """Write all that has been collected, what others refer to first."""
        insert_many(list(self._cases.values()))
        insert_many(self._rows)
        insert_many(self._files)
        insert_many(self._links)
        names = {name for changed in self._changed.values() for name in changed}
        update_many([self._locked[case_id] for case_id in self._changed], sorted(names))
        if self._deltas:
            standing.count(self.shop.pk, dict(self._deltas))
        if self._facts:
            record_many(self._facts, shop_id=self.shop.pk, now=self.now)
        if self._hints:
            publish_many(self._hints, shop_id=self.shop.pk, now=self.now)
        self._cases, self._changed, self._deltas = {}, {}, Counter()
        self._rows, self._files, self._links = [], [], []
        self._facts, self._hints = [], []

    def finish(self) -> None:
        """Write what is left, and have the cases indexed and the messages read for their topics."""
        self.write()
        stored = [self._known[each.message_key] for each in self.messages if each.message_key in self._known]
        ask_for_proposals(stored, now=self.now)
        ask_to_look(stored, now=self.now)
        indexing.ask_to_index(list(self._to_index), shop_id=self.shop.pk, now=self.now)
        self._numbering.give_back()

    def _recognise(self) -> dict[str, Customer]:
        """By message key: whoever wrote, made when unknown. What a provider calls spam makes nobody a customer."""
        known = [each for each in self.messages if not each.spam_by and looks_like_mail(each.sender.mail)]
        buyers = [Buyer(name=each.sender.name, mail=each.sender.mail) for each in known]
        found = recognise_buyers(shop=self.shop, buyers=buyers, now=self.now) if buyers else []
        return {each.message_key: customer for each, customer in zip(known, found, strict=True)}


class _LookedUp:
    """What a portion asks once for all its messages, when the first of them needs it."""

    def __init__(self, portion: Portion) -> None:
        self.shop, self.messages, self.now = portion.shop, portion.messages, portion.now
        self.customers = portion.customers
        self.links: dict[int, list[OrderLink]] = {}
        self._marked: set[str] | None = None
        self.work = Clockwork(portion.shop)
        self._designs: dict[str, Blob] | None = None
        self._orders: dict[str, list[Order]] | None = None
        self._named: dict[str, set[str]] = {}
        self._recent: dict[int, Order] | None = None

    def marked(self) -> set[str]:
        if self._marked is None:
            mails = {message.sender.mail for message in self.messages if message.sender.mail}
            self._marked = commerce.marked_among(self.shop, mails) if mails else set()
        return self._marked

    def clock(self, message: IncomingMessage) -> clocks.Values:
        topic = str(opening.given_topic(message).get("topic", ""))
        since = message.received_at
        return clocks.started(self.work, channel=message.channel, topic=topic, since=since, now=self.now)

    def designs(self) -> dict[str, Blob]:
        if self._designs is None:
            designed = [message for message in self.messages if message.html]
            contents = [message.html.encode() for message in designed]
            several = len(contents) > 1
            blobs = keep_many(self.shop.pk, contents, now=self.now) if several else [self._keep(contents[0])]
            self._designs = {message.message_key: blob for message, blob in zip(designed, blobs, strict=True)}
        return self._designs

    def _keep(self, content: bytes) -> Blob:
        return keep(self.shop.pk, content, now=self.now)

    def orders_named(self, message: IncomingMessage) -> list[Order]:
        """The shop's orders whose numbers the message names, the newest first."""
        if self._orders is None:
            self._named = {each.message_key: self._numbers(each) for each in self.messages}
            numbers = set().union(*self._named.values())
            self._orders = {}
            for order in commerce.orders_by_numbers(self.shop, numbers) if numbers else ():
                self._orders.setdefault(order.number_key, []).append(order)
        found = [order for key in self._named[message.message_key] for order in self._orders.get(key, ())]
        return sorted(found, key=lambda order: (order.ordered_at, order.pk), reverse=True)

    def _numbers(self, message: IncomingMessage) -> set[str]:
        finder = compile_formats(tuple(self.shop.order_formats))
        named = [found.number for found in finder.find(f"{message.subject}\n{message.text}")][:_MOST_LINKS]
        return {key for key in map(number_key, [message.order_number, *named]) if key}

    def links_of(self, case: Case) -> list[OrderLink]:
        if case.pk not in self.links:
            rows = OrderLink.objects.filter(case=case).select_related("order").order_by("id")
            self.links[case.pk] = list(rows)
        return self.links[case.pk]

    def only_recent(self, customer: Customer) -> Order | None:
        if self._recent is None:
            ids = {customer.pk, *(each.pk for each in self.customers.values())}
            self._recent = commerce.only_recent_orders(self.shop, ids, now=self.now)
        return self._recent.get(customer.pk)


def _known(shop: Shop, messages: Sequence[IncomingMessage]) -> dict[str, Message]:
    keys = {message.message_key for message in messages}
    if len(keys) == 1:
        found = _BY_KEY.rows(shop=shop.pk, key=keys.pop())
    else:
        found = list(Message.objects.select_related("case").filter(shop=shop, message_key__in=keys))
    return {row.message_key: row for row in found}
