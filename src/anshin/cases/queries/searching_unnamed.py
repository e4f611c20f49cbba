"""Searching cases for somebody who may not know customers: what they cannot read does not find anything.

The index knows names and addresses, so it only says where to look. Of the newest cases that it gives, those count in
which the words stand once everything of people is marked; nothing is said of the others, not even how many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db.models import QuerySet

from anshin.cases.models import Case, Message, Note, OrderLink
from anshin.cases.queries.lists import CaseRow, rows_of_cases
from anshin.cases.queries.personal import words_of_cases
from anshin.cases.queries.search_filters import NAMES, case_filters
from anshin.cases.queries.searching import FoundCase, Results, filtered, scope_of
from anshin.cases.terms import Delivery, Status
from anshin.language.personal import MARKS, PersonalKind, Veil
from anshin.language.search_passages import Wanted, marked, passage, places
from anshin.language.search_queries import SearchQuery, WantedText, read_query
from anshin.language.search_text import search_text
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.search import finding
from anshin.plumbing.search.conditions import is_searchable
from anshin.plumbing.search.terms import Ranking, Term
from anshin.shops.queries import may
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

LOOKED_AT: Final = 100
"""So many of the newest cases are looked through for one search."""
_AT_ONCE: Final = 25


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    is_note: bool


def search_unnamed(by: Membership, typed: str, *, now: datetime) -> Results:
    """The newest cases that fit, 25 at most and without further pages. `count` is how many these are."""
    query = read_query(typed, filter_names=NAMES)
    filters = case_filters(by, query.filters, now=now)
    known = [each for each in query.texts if is_searchable(_term(each))]
    unfindable = tuple(each.written for each in query.texts if each not in known)
    positive = [each for each in known if not each.is_excluded]
    is_asking = bool(filters.has_any or positive)
    ids: list[int] = []
    if is_asking and not filters.unknown:
        rows = filtered(by, filters)
        if positive:
            ids = _candidates(by, positive, None if not filters.has_any else rows, filters.statuses)
        else:
            ids = list(rows.order_by("-last_activity_at", "-id").values_list("pk", flat=True)[:LOOKED_AT])
    cases = _fitting(by, ids, query, known, most=_AT_ONCE)
    return Results(query, filters, cases, len(cases), "", unfindable, is_asking)


def quick_unnamed(by: Membership, typed: str, *, most: int) -> list[CaseRow]:
    """The newest few cases that fit, with marks."""
    query = read_query(typed, filter_names=NAMES)
    known = [each for each in query.texts if is_searchable(_term(each))]
    positive = [each for each in known if not each.is_excluded]
    ids = _candidates(by, positive, None, ())[:_AT_ONCE] if positive else []
    return [found.row for found in _fitting(by, ids, query, known, most=most)]


def _term(wanted: WantedText) -> Term:
    return Term(wanted.plain, wanted.words, wanted.is_excluded)


def _candidates(
    by: Membership, positive: Sequence[WantedText], within: QuerySet[Case] | None, statuses: Collection[Status]
) -> list[int]:
    """Where the index has all the words, the newest first; what is to be left out is not asked of it."""
    terms = [_term(each) for each in positive]
    try:
        hits = finding.find(terms, scope_of(by, statuses), ranking=Ranking.NEWEST, size=LOOKED_AT, within=within)
    except finding.NothingToSearch:
        return []
    return [hit.object_id for hit in hits.items]


def _fitting(
    by: Membership, ids: Sequence[int], query: SearchQuery, known: Sequence[WantedText], *, most: int
) -> list[FoundCase]:
    """Those in whose marked texts the words stand: nine queries for 25 of them."""
    found: list[FoundCase] = []
    for start in range(0, len(ids), _AT_ONCE):
        portion = ids[start : start + _AT_ONCE]
        for row, texts in _marked(by, portion):
            if _fits(texts, known):
                found.append(_shown(row, texts, query))
            if len(found) == most:
                return found
    return found


def _marked(by: Membership, ids: Sequence[int]) -> Iterator[tuple[CaseRow, list[_Text]]]:
    """Each case's row and everything that is said in it, with marks; the subject and the numbers first."""
    rows = rows_of_cases(by.shop_id, ids)
    cases = Case.objects.filter(shop_id=by.shop_id, pk__in=ids).values_list("pk", "customer_id")
    words = words_of_cases(by.shop_id, cases)
    said = _said(by, ids)
    for pk in ids:
        if pk not in rows:
            continue
        eyes, row = Veil(words.get(pk, ())), rows[pk]
        hidden = row._replace(
            subject=eyes.over(row.subject),
            customer_name=MARKS[PersonalKind.NAME] if row.customer_name else "",
            last_line=eyes.over(row.last_line),
            tag_names=tuple(eyes.over(tag) for tag in row.tag_names),
        )
        facts = [hidden.subject, f"#{row.number}", row.order_label, *hidden.tag_names]
        texts = [_Text(text, is_note=False) for text in facts if text]
        yield hidden, texts + [_Text(eyes.over(masked(each.text)), each.is_note) for each in said[pk]]


def _said(by: Membership, ids: Sequence[int]) -> dict[int, list[_Text]]:
    """Messages, notes and order numbers, the newest first; names of files may be anybody's."""
    found: dict[int, list[_Text]] = defaultdict(list)
    messages = Message.objects.filter(case_id__in=ids).exclude(delivery=Delivery.TAKEN_BACK).order_by("-at", "-id")
    for pk, subject, text in messages.values_list("case_id", "subject", "text"):
        found[pk] += [_Text(text, is_note=False), _Text(subject, is_note=False)]
    if may(by, Permission.WRITE_NOTES):
        for pk, text in Note.objects.filter(case_id__in=ids).order_by("-at", "-id").values_list("case_id", "text"):
            found[pk].append(_Text(text, is_note=True))
    for pk, number in OrderLink.objects.filter(case_id__in=ids).values_list("case_id", "order__number"):
        found[pk].append(_Text(number, is_note=False))
    return found


def _fits(texts: Sequence[_Text], known: Sequence[WantedText]) -> bool:
    """Whether all that is wanted stands in the marked texts, and nothing that is not."""
    read = [search_text(each.text) for each in texts]
    words = frozenset().union(*(each.words for each in read))

    def stands(wanted: WantedText) -> bool:
        if any(wanted.plain in each.plain for each in read):
            return True
        return bool(wanted.words) and all(word in words for word in wanted.words)

    return all(stands(each) != each.is_excluded for each in known)


def _shown(row: CaseRow, texts: Sequence[_Text], query: SearchQuery) -> FoundCase:
    positive = [each for each in query.texts if not each.is_excluded]
    spelled = Wanted(tuple(each.plain for each in positive), frozenset(w for each in positive for w in each.words))
    subject = places(row.subject, spelled)
    for each in texts:
        if each.text != row.subject and (found := places(each.text, spelled)):
            return FoundCase(row, marked(row.subject, subject), passage(each.text, found), is_note=each.is_note)
    return FoundCase(row, marked(row.subject, subject), [], is_note=False)
