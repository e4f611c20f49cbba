"""What the search index holds of a case, read for many cases at once. Card numbers and My Number are never in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import F

from anshin.cases.models import Attachment, Case, Message, Note, OrderLink
from anshin.cases.terms import Delivery, Status
from anshin.commerce.queries import contacts_of_customers
from anshin.language.search_text import SearchText, search_text
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.prepared import PreparedIn
from anshin.plumbing.search.terms import Content, Document

KIND: Final = "case"
AREA: Final = "c"
SPAM_AREA: Final = "x"
LONGEST_TEXT: Final = 100_000
"""Characters of one message that are indexed; what comes after them is not found."""
AT_ONCE: Final = 50
"""Cases about which one query asks."""

_SAID: Final = PreparedIn(
    lambda ids: (
        Message.objects.filter(case_id__in=ids)
        .exclude(delivery=Delivery.TAKEN_BACK)
        .order_by("at", "id")
        .values_list("case_id", "subject", "sender_name", "sender_mail", "to", "cc", "text", "file_count")
    ),
    most=AT_ONCE,
)
_FILES: Final = PreparedIn(
    lambda ids: (
        Attachment.objects.filter(message__case_id__in=ids)
        .exclude(message__delivery=Delivery.TAKEN_BACK)
        .order_by("id")
        .values_list(F("message__case_id"), "name")
    ),
    most=AT_ONCE,
)
_NOTES: Final = PreparedIn(
    lambda ids: Note.objects.filter(case_id__in=ids).order_by("id").values_list("case_id", "text"), most=AT_ONCE
)
_ORDERS: Final = PreparedIn(
    lambda ids: OrderLink.objects.filter(case_id__in=ids).order_by("id").values_list("case_id", "order__number"),
    most=AT_ONCE,
)
_MERGED: Final = PreparedIn(
    lambda ids: Case.objects.filter(merged_into_id__in=ids).order_by("number").values_list("merged_into_id", "number"),
    most=AT_ONCE,
)


@dataclass(slots=True)
class Reader:
    """Texts read before: while the index is locked nothing is read twice."""

    known: dict[str, SearchText] = field(default_factory=dict)
    made: dict[tuple[str, ...], Content] = field(default_factory=dict)

    def content(self, texts: Iterable[str]) -> Content:
        """One part of a document from several texts, between which no phrase reaches."""
        given = tuple(dict.fromkeys(text for text in texts if text))
        if given not in self.made:
            read = [self._read(text) for text in given]
            words: set[str] = set()
            words.update(*(each.words for each in read))
            self.made[given] = Content("\n".join(each.plain for each in read), frozenset(words))
        return self.made[given]

    def _read(self, text: str) -> SearchText:
        if text not in self.known:
            self.known[text] = search_text(masked(text[:LONGEST_TEXT]))
        return self.known[text]


def search_documents(shop_id: int, cases: Sequence[Case], reader: Reader) -> list[Document]:
    """The documents of these cases of a shop, which have their customers loaded: five queries. A case that was merged
    into another has none."""
    alive = [case for case in cases if case.merged_into_id is None and case.shop_id == shop_id]
    said = _Said(shop_id, alive)
    return [_document(case, said, reader) for case in alive]


def _document(case: Case, said: _Said, reader: Reader) -> Document:
    customer = case.customer
    numbers = [f"#{number}" for number in (case.number, *said.numbers[case.pk])]
    names = [customer.name, customer.kana] if customer else []
    contacts = [each.value for each in said.contacts.get(customer.pk, ())] if customer else []
    orders = [case.order_label, *said.orders[case.pk]]
    return Document(
        kind=KIND,
        object_id=case.pk,
        area=SPAM_AREA if case.status == Status.SPAM else AREA,
        at=case.last_activity_at,
        head=reader.content([case.subject, " ".join(numbers), *names, *orders]),
        body=reader.content([*said.texts[case.pk], *contacts]),
        inner=reader.content(said.notes[case.pk]),
    )


class _Said:
    """Everything in these cases, by case."""

    def __init__(self, shop_id: int, cases: Sequence[Case]) -> None:
        ids = [case.pk for case in cases]
        self.texts = _texts(ids)
        self.notes = _by_case(_NOTES.tuples(ids))
        self.orders = _by_case(_ORDERS.tuples(ids))
        self.numbers = _by_case(_MERGED.tuples(ids))
        customers = {case.customer_id for case in cases if case.customer_id}
        self.contacts = contacts_of_customers(shop_id, customers) if customers else {}


def _texts(case_ids: Collection[int]) -> dict[int, list[str]]:
    """Subjects, senders, recipients, texts and names of files, in the order of the talk."""
    found: dict[int, list[str]] = defaultdict(list)
    with_files = set()
    for case_id, subject, name, mail, to, cc, text, file_count in _SAID.tuples(case_ids):
        found[case_id] += [subject, name, mail]
        found[case_id] += [str(value) for party in [*to, *cc] for value in party]
        found[case_id].append(text)
        if file_count:
            with_files.add(case_id)
    for case_id, name in _FILES.tuples(with_files):
        found[case_id].append(name)
    return found


def _by_case(rows: Iterable[tuple[Any, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for case_id, value in rows:
        found[case_id].append(value)
    return found
