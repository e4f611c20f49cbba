"""How service levels were kept, on the page, in the file and case by case; and who sees it."""

import csv
import io
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anshin.cases import actions
from anshin.cases.models import Case
from anshin.cases.queries import ANSWER, RESOLUTION, Span, missed_cases, service_figures
from anshin.cases.terms import Resolution
from tests.cases.writing import arrive
from tests.conftest import NOW, member

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "/s/komorebi/figures"
SPAN = Span(since=NOW - 10 * DAY, until=NOW + DAY)


def text(answer):
    return answer.content.decode()


def answered(shop, minutes, *, met=True, at=NOW, **more):
    """A case whose first answer was given at that moment, after so many minutes of opening time."""
    answered.count += 1
    case = arrive(shop, f"{answered.count}@figures", at=at - DAY, subject=f"件名{answered.count}").case
    values = {"first_answered_at": at, "first_answer_minutes": minutes, "first_target_minutes": 480}
    Case.objects.filter(pk=case.pk).update(
        **values | {"counting_since_at": None, "answer_due_at": None, "status": "waiting", "first_is_met": met} | more
    )
    return Case.objects.get(pk=case.pk)


answered.count = 0


def figures(shop, span=SPAN, *, by="topic", now=NOW):
    from zoneinfo import ZoneInfo

    return service_figures(shop, span, by=by, zone=ZoneInfo("Asia/Tokyo"), now=now)


def test_share_median_and_ninth_tenth_are_by_nearest_rank(shop):
    for minutes in range(10, 110, 10):
        answered(shop, minutes, met=minutes <= 70)
    figure = figures(shop).overall.answer
    assert (figure.met, figure.missed, figure.percent) == (7, 3, 70)
    assert (figure.median, figure.ninth) == (50, 90)


def test_one_miss_among_many_is_never_rounded_away(shop):
    for number in range(250):
        answered(shop, 10, met=number > 0)
    assert figures(shop).overall.answer.percent == 99


def test_what_is_still_owed_and_late_counts_as_missed_but_has_no_time(shop, still_owed):
    answered(shop, 30)
    figure = figures(shop).overall.answer
    assert (figure.met, figure.missed, figure.late_open, figure.median) == (1, 1, 1, 30)
    assert figures(shop, now=still_owed.answer_due_at).overall.answer.missed == 0  # on the minute it is in time


@pytest.fixture
def still_owed(shop):
    return arrive(shop, "owed@figures", at=NOW - 4 * DAY, subject="まだ返していない").case


def test_spam_merged_and_waiting_cases_are_not_counted(shop, agent, still_owed):
    answered(shop, 10, status="spam")
    kept = answered(shop, 10)
    answered(shop, 10, merged_into=kept)
    Case.objects.filter(pk=still_owed.pk).update(paused_at=NOW - 3 * DAY)  # we wait for the customer
    assert figures(shop).overall.answer == figures(shop).groups["-"].answer
    assert (figures(shop).overall.answer.total, figures(shop).overall.answer.late_open) == (1, 0)


def test_a_resolution_counts_on_the_day_the_case_was_closed(shop, agent):
    case = arrive(shop, "a@figures", at=NOW - 2 * HOUR).case
    actions.close(by=agent, case_id=case.pk, resolution=Resolution.REPLACED, now=NOW)
    assert figures(shop).overall.resolution.met == 1
    assert figures(shop).overall.resolution.median is None  # its clock has not been counted yet
    actions.count_stopped_clocks(now=NOW + HOUR)
    assert figures(shop).overall.resolution.median == 120
    before = Span(since=NOW - 10 * DAY, until=NOW)
    assert figures(shop, before).overall.resolution.total == 0


def test_groups_come_by_topic_channel_and_priority_and_add_up(shop):
    answered(shop, 10, topic="item.defect", is_urgent=True)
    answered(shop, 20, topic="item.defect", met=False)
    answered(shop, 30, channel="phone")
    assert {code: pair.answer.total for code, pair in figures(shop).groups.items()} == {"item.defect": 2, "-": 1}
    by_channel = figures(shop, by="channel").groups
    assert {code: pair.answer.met for code, pair in by_channel.items()} == {"email": 1, "phone": 1}
    by_priority = figures(shop, by="priority").groups
    assert {code: pair.answer.missed for code, pair in by_priority.items()} == {"normal": 1, "urgent": 0}
    narrow = Span(since=SPAN.since, until=SPAN.until, topic="item.defect", priority="urgent")
    assert figures(shop, narrow).overall.answer.total == 1


@pytest.mark.parametrize(("days", "steps", "longest"), [(7, 7, 1), (60, 9, 7), (365, 13, 31)])
def test_the_trend_goes_by_days_weeks_or_months_without_a_gap(shop, days, steps, longest):
    answered(shop, 10)
    span = Span(since=NOW.replace(hour=15) - days * DAY, until=NOW.replace(hour=15))  # midnights in Tokyo
    trend = figures(shop, span).trend
    assert abs(len(trend) - steps) <= 1
    assert all(before.last + DAY == after.first for before, after in pairwise(trend))
    assert max((each.last - each.first).days + 1 for each in trend) <= longest
    assert sum((each.last - each.first).days + 1 for each in trend) == days
    assert sum(each.pair.answer.total for each in trend) == 1


