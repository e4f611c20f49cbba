"""Striking out: words or a file go for ever, everywhere they stand, in one transaction.

Killed before the commit: everything is as before. Killed after it: the job removes the old bytes from the disk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases import events, rules
from anshin.cases.actions import indexing, standing
from anshin.cases.actions.holding import Holding, files_holding
from anshin.cases.actions.refusals import CannotStrike, WrongCase
from anshin.cases.actions.traces import messages_with, traces_in_messages, traces_in_orders, traces_in_writing
from anshin.cases.models import Attachment, Case, Message
from anshin.cases.ports import Place, Scope, Sought, Trace, keepers
from anshin.cases.queries.family import family_of
from anshin.cases.terms import PlaceKind, StrikeReason
from anshin.language.passages import PassageRefused, passages
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.files import removal
from anshin.plumbing.journal.actions import record
from anshin.plumbing.mail.markup_words import replaced
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

_MOST_NAMED = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What striking would change; files that hold the words and go as a whole; those into which nobody can look."""

    places: tuple[Place, ...]
    closed_files: tuple[str, ...]
    whole_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Search:
    """What is sought, in which cases and messages."""

    shop: Shop
    sought: Sought
    case_ids: frozenset[int]
    messages: list[Message]

    def traces(self) -> Iterator[Trace]:
        """Every place, in this room and in the channels."""
        since = min((message.at for message in self.messages), default=None)
        own = chain(
            traces_in_messages(self.sought, self.messages),
            traces_in_writing(self.shop, self.case_ids, self.sought),
            traces_in_orders(self.shop, self.case_ids, self.sought),
        )
        yield from own
        if since is not None:
            scope = Scope(self.shop.pk, tuple(message.pk for message in self.messages), since)
            for keeper in keepers.get():
                yield from keeper.traces(self.sought, scope)


def preview_strike(*, by: Membership, message_id: int, texts: Collection[str], file_ids: Collection[int]) -> Preview:
    """Where `texts` and the files stand. Changes nothing. Raises NotAllowed, CannotStrike, WrongCase."""
    require(by, Permission.STRIKE)
    message = _message(by.shop, message_id)
    holding = _holding(by.shop, message, texts, file_ids)
    search = _search(by.shop, message, texts, file_ids, holding)
    places = shown_places([trace.place for trace in search.traces()])
    chosen = _chosen(by.shop, message, file_ids)
    names = [file.name for file in Attachment.objects.filter(blob__sha256__in=chosen, message__in=search.messages)]
    return Preview(places, tuple(name for name in holding.closed if name not in names), holding.names)


def strike(
    *,
    by: Membership,
    message_id: int,
    texts: Collection[str],
    file_ids: Collection[int],
    reason: StrikeReason,
    now: datetime,
) -> int:
    """Strike these texts and files of a message everywhere they stand, for ever; at how many places.

    Looks through the case, those it was merged or split with, the customer's others, and messages, notes and drafts of
    the whole shop that hold the same words; further through raw mails, copies, forms and remarks of orders. A file that
    holds the words and cannot be cut (PDF, Office) goes as a whole. Raises NotAllowed, WrongCase; CannotStrike when
    nothing was chosen or nothing is there any more.
    """
    require(by, Permission.STRIKE)
    holding = _holding(by.shop, _message(by.shop, message_id), texts, file_ids)
    with removal.without_traces(), transaction.atomic():
        message = _message(by.shop, message_id)
        search = _search(by.shop, message, texts, file_ids, holding)
        _lock(by.shop, search)
        search = _search(by.shop, message, texts, file_ids, holding)
        former = {found.pk: found.subject for found in search.messages}
        traces = list(search.traces())
        if not traces:
            raise CannotStrike(_("This is not there any more. Nothing was changed. Reload the page."))
        replaced_blobs = [blob_id for trace in traces for blob_id in trace.strike(now)]
        what = "file" if file_ids else "passage"
        _settle_cases(search, traces, former, by=by, reason=reason, what=what, now=now)
        indexing.forget(_touched(search, traces), shop_id=by.shop_id, now=now)
        removal.let_go(replaced_blobs, shop_id=by.shop_id, now=now)
    return len(shown_places([trace.place for trace in traces]))


