"""/metrics: who may read it, what it says of the installation, and that each process answers for itself."""

import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from django.core.mail.message import EmailMessage
from django.db import OperationalError
from django.test import Client, override_settings
from prometheus_client.parser import text_string_to_metric_families

from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Mailbox
from anshin.channels.email.ports import Sender, TransportFailed
from anshin.channels.email.sending.counted import Counted
from anshin.channels.email.terms import Source
from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.watching import counts
from anshin.project import metrics
from anshin.project.cli.worker import watching_trouble
from anshin.project.worker_door import open_door
from tests.plumbing.jobs import sample_tasks as samples
from tests.plumbing.jobs.conftest import clean_samples  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
TOKEN = "f3b1c8d7e6a5940213ff"


def figures(**more):
    """What Prometheus reads: (name, labels) → value."""
    answer = Client().get("/metrics", **more)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


@pytest.fixture
def mailbox(shop, now):
    return Mailbox.objects.create(shop=shop, address="support@komorebi.example", imap_host="x.example", created_at=now)


@pytest.mark.parametrize(
    ("peer", "header", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 404),
        ("203.0.113.9", {}, 404),
        ("", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 404),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, 404),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, 404),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 404),
    ],
)
def test_without_a_token_only_this_machine_may_read_and_not_through_a_proxy(peer, header, status):
    assert Client().get("/metrics", headers=header, REMOTE_ADDR=peer).status_code == status


@pytest.mark.parametrize(
    ("given", "status"), [(f"Bearer {TOKEN}", 200), ("", 404), ("Bearer ", 404), (f"Bearer {TOKEN}x", 404), ("é", 404)]
)
@override_settings(ANSHIN_METRICS_TOKEN=TOKEN)
def test_with_a_token_whoever_has_it_may_read_from_anywhere_and_nobody_else(given, status):
    headers = {"Authorization": given, "X-Forwarded-For": "203.0.113.9"}
    assert Client().get("/metrics", headers=headers, REMOTE_ADDR="10.0.0.7").status_code == status


def test_jobs_are_counted_by_task_and_what_is_planned_tells_nothing(now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)
    name = samples.note.module_path
    for minutes in (0, 3, 7):
        enqueue(samples.note, minutes, now=now - timedelta(minutes=minutes))
    enqueue(samples.note_first, 1, now=now, run_at=now + timedelta(hours=1))
    stuck = enqueue(samples.note, 9, now=now)
    Job.objects.filter(pk=stuck.pk).update(state="stuck", finished_at=now)
    read = figures()
    assert read["anshin_jobs_due", (("task", name),)] == 3
    assert read["anshin_jobs_stuck", (("task", name),)] == 1
    assert read["anshin_jobs_oldest_due_seconds", (("task", name),)] == 420
    assert not [key for key in read if key[0].startswith("anshin_jobs") and "note_first" in str(key)]


def test_mailboxes_are_told_by_number_with_the_age_of_the_last_look(mailbox, now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)
    Mailbox.objects.update(last_checked_at=now - timedelta(seconds=90), failing_since_at=now)
    read = figures()
    number = (("mailbox", str(mailbox.pk)),)
    assert (read["anshin_mailbox_look_age_seconds", number], read["anshin_mailbox_failing", number]) == (90, 1)
    assert "komorebi" not in str(read)


def test_the_database_and_open_pages_are_told():
    read = figures()
    assert read["anshin_database_up", ()] == 1
    assert read["anshin_database_bytes", ()] >= 0
    assert read["anshin_live_listeners", ()] == 0


def test_what_the_process_counted_is_told_while_the_database_is_away(monkeypatch):
    def away(**_when):
        raise OperationalError("gone")

    monkeypatch.setattr(metrics, "by_task", away)
    read = figures()
    assert read["anshin_database_up", ()] == 0
    assert any(name == "anshin_requests_total" for name, _labels in read)


def test_a_mail_is_counted_once_when_it_is_stored(mailbox, now):
    def stored():
        return counts.REGISTRY.get_sample_value("anshin_mails_in_total", {"source": "import"}) or 0

    before = stored()
    raw = EmailMessage("Hello", "Text", "a@mail.example", ["support@komorebi.example"]).message().as_bytes()
    for _twice in range(2):
        store(mailbox=mailbox, raw=raw, source=Source.IMPORT, now=now)
    run_due_jobs(now)
    assert stored() == before + 1


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (None, "sent"),
        (TransportFailed("x"), "later"),
        (TransportFailed("x", permanent=True), "refused"),
        (TransportFailed("x", unsure=True), "unsure"),
    ],
)
def test_a_mail_that_leaves_is_counted_by_its_servers_answer(failure, outcome):
    class Server:
        def send(self, *_mail, handing_over):
            if failure:
                raise failure
            return "250 OK"

    def counted():
        return counts.REGISTRY.get_sample_value("anshin_mails_out_total", {"outcome": outcome}) or 0

    before, sender = counted(), Sender(1, "a@b.example", None)
    with Counted(Server()).conversation(sender) as way:
        if failure:
            with pytest.raises(TransportFailed):
                way.send(sender, ["c@d.example"], b"", handing_over=lambda: None)
        else:
            assert way.send(sender, ["c@d.example"], b"", handing_over=lambda: None) == "250 OK"
    assert counted() == before + 1


def asked(port, path, **headers):
    question = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(question, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, ""


def test_a_workers_door_answers_probes_and_figures(monkeypatch):
    from bench.desk import free_port

    port, state = free_port(), {"well": True}
    close = open_door(f"127.0.0.1:{port}", is_well=lambda: state["well"])
    try:
        assert asked(port, "/health/live")[0] == 200
        assert "anshin_job_runs_total" in asked(port, "/metrics")[1]
        assert asked(port, "/metrics", **{"X-Forwarded-For": "203.0.113.9"})[0] == 404
        assert asked(port, "/s/komorebi")[0] == 404
        state["well"] = False
        assert asked(port, "/health/live")[0] == 503
        with pytest.raises(OSError, match="in use"):
            open_door(f"127.0.0.1:{port}", is_well=lambda: True)
    finally:
        close()


@pytest.mark.parametrize("where", ["9464", "localhost:", ":9464", "localhost:x"])
def test_an_address_without_host_or_port_is_refused(where):
    with pytest.raises(ValueError, match=r".*"):
        open_door(where, is_well=lambda: True)


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("ANSHIN_LOG", "json", ""),
        ("ANSHIN_LOG", "xml", "may be lines or json"),
        ("ANSHIN_METRICS_TOKEN", TOKEN, ""),
        ("ANSHIN_METRICS_TOKEN", "short", "can be guessed"),
    ],
)
def test_a_wrong_setting_is_a_sentence(settings, setting, value, words):
    setattr(settings, setting, value)
    assert (words in watching_trouble(), bool(watching_trouble())) == (True, bool(words))
