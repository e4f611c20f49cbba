"""The page "received = shown": a tick where the two are equal, else what is missing and what to do; who may see it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from anshin.channels.email import queries
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Arrival, Comparison, MailDay
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.sheets import comparisons, days
from anshin.channels.email.terms import ComparisonState, Fate, Source
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from tests.channels.email.outside.letters import mail

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch, now):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)


@pytest.fixture
def desk(client):
    def signed_in(member):
        client.force_login(member.person, backend="anshin.staff.sign_in.StaffBackend")
        client.cookies["anshin_language"] = "en"
        return client

    return signed_in


def url(name, *args):
    return reverse(f"email:{name}", args=["komorebi", *args])


def arrived(mailbox, number, at, **changes):
    stored = store(
        mailbox=mailbox, raw=mail(f"{number}", message_id=f"<{number}@example.jp>"), source=Source.OUTSIDE, now=at
    )
    take_in(stored.arrival.pk, now=at)
    if changes:
        Arrival.objects.filter(pk=stored.arrival.pk).update(**changes)
    return stored.arrival


def day(mailbox, on, **changes):
    return MailDay.objects.create(shop=mailbox.shop, mailbox=mailbox, on=on, compared_at=mailbox.created_at, **changes)


def test_a_line_puts_every_mail_of_the_day_into_exactly_one_place(shop, mailbox, now):
    arrived(mailbox, 1, now)
    arrived(mailbox, 2, now, fate=Fate.DUPLICATE)
    arrived(mailbox, 3, now, fate=Fate.BOUNCE)
    arrived(mailbox, 4, now, fate=Fate.QUARANTINED)
    arrived(mailbox, 5, now, fate=Fate.WAITING, message=None)
    arrived(mailbox, 6, now - timedelta(minutes=6), fate=Fate.STORED)
    arrived(mailbox, 7, now, fate=Fate.STORED)
    day(mailbox, TODAY, server_count=9, missing_count=2, first_missing_uid=41)

    line = days.line_of(shop, mailbox, TODAY, now=now)

    assert (line.received_count, line.shown_count) == (9, 2)
    assert line.elsewhere == ((Fate.DUPLICATE, 1), (Fate.BOUNCE, 1), (Fate.WAITING, 1))
    assert (line.waiting_count, line.unread_count, line.late_count) == (2, 2, 1)
    assert (line.missing_count, line.first_missing_uid, line.is_equal) == (2, 41, False)


@pytest.mark.parametrize("fate", list(Fate))
def test_no_fate_is_left_out_of_a_line(shop, mailbox, now, fate):
    arrived(mailbox, 1, now, fate=fate)
    assert days.line_of(shop, mailbox, TODAY, now=now).received_count == 1


def test_the_day_is_that_on_which_the_server_received_the_mail(shop, mailbox, now):
    arrived(mailbox, 1, now, server_date_at=now - timedelta(days=2))

    assert [line.on for line in days.sheet_page(shop, mailbox, now=now).items] == [date(2026, 11, 20)]
    assert queries.arrivals_on(shop, mailbox, date(2026, 11, 20)).count() == 1
    assert queries.arrivals_on(shop, mailbox, TODAY).count() == 0


def test_today_has_its_line_before_anything_was_compared(shop, mailbox, now):
    arrived(mailbox, 1, now)
    (line,) = days.sheet_page(shop, mailbox, now=now).items
    assert (line.on, line.compared_at, line.received_count, line.is_equal) == (TODAY, None, 1, True)


def test_a_day_whose_lines_were_erased_shows_what_was_counted(shop, mailbox, now):
    day(mailbox, TODAY, server_count=3, ledger_count=3, fates={"taken_in": 2, "loop": 1})
    line = days.line_of(shop, mailbox, TODAY, now=now)
    assert (line.received_count, line.shown_count, line.elsewhere) == (3, 2, ((Fate.LOOP, 1),))


def test_the_sheet_goes_on_over_pages_without_losing_a_day(shop, mailbox, now):
    for back in range(70):
        day(mailbox, TODAY - timedelta(days=back), fates={"taken_in": 1})

    seen, cursor = [], ""
    while True:
        page = days.sheet_page(shop, mailbox, now=now, cursor=cursor)
        seen += [line.on for line in page.items]
        if not page.next:
            break
        cursor = page.next

    assert seen == [TODAY - timedelta(days=back) for back in range(70)]
    assert len(days.sheet_page(shop, mailbox, now=now, cursor=page.previous).items) == days.DAYS_A_PAGE


def test_another_mailbox_and_another_shop_do_not_count(shop, other_shop, mailbox, now):
    foreign = type(mailbox).objects.create(shop=other_shop, address="a@tanuki.example", created_at=now)
    beside = type(mailbox).objects.create(shop=shop, address="b@komorebi.example", created_at=now)
    arrived(foreign, 1, now)
    arrived(beside, 2, now)
    assert days.sheet_page(shop, mailbox, now=now).items == []


def test_a_page_costs_the_same_for_many_days(desk, agent, mailbox, now, django_assert_num_queries):
    for back in range(20):
        arrived(mailbox, back, now - timedelta(days=back))
        day(mailbox, TODAY - timedelta(days=back), fates={"taken_in": 1})
    client = desk(agent)
    client.get(url("sheet", mailbox.pk))  # the rail's counts are kept for a while
    # session, person, membership, mailbox, days, counts, mailboxes, comparison, alerts, rail
    with django_assert_num_queries(10):
        page = client.get(url("sheet", mailbox.pk))
    assert page.content.decode().count("<tr>") == 21


def test_equal_days_have_a_tick_and_the_page_says_so(desk, agent, mailbox, now):
    arrived(mailbox, 1, now)
    day(mailbox, TODAY, server_count=1, fates={"taken_in": 1})

    page = desk(agent).get(url("sheet", mailbox.pk)).content.decode()

    assert "Every mail received on these days is shown or has its explained place." in page
    assert "Equal" in page
    assert "Differs" not in page


def test_a_day_that_differs_says_what_is_missing_and_what_to_do(desk, manager, mailbox):
    type(mailbox).objects.update(imap_host="imap.example")
    day(mailbox, TODAY, server_count=2, missing_count=2, first_missing_uid=4711)

    page = desk(manager).get(url("sheet", mailbox.pk)).content.decode()

    assert "Differs" in page
    assert "2 mails are missing here (the first is number 4711 on the server)." in page
    assert "Compare now to bring them in; until then, answer them there." in page


def test_what_waits_for_a_person_is_one_click_away(desk, agent, mailbox, now):
    arrived(mailbox, 1, now, fate=Fate.QUARANTINED)
    page = desk(agent).get(url("sheet", mailbox.pk)).content.decode()
    assert f'href="{url("waiting")}"' in page
    assert "1 waits for a person" in page


def test_days_are_dates_also_on_paper_and_have_a_year_when_it_is_another(desk, agent, mailbox):
    day(mailbox, TODAY, fates={"taken_in": 1})
    day(mailbox, date(2025, 12, 31), fates={"taken_in": 1})
    page = desk(agent).get(url("sheet", mailbox.pk)).content.decode()
    assert ">Sun 22 Nov</a>" in page
    assert ">Wed 31 Dec 2025</a>" in page


def test_an_empty_sheet_says_what_will_stand_there(desk, agent, mailbox):
    page = desk(agent).get(url("sheet", mailbox.pk)).content.decode()
    assert "Each day on which mail arrives gets a line here." in page


def test_without_a_mailbox_only_whoever_may_set_one_up_is_led_there(desk, agent, owner, shop):
    assert url("mailbox_new") not in desk(agent).get(url("sheets")).content.decode()
    assert url("mailbox_new") in desk(owner).get(url("sheets")).content.decode()


def test_the_entry_of_the_rail_leads_to_the_first_mailbox(desk, manager, mailbox):
    client = desk(manager)
    assert url("sheets") in client.get("/s/komorebi/inbox/all").content.decode()
    assert client.get(url("sheets")).url == url("sheet", mailbox.pk)


def test_a_manager_has_it_compared_now_and_that_is_written_down(desk, manager, mailbox, now):
    answer = desk(manager).post(url("compare", mailbox.pk))

    assert answer.url == url("sheet", mailbox.pk)
    assert Job.objects.get().task == comparisons.COMPARE
    assert Comparison.objects.get().state == ComparisonState.WAITING
    entry = JournalEntry.objects.get(event="email.comparison_asked")
    assert (entry.payload, entry.actor_id) == ({"mailbox_id": mailbox.pk}, manager.pk)


def test_an_agent_sees_the_sheet_but_cannot_have_it_compared(desk, agent, mailbox):
    client = desk(agent)
    assert "Compare now" not in client.get(url("sheet", mailbox.pk)).content.decode()
    assert client.post(url("compare", mailbox.pk)).status_code == 403
    assert not Job.objects.exists()
    assert not Comparison.objects.exists()


def test_another_shops_mailbox_is_not_found(desk, owner, other_shop, now):
    from anshin.channels.email.models import Mailbox

    foreign = Mailbox.objects.create(shop=other_shop, address="a@tanuki.example", created_at=now)
    client = desk(owner)
    assert client.get(url("sheet", foreign.pk)).status_code == 404
    assert client.get(url("comparison", foreign.pk)).status_code == 404
    assert client.post(url("compare", foreign.pk)).status_code == 404
    assert not Job.objects.exists()


def test_progress_is_told_until_the_end_and_then_the_page_is_drawn_anew(desk, agent, mailbox, now):
    running = Comparison.objects.create(
        shop=mailbox.shop, mailbox=mailbox, asked_at=now, state="running", done_count=1500, total_count=100_000
    )
    client = desk(agent)

    first = client.get(url("comparison", mailbox.pk))
    running.state, running.finished_at = ComparisonState.DONE, now
    running.save()
    last = client.get(url("comparison", mailbox.pk))

    assert "1,500 of 100,000 mails compared" in first.content.decode()
    assert "HX-Refresh" not in first.headers
    assert last.headers["HX-Refresh"] == "true"


def test_why_it_could_not_be_compared_is_said_in_words(desk, agent, mailbox, now):
    Comparison.objects.create(
        shop=mailbox.shop, mailbox=mailbox, asked_at=now, finished_at=now, state="failed", trouble_code="busy"
    )
    page = desk(agent).get(url("sheet", mailbox.pk)).content.decode()
    assert "The mailbox could not be compared.</b> The server is busy or under maintenance." in page


def test_a_cursor_of_nowhere_is_not_found(desk, agent, mailbox):
    assert desk(agent).get(url("sheet", mailbox.pk), {"page": "xx"}).status_code == 404
