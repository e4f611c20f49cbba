"""Background work as the owner sees it and gets it going."""

from datetime import timedelta

import pytest
from django.urls import reverse

from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.jobs.registry import all_tasks
from anshin.plumbing.journal.models import ReactionCursor
from anshin.plumbing.journal.reactions import known_reactions
from anshin.shops.ports import LetterNotSent
from anshin.staff import job_words
from tests.staff.everything import load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


@pytest.fixture
def broken(letters, now):
    """A function that makes one stuck job of a member's shop."""

    def make(member):
        letters.refusals.append(LetterNotSent("550 no such user", permanent=True))
        job = enqueue(
            "anshin.shops.jobs.send_invitation",
            membership_id=member.pk,
            inviter="安住 千里",
            link="https://desk.example/",
            shop_id=member.shop_id,
            now=now,
        )
        run_due_jobs(now=now, raise_stuck=False)
        return job

    return make


def page(client, shop="komorebi", **query):
    return client.get(reverse("staff:jobs", args=[shop]), query)


def post(client, name, *args, **values):
    return client.post(reverse(f"staff:{name}", args=["komorebi", *args]), values)


def state(job):
    job.refresh_from_db()
    return job.state


def test_every_task_and_reaction_has_its_words():
    load("jobs")
    load("reactions")
    paths = {task.module_path for task in all_tasks() if task.module_path.startswith("anshin.")}
    assert paths - set(job_words.TASKS) == set()
    names = {each.name for each in known_reactions() if each.function.__module__.startswith("anshin.")}
    assert names - set(job_words.REACTIONS) == set()


def test_stuck_work_stands_first_with_its_reason(signed_in, owner, broken):
    broken(owner)
    answer = page(signed_in(owner))
    html = answer.content.decode()
    assert [row["what"] for row in answer.context["rows"]] == ["招待メールを送る"]
    assert "550 no such user" in html
    assert "https://desk.example/" not in html


def test_nothing_stuck_is_said_in_words(signed_in, owner):
    assert "止まっている処理はありません" in page(signed_in(owner)).content.decode()


def test_one_click_runs_a_stuck_job_again(signed_in, owner, broken, letters, now):
    job = broken(owner)
    answer = post(signed_in(owner), "job_retry", job.pk, state="stuck")
    assert answer.url == reverse("staff:jobs", args=["komorebi"]) + "?state=stuck"
    assert state(job) == "waiting"
    run_due_jobs(now=now)
    assert (state(job), len(letters.left)) == ("done", 1)


def test_one_click_gives_a_stuck_job_up(signed_in, owner, broken):
    job = broken(owner)
    post(signed_in(owner), "job_drop", job.pk)
    assert state(job) == "dropped"


def test_a_second_click_changes_nothing_and_says_so(signed_in, owner, broken):
    job = broken(owner)
    client = signed_in(owner)
    post(client, "job_drop", job.pk)
    answer = client.post(reverse("staff:job_retry", args=["komorebi", job.pk]), follow=True)
    assert "何も変えていません" in answer.content.decode()
    assert state(job) == "dropped"


def test_all_stuck_jobs_of_the_shop_run_again(signed_in, owner, stranger, broken):
    mine, also_mine, other = broken(owner), broken(owner), broken(stranger)
    post(signed_in(owner), "jobs_retry_all")
    assert [state(job) for job in (mine, also_mine, other)] == ["waiting", "waiting", "stuck"]


def test_another_shops_jobs_are_neither_seen_nor_touched(signed_in, owner, stranger, broken):
    job = broken(stranger)
    client = signed_in(owner)
    assert page(client).context["rows"] == []
    post(client, "job_retry", job.pk)
    post(client, "job_drop", job.pk)
    assert state(job) == "stuck"


def test_work_of_the_whole_installation_is_not_a_shops_business(signed_in, owner, now):
    enqueue("anshin.plumbing.jobs.jobs.prune", now=now)
    assert page(signed_in(owner), state="waiting").context["rows"] == []


