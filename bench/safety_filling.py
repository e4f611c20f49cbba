"""A shop with buyers and an approved product-safety advisory, for the benches of safety notices.

Orders are written by the database itself; the advisory goes the way that two people go. What takes a port runs inside a
bench's own environment.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.safety.terms import Facts

LINES_EACH = 10


def open_post(port: int) -> None:
    """The shop's mailbox: what it sends goes to this port of this machine."""
    from anshin.channels.email.models import Mailbox
    from anshin.plumbing import clock
    from anshin.shops.models import Shop

    Mailbox.objects.create(
        shop=Shop.objects.get(),
        address="shop@komorebi.example",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="plain",
        created_at=clock.now(),
    )


def release(mails: int, port: int) -> None:
    """Release an advisory of this moment and write who is to be told; only so many of the mails are kept."""
    from django import setup

    setup()
    from anshin.plumbing import clock
    from anshin.safety import actions
    from anshin.safety.models import Notice, SafetyMail

    now = clock.now()
    advisory = fill(mails * 3 // 2, now - timedelta(seconds=1))
    open_post(port)
    actions.release_due(now=now)
    actions.announce(advisory.pk, now=now)
    kept = set(SafetyMail.objects.order_by("-rank", "pk").values_list("pk", flat=True)[:mails])
    Notice.objects.exclude(mail_id__in=kept).update(mail=None)
    SafetyMail.objects.exclude(pk__in=kept).delete()
    again()


def again() -> None:
    """Let every mail wait as if none had left, with a job for each lane, and have no other job."""
    from django import setup

    setup()
    from anshin.plumbing import clock
    from anshin.plumbing.jobs.models import Job
    from anshin.safety.actions.calling import call_senders
    from anshin.safety.models import Advisory, SafetyMail

    now = clock.now()
    Job.objects.all().delete()
    SafetyMail.objects.update(state="waiting", tries=0, handed_at=None, sent_at=None, next_try_at=None)
    call_senders(Advisory.objects.get(), at=now, now=now)


def open_bench(buyers: int, port: int) -> None:
    """A shop with buyers and a mailbox, and no advisory."""
    from django import setup

    setup()
    from anshin.plumbing import clock

    open_shop_with(buyers, clock.now())
    open_post(port)


def approve(seconds: float) -> float:
    """Approve an advisory that is public so many seconds from now, at a whole second; that time, since 1970."""
    from django import setup

    setup()
    from anshin.plumbing import clock

    at = (clock.now() + timedelta(seconds=seconds + 1)).replace(microsecond=0)
    approved(at)
    return at.timestamp()


def tell(what: Any, *values: int) -> None:
    """Do one of these in a process of its own, and print what it tells as JSON."""
    from django import setup

    setup()
    print(json.dumps(what(*values) or {}))


def approve_anew() -> None:
    """Approve an advisory whose time was a second ago, in a shop that has none."""
    from anshin.plumbing import clock
    from anshin.safety.models import Advisory

    if not Advisory.objects.exists():
        approved(clock.now() - timedelta(seconds=1))


def count() -> dict[str, Any]:
    """Whom the advisory reaches: orders to be told, addresses, all affected orders; and how long counting took."""
    from anshin.safety import queries
    from anshin.safety.models import Advisory

    found, spent = _timed(lambda: queries.audience(Advisory.objects.get()))
    return {"orders": found.told, "all_orders": found.orders(), "mails": found.mails, **spent}


def release_now() -> None:
    """Release it; nothing is written yet."""
    from anshin.plumbing import clock
    from anshin.safety import actions

    actions.release_due(now=clock.now())


def announce() -> dict[str, Any]:
    """Write who is to be told, as the job does."""
    from anshin.plumbing import clock
    from anshin.safety import actions
    from anshin.safety.models import Advisory

    advisory = Advisory.objects.get()
    rows, spent = _timed(lambda: actions.announce(advisory.pk, now=clock.now()))
    return {"rows": rows, **spent}


def announce_again() -> dict[str, Any]:
    """The same as if the first run had died at its very end."""
    from anshin.safety.models import Edition

    Edition.objects.update(announced_at=None)
    return announce()


def forget_notices() -> None:
    """As if nothing had been written."""
    from django.db import connection

    from anshin.plumbing.jobs.models import Job
    from anshin.safety.models import Advisory, Edition

    with connection.cursor() as cursor:
        for table in ("safety_notice", "safety_safetymail"):
            cursor.execute(f"DELETE FROM {table}")
    Job.objects.all().delete()
    Edition.objects.update(announced_at=None)
    Advisory.objects.update(announced_at=None)
    settle()


def settle() -> None:
    """As autovacuum leaves tables, also where it is off."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def notices() -> dict[str, int]:
    """How many notices there are by now."""
    from anshin.safety.models import Notice

    return {"count": Notice.objects.count()}


def rows() -> dict[str, int]:
    """Notices and the orders they are about; mails and their addresses."""
    from anshin.safety.models import Notice, SafetyMail

    return {
        "notices": Notice.objects.count(),
        "orders": Notice.objects.values("order").distinct().count(),
        "mails": SafetyMail.objects.count(),
        "addresses": SafetyMail.objects.values("address_key").distinct().count(),
    }


def send(mails: int) -> dict[str, Any]:
    """Hand so many of the mails to an SMTP server in another process, in this one, one lane after the other."""
    from anshin.channels.email.models import Mailbox
    from anshin.channels.email.ports import transport
    from anshin.channels.email.servers.smtp import SmtpTransport
    from anshin.plumbing import clock
    from anshin.safety.actions import sending
    from anshin.safety.actions.calling import LANES
    from anshin.safety.models import Advisory, SafetyMail
    from tests.channels.email.outside.smtp_process import running_apart

    kept = list(SafetyMail.objects.order_by("-rank", "pk").values_list("pk", flat=True)[:mails])
    SafetyMail.objects.exclude(pk__in=kept).update(state="bounced")
    SafetyMail.objects.filter(pk__in=kept).update(state="waiting", tries=0, handed_at=None, next_try_at=None)
    sending.RUN_FOR = timedelta(hours=1)  # type: ignore[misc]
    advisory = Advisory.objects.get()
    with running_apart() as port, transport.filled_with(SmtpTransport()):
        Mailbox.objects.update(smtp_port=port)
        taken, spent = _timed(
            lambda: sum(sending.send_mails(advisory.pk, lane, clock=clock.now) for lane in range(LANES))
        )
    return {"mails": taken, **spent}


def _timed(work: Any) -> tuple[Any, dict[str, float]]:
    """What it gives; seconds by the clock, CPU-seconds of ours and of the PostgreSQL process that served us."""
    _server_cpu()  # connects
    begun, cpu, server = time.perf_counter(), time.process_time(), _server_cpu()
    done = work()
    seconds = time.perf_counter() - begun
    return done, {"seconds": seconds, "cpu": time.process_time() - cpu, "server": _server_cpu() - server}


def _server_cpu() -> float:
    from django.db import connection

    from bench import desk

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    return desk.process_cpu_ms(connection.connection.info.backend_pid) / 1000


def states() -> str:
    """How many mails are in each state, and how many were tried more than once, as JSON."""
    from django import setup

    setup()
    from anshin.safety.models import SafetyMail

    rows = SafetyMail.objects.values_list("state", "tries")
    found = Counter(state for state, _tries in rows)
    return json.dumps({**found, "again": sum(tries > 1 for _state, tries in rows)})


def fill(buyers: int, publish_at: datetime) -> Advisory:
    """An approved advisory, ten order lines a buyer, every tenth of the affected product."""
    open_shop_with(buyers, publish_at)
    return approved(publish_at)


def open_shop_with(buyers: int, day: datetime) -> None:
    """A shop that opened the day before, with two owners, ten products, and so many buyers with their orders."""
    from django.db import connection

    from anshin.commerce.models import Product
    from anshin.shops.actions import invite_staff, open_shop
    from anshin.shops.terms import Role

    before = day - timedelta(days=1)
    shop = open_shop(slug="bench", name="Bench", contact_mail="shop@komorebi.example", order_formats=(), now=before)
    for name in ("a", "b"):
        invite_staff(shop=shop, email=f"{name}@komorebi.example", name=name, role=Role.OWNER, by=None, now=before)
    products = [Product.objects.create(shop=shop, sku=f"P{number}", name=f"品 {number}") for number in range(10)]
    _orders(connection, shop.pk, [product.pk for product in products], buyers)


def approved(publish_at: datetime) -> Advisory:
    """An advisory about one of the products, drafted by one owner and approved by the other."""
    from anshin.commerce.models import Product
    from anshin.safety import actions
    from anshin.safety.models import AffectedProduct, ProductMatch
    from anshin.safety.terms import Words
    from anshin.shops.models import Membership

    before = publish_at - timedelta(days=1)
    people = list(Membership.objects.order_by("pk")[:2])
    words = Words(
        product="しずく", heading="使うのをやめてください", hazard="煙が出ます。", what_to_do="電源を抜いてください。"
    )
    advisory = actions.draft(by=people[0], facts=_facts(publish_at), now=before)
    actions.word(by=people[0], advisory_id=advisory.pk, language="ja", words=words, now=before)
    actions.name_insider(by=people[0], advisory_id=advisory.pk, membership_id=people[1].pk, now=before)
    ProductMatch.objects.create(
        shop_id=advisory.shop_id,
        affected=AffectedProduct.objects.get(advisory=advisory),
        product=Product.objects.get(sku="P3"),
        reason="hand",
        certainty=100,
        state="confirmed",
        decided_by=people[0],
        decided_at=before,
    )
    return actions.approve(by=people[1], advisory_id=advisory.pk, seen_version=1, now=before)


def _facts(publish_at: datetime) -> Facts:
    from anshin.safety.terms import Affected, Facts, HazardClass, HazardType, Severity

    return Facts(
        title="しずく",
        hazard_class=HazardClass.DANGER,
        hazard_type=HazardType.FIRE,
        severity=Severity.SERIOUS,
        agency="全国くらし安全室",
        source_url="https://kurashi-anzen.example/1",
        source_read_on=(publish_at - timedelta(days=1)).date(),
        products=(Affected(name="しずく", lots=(("100", "900"),)),),
        publish_at=publish_at,
    )


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


def _plain(field: Any) -> str:
    """What stands in a column of which nothing is told, as SQL."""
    kind = field.get_internal_type()
    if field.null:
        return "NULL"
    if kind == "JSONField":
        return f"'{json.dumps(field.get_default())}'"
    if kind == "BooleanField":
        return "false"
    return "0" if "Integer" in kind else "''"


def _insert(connection: Any, model: Any, count: int, told: dict[str, Any]) -> None:
    values = {}
    for field in model._meta.local_concrete_fields:
        plain = _plain(field)
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