def shown_places(places: list[Place]) -> tuple[Place, ...]:
    """The places as a person counts them: a raw mail that a message and its line in the ledger share is one."""
    in_ledger = {place.message_id for place in places if place.kind == PlaceKind.RAW and place.name}
    return tuple(
        place for place in places if place.kind != PlaceKind.RAW or place.name or place.message_id not in in_ledger
    )


def _message(shop: Shop, message_id: int) -> Message:
    found = Message.objects.filter(shop=shop, pk=message_id).first()
    if found is None:
        raise WrongCase
    return found


def _holding(shop: Shop, message: Message, texts: Collection[str], file_ids: Collection[int]) -> Holding:
    """The files that hold these texts; none when only files were chosen."""
    if not texts:
        return Holding()
    search = _search(shop, message, texts, file_ids, Holding())
    return files_holding(search.sought.find, search.messages)


def _search(
    shop: Shop, message: Message, texts: Collection[str], file_ids: Collection[int], holding: Holding
) -> _Search:
    gone = _chosen(shop, message, file_ids)
    if not texts and not gone:
        raise CannotStrike(_("Choose what is to be struck out."))
    try:
        finder = passages(texts)
    except PassageRefused as refusal:
        raise CannotStrike(_passage_words(refusal)) from refusal
    sought = Sought(find=finder.find, hints=finder.hints, gone=gone | holding.gone)
    case_ids = family_of(shop, message.case_id)
    return _Search(shop, sought, case_ids, messages_with(shop, case_ids, sought))


def _chosen(shop: Shop, message: Message, file_ids: Collection[int]) -> frozenset[str]:
    files = Attachment.objects.filter(shop=shop, message=message, pk__in=file_ids, struck_at=None)
    return frozenset(files.values_list("blob__sha256", flat=True))


def _passage_words(refusal: PassageRefused) -> str:
    if refusal.reason == "too_long":
        return _("This is too long to be struck out at once. Choose at most 1,000 characters.")
    return _("This is too short to be struck out everywhere. Choose at least four characters.")


def _lock(shop: Shop, search: _Search) -> None:
    """Hold all the cases, always in the same order: nothing is added to them meanwhile."""
    ids = search.case_ids | {message.case_id for message in search.messages}
    list(Case.objects.select_for_update().filter(shop=shop, pk__in=ids).order_by("id").values_list("pk"))


def _touched(search: _Search, traces: list[Trace]) -> set[int]:
    """Ids of every case in which something may have changed."""
    numbers = {trace.place.case_number for trace in traces if trace.place.case_number}
    found = Case.objects.filter(shop=search.shop, number__in=numbers).values_list("pk", flat=True)
    return {*search.case_ids, *(message.case_id for message in search.messages), *found}


def _settle_cases(
    search: _Search,
    traces: list[Trace],
    former: dict[int, str],
    *,
    by: Membership,
    reason: StrikeReason,
    what: str,
    now: datetime,
) -> None:
    """Bring the lists' columns in line, write the journal, and tell open pages."""
    messages = {message.pk: message for message in search.messages}
    touched = {trace.place.message_id for trace in traces if trace.place.message_id in messages}
    numbers = {trace.place.case_number for trace in traces}
    ids = {messages[pk].case_id for pk in touched if pk}
    cases = Case.objects.filter(shop=search.shop).filter(pk__in=search.case_ids | ids).order_by("id")
    for case in cases:
        mine = tuple(sorted(pk for pk in touched if pk and messages[pk].case_id == case.pk))
        changed = _refresh(case, search, former)
        if not mine and not changed and case.number not in numbers:
            continue
        count = sum(trace.place.case_number == case.number for trace in traces)
        fact = events.Struck(message_ids=mine[:_MOST_NAMED], place_count=count, what=what, reason=reason)
        record(fact, shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
        standing.announce(case, "case.message", now=now)


def _refresh(case: Case, search: _Search, former: dict[int, str]) -> bool:
    """Subject and line of a case as its messages are now; whether anything changed."""
    before = (case.subject, case.last_line)
    subject = replaced(case.subject, search.sought.find(case.subject))
    for message in search.messages:
        was = former[message.pk]
        if message.case_id == case.pk and was != message.subject and case.subject == masked(was)[:300]:
            subject = masked(message.subject)[:300]
    last = Message.objects.filter(case=case).exclude(delivery="taken_back").order_by("-at", "-id").first()
    line = rules.one_line(last.text) if last else case.last_line
    if (subject, line) == before:
        return False
    standing.change(case, subject=subject, last_line=line)
    return True
