"""Reading of the cases room: lists, one case with all that belongs to it, counts, candidates for a thread."""

from anshin.cases.queries.case_page import (
    CasePage,
    case_by_number,
    case_page,
    page_after_reply,
    spam_mark_of,
)
from anshin.cases.queries.counts import view_counts
from anshin.cases.queries.explaining import Explained, Owed, explained
from anshin.cases.queries.exporting import ExportedCase, Numbers, case_count, exported_cases, path_of
from anshin.cases.queries.finished import FinishedCase, finished_case
from anshin.cases.queries.for_customers import OwnCase, cases_for_customer
from anshin.cases.queries.lists import (
    CaseRow,
    case_numbers,
    cases_in_view,
    cases_of_customer,
    cases_of_order,
    ids_of_numbers,
    rows_of_cases,
    subjects_of_numbers,
)
from anshin.cases.queries.messages import (
    attachment_of,
    bounce_report_of,
    draft_of,
    files_of_message,
    former_drafts_of,
    inline_pictures,
    message_of,
    own_words_since,
    sent_message_key,
    thread_keys,
)
from anshin.cases.queries.outcomes import Outcome, outcome_of
from anshin.cases.queries.searching import FoundCase, Results, quick_cases, search_cases
from anshin.cases.queries.senders import sender_addresses
from anshin.cases.queries.similar import SimilarCase, similar_cases
from anshin.cases.queries.subjects import (
    Subject,
    automatic_answers_since,
    case_by_id,
    case_counts,
    newest_subjects,
    open_loads,
    orders_of_cases,
    subject_of,
    thread_of,
)
from anshin.cases.queries.targets import (
    Level,
    ServiceLevels,
    aftercare_of,
    answer_due,
    service_levels,
    wants_follow_up,
)
from anshin.cases.queries.topics import learnings, model_for, own_topics, topic_codes
from anshin.cases.queries.waiting import count_to_approve, leaves_later, replies_to_approve

__all__ = [
    "CasePage",
    "CaseRow",
    "Explained",
    "ExportedCase",
    "FinishedCase",
    "FoundCase",
    "Level",
    "Numbers",
    "Outcome",
    "Owed",
    "OwnCase",
    "Results",
    "ServiceLevels",
    "SimilarCase",
    "Subject",
    "aftercare_of",
    "answer_due",
    "attachment_of",
    "automatic_answers_since",
    "bounce_report_of",
    "case_by_id",
    "case_by_number",
    "case_count",
    "case_counts",
    "case_numbers",
    "case_page",
    "cases_for_customer",
    "cases_in_view",
    "cases_of_customer",
    "cases_of_order",
    "count_to_approve",
    "draft_of",
    "explained",
    "exported_cases",
    "files_of_message",
    "finished_case",
    "former_drafts_of",
    "ids_of_numbers",
    "inline_pictures",
    "learnings",
    "leaves_later",
    "message_of",
    "model_for",
    "newest_subjects",
    "open_loads",
    "orders_of_cases",
    "outcome_of",
    "own_topics",
    "own_words_since",
    "page_after_reply",
    "path_of",
    "quick_cases",
    "replies_to_approve",
    "rows_of_cases",
    "search_cases",
    "sender_addresses",
    "sent_message_key",
    "service_levels",
    "similar_cases",
    "spam_mark_of",
    "subject_of",
    "subjects_of_numbers",
    "thread_keys",
    "thread_of",
    "topic_codes",
    "view_counts",
    "wants_follow_up",
    "writers_of",
]
