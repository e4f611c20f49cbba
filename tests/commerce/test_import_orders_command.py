"""The command line takes a file in, rehearses it, and survives being killed."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from anshin.commerce.models import Order, OrderImport
from anshin.plumbing.jobs.models import Job
from anshin.project.cli import import_orders
from tests.connectors.csv_files import samples

ROOT = Path(__file__).resolve().parents[2]


def asked(file: Path, *arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    import_orders.add_arguments(parser)
    return parser.parse_args([str(file), *arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_bytes(samples.rakuten({}, {"注文番号": "A-2", "個数": "x"}))
    return path


@pytest.mark.django_db
def test_a_rehearsal_changes_nothing(shop, file, capsys):
    assert import_orders.run(asked(file, "--shop", "komorebi", "--dry-run")) == 1
    said = capsys.readouterr().out
    assert "1 orders can be read, 1 rows would be refused." in said
    assert "個数" in said
    assert not OrderImport.objects.exists()
    assert not Order.objects.exists()


@pytest.mark.django_db
def test_a_file_is_taken_in_at_once(shop, file, capsys):
    assert import_orders.run(asked(file, "--shop", "komorebi")) == 1
    assert "1 new, 0 changed, 0 unchanged orders; 1 of 2 rows refused." in capsys.readouterr().out
    assert Order.objects.get().number == samples.RAKUTEN_ROW["注文番号"]
    run = OrderImport.objects.get()
    assert (run.state, run.started_by) == ("done", None)
    assert Job.objects.get(queue="import").run_at > run.created_at


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "shop_slug", "words"),
    [
        (b"%PDF-1.7", "komorebi", "PDF"),
        (b"a,b\r\n1,2\r\n", "komorebi", "a, b"),
        (b"a,b\r\n1,2\r\n", "nowhere", "nowhere"),
    ],
)
def test_refused_with_a_sentence(shop, tmp_path, capsys, content, shop_slug, words):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert import_orders.run(asked(path, "--shop", shop_slug)) == 2
    assert words in capsys.readouterr().err
    assert not Order.objects.exists()


@pytest.mark.django_db
def test_refused_when_there_is_no_file(shop, tmp_path, capsys):
    assert import_orders.run(asked(tmp_path / "none.csv", "--shop", "komorebi")) == 2
    assert "none.csv" in capsys.readouterr().err


STORY = """
import os, signal, sys, django
django.setup()
from django.core.management import call_command
from anshin.commerce import queries
from anshin.commerce.actions import confirm, order_files, start_order_import
from anshin.commerce.models import Customer, Order, OrderImport, OrderLine, RefusedRow
from anshin.plumbing import clock
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import open_shop
from tests.connectors.csv_files import samples

order_files.PORTION = 5
if sys.argv[1] == "killed":
    call_command("migrate", verbosity=0)
    shop = open_shop(slug="komorebi", name="x", contact_mail="x@example.jp", now=clock.now())
    told = [{"注文番号": f"A-{n}", "注文者メールアドレス": f"k{n}@example.jp", "注文者姓": f"客{n}"} for n in range(20)]
    told[3]["個数"] = "x"
    run = start_order_import(shop=shop, content=samples.rakuten(*told), file_name="o.csv", by=None, now=clock.now())
    confirm(shop=shop, import_id=run.pk, by=None, now=clock.now())
    counted, portions = order_files._add, []

    def killed_in_the_third(*args):
        portions.append(args)
        if len(portions) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        counted(*args)

    order_files._add = killed_in_the_third
run = OrderImport.objects.get()
print(run.state, run.rows_read, Order.objects.count())
done = order_files.take_in_file(import_id=run.pk, clock=clock.now)
print(done.state, done.rows_read, done.orders_new, done.orders_same, done.rows_refused, Order.objects.count(),
      OrderLine.objects.count(), Customer.objects.filter(order_count=1).count(), RefusedRow.objects.count(),
      JournalEntry.objects.filter(event="order.taken_in").count())
"""


@pytest.mark.kill
def test_killed_in_the_middle_it_goes_on_without_a_gap_or_a_double(tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "anshin.project.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "ANSHIN_DATA": str(tmp_path),
        "DATABASE_URL": "",
        "PYTHONIOENCODING": "utf-8",
    }

    def told(part: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", STORY, part]
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    killed = told("killed")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    resumed = told("resumed")
    assert resumed.stdout.splitlines() == ["running 10 9", "done 20 19 0 1 19 19 19 1 19"], resumed.stderr
