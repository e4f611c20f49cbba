"""Searching cases: what was typed, which cases that is, and in which passage of each the words stand.

Whoever may read cases finds them; notes find only those who may write them. Spam is found where it is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db.models import Q, QuerySet

from anshin.cases.models import Attachment, Case, Message, Note
from anshin.cases.queries.counts import count_of
from anshin.cases.queries.lists import CaseRow, rows_of_cases
from anshin.cases.queries.search_documents import AREA, SPAM_AREA
from anshin.cases.queries.search_filters import NAMES, CaseFilters, case_filters
from anshin.cases.terms import Delivery, Status
from anshin.language.search_passages import Piece, Wanted, marked, passage, places
from anshin.language.search_queries import SearchQuery, read_query
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.pages.keyset import page_of
from anshin.plumbing.prepared import PreparedIn
from anshin.plumbing.search import finding
from anshin.plumbing.search.conditions import is_searchable
from anshin.plumbing.search.terms import MOST_COUNTED, Ranking, Scope, Term
from anshin.shops.queries import may
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

PAGE_SIZE: Final = 25
_LONGEST_SHOWN: Final = 20_000
_MOST_BY_WORDS: Final = 8
"""Texts of a case in which words are looked for that are spelled otherwise there."""
_SAID: Final = PreparedIn(
    lambda ids: (
        Message.objects.filter(case_id__in=ids)
        .exclude(delivery=Delivery.TAKEN_BACK)
        .values_list("case_id", "at", "text", "sender_name", "sender_mail", "subject", "file_count")
    ),
    most=PAGE_SIZE,
)
_NOTES: Final = PreparedIn(
    lambda ids: Note.objects.filter(case_id__in=ids).values_list("case_id", "at", "text"), most=PAGE_SIZE
)


@dataclass(frozen=True, slots=True)
class FoundCase:
    """One case that fits: its row, its subject with the words marked, and the passage; empty where it is the subject
    alone that fits."""

    row: CaseRow
    subject: list[Piece]
    passage: list[Piece]
    is_note: bool


@dataclass(frozen=True, slots=True)
class Results:
    """A page of a search. `count` is exact up to MOST_COUNTED, one more stands for “more”. `unfindable`: words that
    the index cannot look for. `next`: cursor of the page after."""

    query: SearchQuery
    filters: CaseFilters
    cases: list[FoundCase]
    count: int
    next: str
    unfindable: tuple[str, ...]
    is_asking: bool  # whether anything was asked for at all


def search_cases(by: Membership, typed: str, *, ranking: Ranking, cursor: str = "", now: datetime) -> Results:
    """One page of the cases that fit what was typed. Raises keyset.BadCursor."""
    query = read_query(typed, filter_names=NAMES)
    filters = case_filters(by, query.filters, now=now)
    terms = [Term(each.plain, each.words, each.is_excluded) for each in query.texts]
    known = [term for term in terms if is_searchable(term)]
    unfindable = tuple(each.written for each, term in zip(query.texts, terms, strict=True) if not is_searchable(term))
    is_asking = bool(filters.has_any or any(not term.is_excluded for term in known))
    ids: list[int] = []
    count, following = 0, ""
    if is_asking and not filters.unknown:
        if any(not term.is_excluded for term in known):
            ids, count, following = _by_words(by, known, filters, ranking, cursor)
        elif not known:
            ids, count, following = _by_filters(by, filters, cursor)
        else:
            is_asking = False
    cases = _found(by, query, ids)
    return Results(query, filters, cases, count, following, unfindable, is_asking)


def quick_cases(by: Membership, typed: str, *, most: int) -> list[CaseRow]:
    """The best few cases for what was typed, without a count and without passages. Two queries or three."""
    query = read_query(typed, filter_names=NAMES)
    terms = [Term(each.plain, each.words, each.is_excluded) for each in query.texts]
    try:
        hits = finding.find(terms, scope_of(by), ranking=Ranking.BEST, size=most)
    except finding.NothingToSearch:
        return []
    ids = [hit.object_id for hit in hits.items]
    rows = rows_of_cases(by.shop_id, ids) if ids else {}
    return [rows[pk] for pk in ids if pk in rows]


def scope_of(by: Membership, statuses: Collection[Status] = ()) -> Scope:
    """Where a member of staff may search."""
    areas = []
    if may(by, Permission.READ_CASES):
        if not statuses or set(statuses) - {Status.SPAM}:
            areas.append(AREA)
        if Status.SPAM in statuses:
            areas.append(SPAM_AREA)
    return Scope(by.shop_id, tuple(areas), sees_inner=may(by, Permission.WRITE_NOTES))


def _by_words(
    by: Membership, terms: Sequence[Term], filters: CaseFilters, ranking: Ranking, cursor: str
) -> tuple[list[int], int, str]:
    scope = scope_of(by, filters.statuses)
    span = None
    if filters.has_period:
        span = finding.Span(since=filters.since, until=filters.until, rows=filtered(by, filters))
    is_asked = filters.has_more_than_period if span else filters.has_any
    within = filtered(by, filters, with_period=span is None) if is_asked else None
    if ranking == Ranking.NEWEST and not cursor:
        first, count = finding.find_first(terms, scope, size=PAGE_SIZE, within=within, span=span)
        return [hit.object_id for hit in first.items], count, first.next
    count = finding.count(terms, scope, within=within, span=span)
    hits = finding.find(terms, scope, ranking=ranking, size=PAGE_SIZE, cursor=cursor, within=within, span=span)
    return [hit.object_id for hit in hits.items], count, hits.next


def _by_filters(by: Membership, filters: CaseFilters, cursor: str) -> tuple[list[int], int, str]:
    """Without a word no index is needed: the inbox's own order."""
    rows = filtered(by, filters)
    if filters.is_counted:
        count = min(count_of(by.shop_id, filters.statuses, filters.owners), MOST_COUNTED + 1)
    else:
        count = rows.order_by()[: MOST_COUNTED + 1].count()
    page = page_of(rows, order=("-last_activity_at", "-id"), size=PAGE_SIZE, cursor=cursor)
    return [case.pk for case in page.items], count, page.next


