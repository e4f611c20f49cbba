"""Whom a notice reaches, over many orders: counting them, writing the notices, handing the mails to an SMTP server.

python bench/safety_reach.py BUYERS [postgres:///an_empty_database]

Ten order lines a buyer; every tenth line is of the affected product, so that nearly as many orders as there are buyers
are reached. Goals at 1,000,000 buyers: 10 s to count, 120 s to write; 300 mails a second handed over, on one core.
Prints wall-clock seconds, and CPU seconds of this process for the sending.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anshin.safety.models import Advisory

ROOT = Path(__file__).resolve().parents[1]
LINES_EACH = 10
MAILS = 5_000
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


def main() -> None:
    """Fill, count, write, send."""
    buyers = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = sys.argv[2] if len(sys.argv) > 2 else ""
        os.environ["ANSHIN_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anshin.project.settings")
        os.environ.setdefault("ANSHIN_MODE", "development")
        sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        advisory = _filled(buyers)
        _measure(advisory, buyers)


def _measure(advisory: Advisory, buyers: int) -> None:
    from anshin.safety import actions, queries
    from anshin.safety.models import Advisory, Notice, SafetyMail

    told, seconds = _timed(lambda: queries.audience(advisory))
    print(
        f"{buyers} buyers, {buyers * LINES_EACH} lines: "
        f"{told.told} orders, {told.mails} mails counted in {seconds:.1f} s"
    )
    actions.release_due(now=NOW)
    _rows, seconds = _timed(lambda: actions.announce(advisory.pk, now=NOW))
    print(f"writing {Notice.objects.count()} notices and {SafetyMail.objects.count()} mails: {seconds:.1f} s")
    added, seconds = _timed(lambda: actions.announce(advisory.pk, now=NOW))
    print(f"again: {added} rows, {seconds:.1f} s")
    _send(Advisory.objects.get(pk=advisory.pk))


def _send(advisory: Advisory) -> None:
    from anshin.channels.email.models import Mailbox
    from anshin.channels.email.ports import transport
    from anshin.channels.email.servers.smtp import SmtpTransport
    from anshin.plumbing import clock
    from anshin.safety.actions import sending
    from anshin.safety.models import SafetyMail
    from tests.channels.email.outside.smtp_process import running_apart

    kept = SafetyMail.objects.order_by("-rank", "pk").values_list("pk", flat=True)[:MAILS]
    SafetyMail.objects.exclude(pk__in=list(kept)).update(state="bounced")
    sending.RUN_FOR = timedelta(hours=1)  # type: ignore[misc]
    with running_apart() as port, transport.filled_with(SmtpTransport()):
        Mailbox.objects.create(
            shop=advisory.shop,
            address="shop@komorebi.example",
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="plain",
            created_at=NOW,
        )
        cpu = time.process_time()
        taken, seconds = _timed(lambda: sum(sending.send_mails(advisory.pk, lane, clock=clock.now) for lane in (0, 1)))
        cpu = time.process_time() - cpu
    print(f"{taken} mails handed over: {taken / seconds:.0f} a second, {taken / cpu:.0f} a CPU-second of ours")


def _timed(work: Any) -> tuple[Any, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def _filled(buyers: int) -> Advisory:
    from django.db import connection

    from anshin.commerce.models import Product
    from anshin.safety import actions
    from anshin.safety.models import AffectedProduct, ProductMatch
    from anshin.safety.terms import Affected, Facts, HazardClass, HazardType, Severity, Words
    from anshin.shops.actions import invite_staff, open_shop
    from anshin.shops.terms import Role

    before = NOW - timedelta(days=1)
    shop = open_shop(slug="bench", name="Bench", contact_mail="shop@komorebi.example", order_formats=(), now=before)
    people = [
        invite_staff(shop=shop, email=f"{name}@komorebi.example", name=name, role=Role.OWNER, by=None, now=before)
        for name in ("a", "b")
    ]
    products = [Product.objects.create(shop=shop, sku=f"P{number}", name=f"品 {number}") for number in range(10)]
    _orders(connection, shop.pk, [product.pk for product in products], buyers)
    facts = Facts(
        title="しずく",
        hazard_class=HazardClass.DANGER,
        hazard_type=HazardType.FIRE,
        severity=Severity.SERIOUS,
        agency="全国くらし安全室",
        source_url="https://kurashi-anzen.example/1",
        source_read_on=before.date(),
        products=(Affected(name="しずく", lots=(("100", "900"),)),),
        publish_at=NOW,
    )
    advisory = actions.draft(by=people[0], facts=facts, now=before)
    words = Words(
        product="しずく", heading="使うのをやめてください", hazard="煙が出ます。", what_to_do="電源を抜いてください。"
    )
    actions.word(by=people[0], advisory_id=advisory.pk, language="ja", words=words, now=before)
    actions.name_insider(by=people[0], advisory_id=advisory.pk, membership_id=people[1].pk, now=before)
    ProductMatch.objects.create(
        shop=shop,
        affected=AffectedProduct.objects.get(advisory=advisory),
        product=products[3],
        reason="hand",
        certainty=100,
        state="confirmed",
        decided_by=people[0],
        decided_at=before,
    )
    actions.approve(by=people[1], advisory_id=advisory.pk, seen_version=1, now=before)
    return advisory


def _orders(connection: Any, shop: int, products: list[int], buyers: int) -> None:
    """Written by the database itself, straight into the tables; columns that are not named stay at plain values."""
    from anshin.commerce.models import ContactPoint, Customer, Order, OrderLine

    is_postgres = connection.vendor == "postgresql"
    day = (
        "TIMESTAMPTZ '2025-01-01' + (n % 690) * INTERVAL '1 day'"
        if is_postgres
        else "datetime('2025-01-01', '+' || (n % 690) || ' days')"
    )
    orders = buyers * LINES_EACH // 2
    customer = f"1 + (n + n / {buyers} * 13) % {buyers}"
    _insert(connection, Customer, buyers, {"id": "n + 1", "shop_id": shop, "name": "'買い手'", "created_at": day})
    told = {
        "id": "n + 1",
        "shop_id": shop,
        "customer_id": customer,
        "kind": "'mail'",
        "reach": "'ok'",
        "created_at": day,
    }
    mail = "'buyer' || n || '@example.jp'"
    _insert(connection, ContactPoint, buyers, {**told, "value": mail, "key": mail})
    number = "'N' || n"
    told = {"id": "n + 1", "shop_id": shop, "customer_id": customer, "channel": "'own'", "ordered_at": day}
    _insert(connection, Order, orders, {**told, "number": number, "number_key": number})
    chosen = f"{products[0]} + (n * 7 + n / 10) % 10"
    told = {"id": "n + 1", "shop_id": shop, "order_id": "1 + n / 2", "position": "1 + n % 2", "product_id": chosen}
    lot = "CASE WHEN n % 3 = 0 THEN '' ELSE '' || n % 1000 END"
    told |= {"name": "'品'", "quantity": 1, "unit_price_yen": 1000, "tax_rate": 10, "lot": lot}
    _insert(connection, OrderLine, buyers * LINES_EACH, told)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _insert(connection: Any, model: Any, count: int, told: dict[str, Any]) -> None:
    zero = {"IntegerField": "0", "BigIntegerField": "0", "PositiveSmallIntegerField": "0", "BooleanField": "false"}
    values = {}
    for field in model._meta.local_concrete_fields:
        plain = (
            "NULL"
            if field.null
            else zero.get(field.get_internal_type(), "0" if "Integer" in field.get_internal_type() else "''")
        )
        values[field.column] = str(told.get(field.column, plain))
    series = (
        f"generate_series(0, {count - 1}) AS n"
        if connection.vendor == "postgresql"
        else f"(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {count - 1}) SELECT n FROM c)"
    )
    columns = ", ".join(f'"{column}"' for column in values)
    sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {", ".join(values.values())} FROM {series}'
    with connection.cursor() as cursor:
        cursor.execute(sql)


if __name__ == "__main__":
    main()