def test_the_missed_are_listed_and_paged_by_key(shop, still_owed):
    late = [answered(shop, 900, met=False) for _ in range(60)]
    answered(shop, 5)
    seen, cursor = [], ""
    while True:
        page = missed_cases(shop, SPAN, what=ANSWER, now=NOW, cursor=cursor)
        seen += [case.pk for case in page.items]
        cursor = page.next
        if not cursor:
            break
    assert seen == sorted([still_owed.pk, *(case.pk for case in late)], reverse=True)
    assert len(seen) == figures(shop).overall.answer.missed
    assert not missed_cases(shop, SPAN, what=RESOLUTION, now=NOW).items


def test_the_page_shows_shares_times_and_a_chart_with_its_numbers(signed_in, manager, shop, still, still_owed):
    answered(shop, 42, topic="item.defect")
    page = text(signed_in(manager).get(URL))
    assert "対応時間の実績" in page and "50<small>%" in page and "42分" in page
    assert '<svg class="trend"' in page and 'role="img"' in page and "数字で見る" in page
    assert "うち未対応 1件" in page and "不良品・故障" in page


def test_the_way_to_the_cases_that_missed(signed_in, manager, shop, still, still_owed):
    client = signed_in(manager)
    late = answered(shop, 900, met=False, topic="item.defect", first_target_minutes=480)
    page = client.get(f"{URL}/missed?what=answer&since=2026-11-01&until=2026-11-20")
    shown = text(page)
    assert f"#{late.number} {late.subject}" in shown and "15時間" in shown and "8時間" in shown
    assert "まだ返していない" in shown and "未対応" in shown
    only = text(client.get(f"{URL}/missed?what=answer&topic=item.defect"))
    assert late.subject in only and "まだ返していない" not in only


def test_the_file_holds_the_same_figures(signed_in, manager, shop, still):
    answered(shop, 42, topic="item.defect")
    answer = signed_in(manager).get(f"{URL}.csv?since=2026-11-14&until=2026-11-20")
    assert answer["Content-Type"].startswith("text/csv") and "20261114-20261120" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(text(answer).removeprefix("\ufeff"))))
    assert text(answer).startswith("\ufeff")
    assert rows[1][:10] == ["すべての案件", "", "2026-11-14", "2026-11-20", "1", "0", "0", "100", "42", "42"]
    assert len(rows) == 1 + 1 + 1 + 7
    assert all(len(row) == len(rows[0]) for row in rows)
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2026-11-20&until=2026-11-01", "終わりの日が始まりの日より前です"),
        ("since=2020-01-01&until=2026-11-01", "期間は2年以内"),
        ("since=soon", "id_since"),
        ("topic=item.nothing", "id_topic"),
    ],
)
def test_what_cannot_be_shown_is_said_beside_the_field(signed_in, manager, still, query, words):
    client = signed_in(manager)
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 422 and words in text(answer)
    assert client.get(f"{URL}.csv?{query}").status_code == 404
    assert client.get(f"{URL}/missed?{query}").status_code == 404


@pytest.mark.parametrize("path", ["?by=owner", "/missed?what=joy", "/missed?page=broken"])
def test_made_up_addresses(signed_in, manager, still, path):
    assert signed_in(manager).get(URL + path).status_code == 404


@pytest.mark.parametrize("role", ["agent", "warehouse"])
def test_clerks_do_not_see_it(signed_in, shop, still, role):
    client = signed_in(member(shop, role, "x@komorebi.example", "x"))
    assert [client.get(f"{URL}{path}").status_code for path in ("", ".csv", "/missed")] == [403, 403, 403]
    assert URL not in text(client.get(reverse("staff:inbox", args=["komorebi", "all"])))


def test_another_shops_owner_sees_only_their_own(signed_in, shop, other_shop, still, still_owed):
    answered(shop, 42)
    client = signed_in(member(other_shop, "owner", "o@shiosai.example", "o"))
    assert [client.get(f"{URL}{path}").status_code for path in ("", ".csv", "/missed")] == [404, 404, 404]
    theirs = text(client.get("/s/shiosai/figures")) + text(client.get("/s/shiosai/figures/missed"))
    assert "42分" not in theirs and "まだ返していない" not in theirs and "この条件の実績はありません" in theirs


def test_queries_do_not_grow(signed_in, manager, shop, still):
    client = signed_in(manager)
    answered(shop, 10, met=False)
    counts = []
    for _ in range(2):
        for path in ("", ".csv", "/missed?what=answer"):
            client.get(URL + path)
            with CaptureQueriesContext(connection) as seen:
                client.get(URL + path)
            counts.append(len(seen))
        for number in range(40):
            answered(shop, 10, met=bool(number % 2), topic="item.defect" if number % 3 else "other")
    assert counts[:3] == counts[3:] and max(counts) <= 12
