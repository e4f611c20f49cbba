"""How long a file of orders takes to be taken in, and once more when nothing in it is new: SQLite and PostgreSQL.

PostgreSQL is measured when ANSHIN_TEST_DATABASE_URL is set, in a database of its own beside that one. The file is
Rakuten's, in Shift_JIS: BENCH_ROWS rows (default 100,000), seven orders for ten rows, five customers for seven orders.
Prints one line a database: rows and orders, seconds to look at the file, to take it in, to take it in again, the
longest portion (one transaction of 200 orders), and the process's largest memory.

Measured 2026-11-22 with BENCH_ROWS=10000 (7,000 orders) on two cores that seven other processes wanted, so the CPU
says more than the clock: SQLite 17 s of CPU (50 s by the clock), again 5.5 s; PostgreSQL 16 s (61 s), again 6 s; 148
and 157 MB. The run with 100,000 rows was stopped for want of quiet at row 16,286; it is still to be done.
"""

import csv
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
ROWS = int(os.environ.get("BENCH_ROWS", "100000"))


def main() -> int:
    """Measure each database in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        done = measure_in_process(DATABASE_URL="", ANSHIN_DATA=folder)
        if url := os.environ.get("ANSHIN_TEST_DATABASE_URL"):
            done |= measure_on_postgresql(url, folder)
    return done


def measure_on_postgresql(url: str, folder: str) -> int:
    import psycopg

    name = f"{urlsplit(url).path.lstrip('/')}_bench_import"
    parts = urlsplit(url)
    own = f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            return measure_in_process(DATABASE_URL=own, ANSHIN_DATA=folder)
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def measure_in_process(**environment: str) -> int:
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    settings = {"DJANGO_SETTINGS_MODULE": "anshin.project.settings", "PYTHONPATH": paths}
    command = [sys.executable, "-c", "from bench import import_orders; import_orders.measure()"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **settings, **environment}, check=False).returncode


def measure() -> None:
    """Measure the database of this process's settings and print the line."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from anshin.commerce.models import Order
    from anshin.plumbing import clock
    from anshin.shops.actions import open_shop

    call_command("migrate", verbosity=0)
    shop = open_shop(slug="bench", name="Bench", contact_mail="bench@example.jp", now=clock.now())
    content = rakuten_file(ROWS)
    looked, taken, longest = take_in(shop, content)
    _looked, again, _longest = take_in(shop, content)
    print(
        f"{connection.vendor}: {ROWS:,} rows, {Order.objects.count():,} orders, {len(content) / 1e6:.0f} MB;"
        f" looked at in {looked:.1f} s, taken in {taken:.1f} s ({ROWS / taken:,.0f} rows/s),"
        f" again {again:.1f} s, longest portion {longest * 1000:.0f} ms,"
        f" memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


def take_in(shop: Any, content: bytes) -> tuple[float, float, float]:
    """Seconds to look at the file, to take it in, and of the longest portion."""
    from anshin.commerce.actions import confirm, order_files, start_order_import
    from anshin.commerce.queries import import_by_id
    from anshin.plumbing import clock

    begun = time.perf_counter()
    run = start_order_import(shop=shop, content=content, file_name="bench.csv", by=None, now=clock.now())
    looked = time.perf_counter() - begun
    confirm(shop=shop, import_id=run.pk, by=None, now=clock.now())
    run = import_by_id(shop, run.pk)
    begun, longest, cpu = time.perf_counter(), 0.0, time.process_time()
    for portion in order_files.remaining(run):
        portion_begun = time.perf_counter()
        run = order_files.run_portion(import_id=run.pk, items=portion, rows_before=run.rows_read, now=clock.now())
        longest = max(longest, time.perf_counter() - portion_begun)
    order_files.finish(import_id=run.pk, now=clock.now())
    print(f"  {time.process_time() - cpu:.1f} s of this process's CPU", file=sys.stderr)
    return looked, time.perf_counter() - begun, longest


def rakuten_file(rows: int) -> bytes:
    """Rows of invented orders with the columns that matter and forty that do not."""
    told = [
        *["注文番号", "ステータス", "注文日時", "支払方法名", "楽天会員フラグ", "送料合計", "代引料合計", "請求金額"],
        *["注文者姓", "注文者名", "注文者姓カナ", "注文者名カナ", "注文者電話番号1", "注文者電話番号2"],
        *["注文者電話番号3", "注文者メールアドレス", "送付先郵便番号1", "送付先郵便番号2", "送付先住所都道府県"],
        *["送付先住所郡市区", "送付先住所それ以降の住所", "送付先姓", "送付先名", "商品名", "商品番号", "単価", "個数"],
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*told, *(f"予備{number}" for number in range(40))])
    for row in range(rows):
        order = row * 7 // 10
        person = order * 5 // 7
        writer.writerow(
            [
                *[f"421951-20261110-{order:010}", "300", "2026-11-10 9:05:00", "クレジットカード", "1", "770", "0"],
                *["4070", "髙橋", f"美咲{person}", "タカハシ", "ミサキ", "090", f"{person // 10000:04}"],
                *[f"{person % 10000:04}", f"k{person}@pc.fw.rakuten.example", "060", "0001", "北海道", "札幌市中央区"],
                *[f"北一条西{person % 30}丁目{person}", "髙橋", f"美咲{person}", f"木の椅子 その{row % 500}"],
                *[f"CHAIR-{row % 500}", "3300", "1", *["0"] * 40],
            ]
        )
    return text.getvalue().encode("cp932")


if __name__ == "__main__":
    sys.exit(main())