def filtered(by: Membership, filters: CaseFilters, *, with_period: bool = True) -> QuerySet[Case]:
    """The shop's cases that the filters leave; spam only where it is asked for."""
    statuses = Q(status__in=filters.statuses) if filters.statuses else ~Q(status=Status.SPAM)
    condition = filters.condition(with_period=with_period)
    return Case.objects.filter(statuses, condition, shop_id=by.shop_id, merged_into=None)


def _found(by: Membership, query: SearchQuery, ids: Sequence[int]) -> list[FoundCase]:
    """The cases with their passages: four queries at most."""
    if not ids:
        return []
    rows = rows_of_cases(by.shop_id, ids)
    positive = [each for each in query.texts if not each.is_excluded]
    wanted = Wanted(tuple(each.plain for each in positive), frozenset(word for each in positive for word in each.words))
    shown = [rows[pk] for pk in ids if pk in rows]
    texts = _texts(by, list(rows)) if wanted.phrases else {}
    return [_with_passage(row, texts.get(row.id, []), wanted) for row in shown]


def _with_passage(row: CaseRow, texts: list[tuple[bool, str]], wanted: Wanted) -> FoundCase:
    """The passage as it is spelled; only where nothing of the case is spelled so, by its words, which costs more."""
    spelled = Wanted(wanted.phrases, frozenset())
    subject = places(row.subject, spelled)
    best = _best(texts, spelled)
    if best is None and not subject and not places(f"{row.customer_name} {row.order_label}", spelled):
        by_words = Wanted((), wanted.words)
        subject, best = places(row.subject, by_words), _best(texts[:_MOST_BY_WORDS], by_words)
    if best is None:
        return FoundCase(row, marked(row.subject, subject), [], is_note=False)
    is_note, text, found = best
    return FoundCase(row, marked(row.subject, subject), passage(masked(text), found), is_note=is_note)


def _best(texts: list[tuple[bool, str]], wanted: Wanted) -> tuple[bool, str, list[tuple[int, int]]] | None:
    """The text in which most of what is wanted stands, the newest of equals; texts come newest first."""
    best, most = None, 0
    for is_note, text in texts:
        found = places(text, wanted)
        how_many = len({text[start:end] for start, end in found})
        if how_many > most:
            best, most = (is_note, text, found), how_many
            if most >= max(1, len(wanted.phrases)):
                break
    return best


def _texts(by: Membership, ids: Collection[int]) -> dict[int, list[tuple[bool, str]]]:
    """(whether it is a note, text) of these cases, newest first; names of files and people at the end."""
    found: dict[int, list[tuple[datetime, bool, str]]] = defaultdict(list)
    others: dict[int, list[tuple[bool, str]]] = defaultdict(list)
    with_files = set()
    for case_id, at, text, name, mail, subject, file_count in _SAID.tuples(ids):
        found[case_id].append((at, False, text[:_LONGEST_SHOWN]))
        others[case_id] += [(False, subject), (False, f"{name} <{mail}>" if mail else name)]
        if file_count:
            with_files.add(case_id)
    if may(by, Permission.WRITE_NOTES):
        for case_id, at, text in _NOTES.tuples(ids):
            found[case_id].append((at, True, text))
    if with_files:
        files = Attachment.objects.filter(message__case_id__in=with_files).order_by("id")
        for case_id, name in files.values_list("message__case_id", "name"):
            others[case_id].append((False, name))
    whole = {}
    for case_id in ids:
        newest = sorted(found[case_id], key=lambda each: each[0], reverse=True)
        whole[case_id] = [(is_note, text) for _at, is_note, text in newest] + others[case_id]
    return whole
