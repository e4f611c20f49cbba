"""A manager brings an order file, sees what it holds, starts it, and gets back what was refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from anshin.commerce.models import Order, OrderImport
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from tests.connectors.csv_files import samples

pytestmark = pytest.mark.django_db
UNKNOWN = "受注番号,受注日時,氏名,e-mail,謎\r\nA-1,2026/11/16 9:05,髙橋,a@example.jp,x\r\n"


def bring(client: Client, content: bytes, name: str = "注文.csv"):
    return client.post(reverse("staff:imports", args=["komorebi"]), {"file": SimpleUploadedFile(name, content)})


@pytest.fixture
def desk(client, manager):
    client.force_login(manager.person)
    return client


def test_a_known_file_is_shown_before_it_starts(desk):
    answer = bring(desk, samples.rakuten({}))
    run = OrderImport.objects.get()
    assert answer.url == reverse("staff:import", args=["komorebi", run.pk])
    page = desk.get(answer.url).content.decode()
    assert "木の椅子①" in page
    assert "注文.csv" in page
    assert reverse("staff:import_start", args=["komorebi", run.pk]) in page
    assert not Order.objects.exists()


def test_it_is_started_watched_and_done(desk, now):
    bring(desk, samples.rakuten({}, {"注文番号": "A-2", "個数": "たくさん"}))
    run = OrderImport.objects.get()
    page = reverse("staff:import", args=["komorebi", run.pk])
    assert desk.post(reverse("staff:import_start", args=["komorebi", run.pk])).url == page
    bar = desk.get(reverse("staff:import_progress", args=["komorebi", run.pk]))
    assert (b"every 2s" in bar.content, "HX-Refresh" in bar) == (True, False)
    run_due_jobs(Job.objects.latest("pk").run_at)
    bar = desk.get(reverse("staff:import_progress", args=["komorebi", run.pk]))
    assert (b"every 2s" in bar.content, bar["HX-Refresh"]) == (False, "true")
    shown = desk.get(page).content.decode()
    assert "たくさん" in shown
    refused = desk.get(reverse("staff:import_refused", args=["komorebi", run.pk]))
    assert "A-2" in refused.content.decode("cp932")
    assert "filename*=UTF-8''%E6%B3%A8%E6%96%87-refused.csv" in refused["Content-Disposition"]
    assert Order.objects.count() == 1
    assert "注文.csv" in desk.get(reverse("staff:imports", args=["komorebi"])).content.decode()


def test_columns_of_an_unknown_file_are_named(desk):
    bring(desk, UNKNOWN.encode("cp932"))
    run = OrderImport.objects.get()
    page = desk.get(reverse("staff:import", args=["komorebi", run.pk])).content.decode()
    assert reverse("staff:import_start", args=["komorebi", run.pk]) not in page
    assert '<option value="buyer_mail" selected>' in page
    chosen = {"channel": "other", "column_0": "number", "column_1": "ordered_at", "column_2": "buyer_name"}
    desk.post(reverse("staff:import_columns", args=["komorebi", run.pk]), {**chosen, "column_3": "", "column_4": "x"})
    run.refresh_from_db()
    assert run.state == "ready"
    assert run.mapping is not None
    assert (run.mapping.channel, run.mapping.columns) == ("other", ["number", "ordered_at", "buyer_name", "", ""])


def test_missing_columns_are_said_and_the_choice_is_kept(desk):
    bring(desk, UNKNOWN.encode("cp932"))
    run = OrderImport.objects.get()
    answer = desk.post(
        reverse("staff:import_columns", args=["komorebi", run.pk]),
        {"column_0": "", "column_1": "remark", "column_2": "", "column_3": "", "column_4": ""},
    )
    assert answer.status_code == 422
    assert '<option value="remark" selected>' in answer.content.decode()
    run.refresh_from_db()
    assert run.state == "mapping"


def test_columns_of_a_file_that_is_gone_are_refused_with_the_way_out(desk):
    bring(desk, UNKNOWN.encode("cp932"))
    run = OrderImport.objects.get()
    OrderImport.objects.update(file=None)
    answer = desk.post(reverse("staff:import_columns", args=["komorebi", run.pk]), {"column_0": "number"})
    assert answer.status_code == 422
    assert "もう一度ファイルを選んでください" in answer.content.decode()
    run.refresh_from_db()
    assert run.state == "mapping"


def test_a_pdf_is_refused_with_the_way_out(desk):
    answer = bring(desk, b"%PDF-1.7")
    assert "PDF" in desk.get(answer.url).content.decode()
    assert OrderImport.objects.get().state == "refused"


def test_no_file_is_refused(desk):
    answer = desk.post(reverse("staff:imports", args=["komorebi"]))
    assert answer.status_code == 422
    assert not OrderImport.objects.exists()


def test_an_agent_may_not_import(client, agent):
    client.force_login(agent.person)
    assert bring(client, samples.rakuten({})).status_code == 403
    assert not OrderImport.objects.exists()


def test_a_stranger_finds_nothing(desk, client, stranger):
    bring(desk, samples.rakuten({}))
    run = OrderImport.objects.get()
    client.force_login(stranger.person)
    for name in ("import", "import_progress", "import_refused"):
        assert client.get(reverse(f"staff:{name}", args=["komorebi", run.pk])).status_code == 404
        assert client.get(reverse(f"staff:{name}", args=["shiosai", run.pk])).status_code in {403, 404}


def test_the_list_costs_few_queries(desk, django_assert_max_num_queries):
    for number in range(3):
        bring(desk, samples.rakuten({"注文番号": f"A-{number}"}))
    with django_assert_max_num_queries(11):
        desk.get(reverse("staff:imports", args=["komorebi"]))
