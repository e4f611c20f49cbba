"""A manager brings a file of packing records, sees what it holds, starts it, and gets back what was refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anshin.delivery.models import PackingImport, PackingRecord
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from tests.delivery.conftest import order  # noqa: F401  fixture
from tests.delivery.test_packing_files import packed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
NAMES = ("packing_import", "packing_import_progress", "packing_import_refused")


@pytest.fixture
def desk(client, manager):
    client.force_login(manager.person)
    return client


def at(name, *args, shop="komorebi"):
    return reverse(f"staff:{name}", args=[shop, *args])


def bring(client, content, name="梱包.csv"):
    return client.post(at("packing_imports"), {"file": SimpleUploadedFile(name, content)})


def test_from_the_file_to_the_refused_rows(desk, order):  # noqa: F811
    answer = bring(desk, packed("KM-20417,CLOTH-2,2", "NO-1,CLOTH-2,2"))
    run = PackingImport.objects.get()
    assert answer.url == at("packing_import", run.pk)
    page = desk.get(answer.url).content.decode()
    assert "CLOTH-2" in page and at("packing_import_start", run.pk) in page
    assert desk.post(at("packing_import_start", run.pk)).url == answer.url
    bar = desk.get(at("packing_import_progress", run.pk))
    assert (at("packing_import_progress", run.pk).encode() in bar.content, "HX-Refresh" in bar) == (True, False)
    run_due_jobs(Job.objects.latest("pk").run_at)
    assert desk.get(at("packing_import_progress", run.pk))["HX-Refresh"] == "true"
    page = desk.get(answer.url).content.decode()
    assert "NO-1" in page and at("packing_import_refused", run.pk) in page
    refused = desk.get(at("packing_import_refused", run.pk))
    assert "NO-1" in refused.content.decode("cp932") and "KM-20417" not in refused.content.decode("cp932")
    assert "梱包.csv" in desk.get(at("packing_imports")).content.decode()
    assert PackingRecord.objects.count() == 1


def test_columns_are_named_and_a_missing_one_is_said(desk, order):  # noqa: F811
    bring(desk, "伝票,品,数,いつ\r\nKM-20417,CLOTH-2,2,2026/11/17\r\n".encode())
    run = PackingImport.objects.get()
    answer = desk.post(at("packing_import_columns", run.pk), {"column_0": "", "column_1": "sku", "column_2": ""})
    assert (answer.status_code, '<option value="sku" selected>' in answer.content.decode()) == (422, True)
    chosen = {"column_0": "number", "column_1": "sku", "column_2": "quantity", "column_3": "packed_at"}
    assert desk.post(at("packing_import_columns", run.pk), chosen).status_code == 302
    run.refresh_from_db()
    assert (run.state, run.columns) == ("ready", list(chosen.values()))


def test_a_pdf_and_no_file_are_explained(desk):
    assert "PDF" in desk.get(bring(desk, b"%PDF-1.7").url).content.decode()
    assert desk.post(at("packing_imports")).status_code == 422


@pytest.mark.parametrize("who", ["agent", "warehouse"])
def test_agents_and_the_warehouse_may_not(client, request, who):
    client.force_login(request.getfixturevalue(who).person)
    assert bring(client, packed("KM-20417,CLOTH-2,2")).status_code == 403
    assert not PackingImport.objects.exists()


def test_a_stranger_finds_nothing(desk, client, stranger, order):  # noqa: F811
    bring(desk, packed("KM-20417,CLOTH-2,2"))
    run = PackingImport.objects.get()
    client.force_login(stranger.person)
    for name in NAMES:
        assert client.get(at(name, run.pk)).status_code == 404
        assert client.get(at(name, run.pk, shop="shiosai")).status_code in {403, 404}
    for name in ("packing_import_start", "packing_import_columns"):
        assert client.post(at(name, run.pk)).status_code == 404
        assert client.post(at(name, run.pk, shop="shiosai")).status_code in {302, 403, 404}
    run.refresh_from_db()
    assert (run.state, Job.objects.filter(queue="import").count()) == ("ready", 0)


def test_the_list_costs_few_queries(desk, django_assert_max_num_queries):
    for number in range(3):
        bring(desk, packed(f"A-{number},X,1"))
    with django_assert_max_num_queries(11):
        desk.get(at("packing_imports"))