def test_work_that_waits_for_a_later_try_can_run_now(signed_in, owner, now):
    job = enqueue("anshin.plumbing.live.jobs.prune", now=now, run_at=now + timedelta(hours=1), shop_id=owner.shop_id)
    [row] = page(signed_in(owner), state="waiting").context["rows"]
    assert (row["can_retry"], row["at"]) == (True, now + timedelta(hours=1))
    post(signed_in(owner), "job_retry", job.pk)
    job.refresh_from_db()
    assert job.run_at == now


def test_a_reaction_that_holds_is_shown_and_tried_again(signed_in, owner, stranger, now):
    values = {"last_entry_id": 1, "tries": 6, "stuck_at": now, "stuck_words": "ValueError: broken"}
    mine = ReactionCursor.objects.create(reaction="cases.example", shop_id=owner.shop_id, **values)
    other = ReactionCursor.objects.create(reaction="cases.example", shop_id=stranger.shop_id, **values)
    client = signed_in(owner)
    assert "ValueError: broken" in page(client).content.decode()
    post(client, "reaction_retry", reaction="cases.example")
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.tries, mine.stuck_at, other.tries) == (0, None, 6)
    assert Job.objects.filter(task="anshin.plumbing.journal.jobs.react", shop_id=owner.shop_id).count() == 1


def test_the_list_goes_on_where_the_page_before_ended(signed_in, owner, now):
    for _number in range(51):
        enqueue("anshin.plumbing.live.jobs.prune", now=now, shop_id=owner.shop_id)
    client = signed_in(owner)
    first = page(client, state="waiting")
    second = page(client, state="waiting", after=first.context["after"])
    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 1)


def test_an_unknown_state_is_not_found(signed_in, owner):
    assert page(signed_in(owner), state="asleep").status_code == 404


@pytest.mark.parametrize("role", ["manager", "agent", "warehouse"])
def test_only_the_owner_sees_or_changes_background_work(request, signed_in, owner, broken, role):
    job = broken(owner)
    client = signed_in(request.getfixturevalue(role))
    assert page(client).status_code == 403
    assert post(client, "job_drop", job.pk).status_code == 403
    assert post(client, "jobs_retry_all").status_code == 403
    assert state(job) == "stuck"


def test_a_page_costs_the_same_for_many_jobs(signed_in, owner, now, django_assert_num_queries):
    for _number in range(20):
        enqueue("anshin.plumbing.live.jobs.prune", now=now, shop_id=owner.shop_id)
    client = signed_in(owner)
    page(client, state="waiting")  # the rail's counts are kept for a while
    with django_assert_num_queries(8):  # session, person with shops, list, counts, reactions, rail twice, notices
        page(client, state="waiting")


def test_after_a_restore_the_owner_sees_what_waits_and_says_go_on(signed_in, owner, manager, now, later):
    from anshin.plumbing.jobs import holding
    from anshin.plumbing.jobs.actions import hold_after_restore

    hold_after_restore(["mail_out"], shop_ids=[owner.shop_id], backup_at=now, now=now)
    with holding.begun_by_clock():
        held = enqueue("anshin.cases.jobs.deliver", 1, now=now, shop_id=owner.shop_id)
    client = signed_in(owner)
    assert "バックアップを元に戻しました" in client.get("/s/komorebi/orders").content.decode()
    seen = page(client).content.decode()
    assert "待っているものを行って、再開する" in seen
    assert "返信を送る" in seen
    refused = post(signed_in(manager), "jobs_go_on")
    assert (refused.status_code, state(held)) == (403, "stuck")
    assert "バックアップを元に戻しました" not in signed_in(manager).get("/s/komorebi/orders").content.decode()
    client = signed_in(owner)
    assert post(client, "jobs_go_on_without").status_code == 302
    assert state(held) == "dropped"
    assert "再開する" not in page(client).content.decode()
