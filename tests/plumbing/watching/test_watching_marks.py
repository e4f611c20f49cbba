"""One mark goes from a request through its jobs; requests are counted by the names of their routes."""

import time

import pytest
from django.test import Client, override_settings

from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.watching import counts, marks
from tests.plumbing.jobs import sample_tasks as samples
from tests.plumbing.jobs.conftest import clean_samples  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
GIVEN = "0af7651916cd43dd8448eb211c80319c"


def asked(route, method="GET", status="200"):
    labels = {"route": route, "method": method, "status": status}
    return counts.REGISTRY.get_sample_value("anshin_requests_total", labels) or 0


def test_an_answer_names_its_mark_and_each_request_has_its_own():
    marks_seen = {Client().get("/health/live")["X-Request-ID"] for _ in range(3)}
    assert len(marks_seen) == 3
    assert all(len(mark) == 16 for mark in marks_seen)


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, GIVEN, True),
        (0, GIVEN, False),
        (1, "柏木 由紀子", False),
        (1, "a@mail.example", False),
        (1, "x" * 65, False),
    ],
)
def test_a_proxys_mark_is_taken_when_one_is_declared_and_it_is_plain(proxies, given, is_taken):
    with override_settings(ANSHIN_PROXIES=proxies):
        answer = Client().get("/health/live", headers={"X-Request-ID": given.encode().decode("latin-1")})
    assert (answer["X-Request-ID"] == given) == is_taken


def test_a_job_and_what_it_enqueues_carry_the_mark_of_the_request(now):
    mark = marks.begin()
    enqueue(samples.enqueue_marked, now=now)
    marks.end()
    run_due_jobs(now)
    assert samples.calls == [("mark", mark)]
    assert set(Job.objects.values_list("mark", flat=True)) == {mark}
    assert marks.current() == ""
    assert marks.current_job() is None


def test_a_job_of_the_clock_is_its_own_beginning(now):
    job = enqueue(samples.write_down_mark, now=now)
    run_due_jobs(now)
    assert (job.mark, samples.calls) == ("", [("mark", f"job-{job.pk}")])


def test_requests_are_counted_by_route_and_never_by_address(agent, client):
    before, nowhere = asked("staff:inbox"), asked("none", status="404")
    client.force_login(agent.person)
    client.get("/s/komorebi/inbox/open?q=柏木")
    client.get("/nothing/柏木")
    assert asked("staff:inbox") == before + 1
    assert asked("none", status="404") == nowhere + 1
    text = " ".join(sample.labels.get("route", "") for family in counts.REGISTRY.collect() for sample in family.samples)
    assert "komorebi" not in text
    assert "柏木" not in text


def test_methods_that_somebody_invents_are_counted_as_one():
    before = asked("health_live", method="other")
    Client().generic("INVENTED", "/health/live")
    assert asked("health_live", method="other") == before + 1


def test_cpu_time_is_counted_by_route_and_task_and_waiting_is_not(agent, client, now, monkeypatch):
    def told(name, **labels):
        return counts.REGISTRY.get_sample_value(name, labels) or 0

    page, job = {"route": "staff:inbox"}, {"task": f"{samples.__name__}.write_down_mark"}
    of_page, of_job = told("anshin_request_cpu_seconds_total", **page), told("anshin_job_cpu_seconds_total", **job)
    waited = told("anshin_job_seconds_sum", **job)
    monkeypatch.setattr(marks, "current", lambda: time.sleep(1) or "")
    client.force_login(agent.person)
    client.get("/s/komorebi/inbox/open")
    enqueue(samples.write_down_mark, now=now)
    run_due_jobs(now)
    assert told("anshin_request_cpu_seconds_total", **page) > of_page
    assert told("anshin_job_seconds_sum", **job) >= waited + 1
    assert of_job < told("anshin_job_cpu_seconds_total", **job) < of_job + 1


def test_runs_are_counted_by_task_and_how_they_ended(now):
    def runs(outcome):
        labels = {"task": f"{samples.__name__}.write_down_mark", "outcome": outcome}
        return counts.REGISTRY.get_sample_value("anshin_job_runs_total", labels) or 0

    before = runs("done")
    enqueue(samples.write_down_mark, now=now)
    run_due_jobs(now)
    assert runs("done") == before + 1
