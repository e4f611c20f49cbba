"""What a bench puts into its own database: a shop, its staff, a session. Runs inside the desk's environment."""

from typing import Any

from django import setup

setup()

NAMES = ("竹内 涼", "小暮 あかり", "佐伯 みお", "倉田 大地")


def open_desk() -> None:
    """The shop with four agents and a mailbox without servers, so nothing is fetched and nothing leaves."""
    from anshin.channels.email.actions import MailboxSettings, save_mailbox
    from anshin.plumbing import clock
    from anshin.shops.actions import invite_staff, open_shop
    from anshin.shops.terms import Role
    from bench.corpus import STAFF
    from bench.desk import SLUG

    now = clock.now()
    shop = open_shop(
        slug=SLUG, name="こもれび雑貨店", contact_mail="desk@bench.example", order_formats=("KM-#####",), now=now
    )
    for mail, name in zip(STAFF, NAMES, strict=True):
        invite_staff(shop=shop, email=mail, name=name, role=Role.AGENT, by=None, now=now)
    save_mailbox(shop=shop, settings=MailboxSettings(address="desk@bench.example"), by=None, now=now)


def settle() -> None:
    """Let the database know how its tables look now, as autovacuum does within minutes where it is on."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")


def session() -> str:
    """The key of a session of the first agent."""
    from anshin.shops.queries import person_by_mail
    from bench.corpus import STAFF

    return _session_of(person_by_mail(STAFF[0]))


def sessions(count: int) -> list[str]:
    """The keys of sessions of so many agents, invited now."""
    from anshin.plumbing import clock
    from anshin.shops.actions import invite_staff
    from anshin.shops.queries import shop_by_slug
    from anshin.shops.terms import Role
    from bench.desk import SLUG

    shop, now = shop_by_slug(SLUG), clock.now()
    keys = []
    for number in range(count):
        mail = f"crowd{number}@bench.example"
        membership = invite_staff(shop=shop, email=mail, name=f"担当 {number}", role=Role.AGENT, by=None, now=now)
        keys.append(_session_of(membership.person))
    return keys


def _session_of(person: Any) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return store.session_key


def connect_mailbox(imap_port: int, smtp_port: int) -> None:
    """Let the shop's mailbox be fetched from and sent through servers of this machine."""
    from anshin.channels.email.actions import MailboxSettings, save_mailbox
    from anshin.channels.email.models import Mailbox
    from anshin.channels.email.terms import Security
    from anshin.plumbing import clock
    from tests.channels.email.outside import dovecot_server

    mailbox = Mailbox.objects.get()
    settings = MailboxSettings(
        address=mailbox.address,
        imap_host="127.0.0.1",
        imap_port=imap_port,
        imap_security=Security.PLAIN,
        imap_user=dovecot_server.USER,
        imap_password=dovecot_server.PASSWORD,
        smtp_host="127.0.0.1",
        smtp_port=smtp_port,
        smtp_security=Security.PLAIN,
    )
    save_mailbox(shop=mailbox.shop, settings=settings, by=None, now=clock.now(), mailbox=mailbox)


def query_count(path: str, session_key: str) -> int:
    """How many queries a GET makes; the second time, so that caches are warm."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return len(seen)


def case_numbers(count: int) -> list[int]:
    """Numbers of cases with three or four messages, spread over the shop."""
    from anshin.cases.models import Case

    rows = Case.objects.filter(version__in=[3, 4]).order_by("number").values_list("number", flat=True)
    found = list(rows)
    return found[:: max(1, len(found) // count)][:count]


def reply_forms(count: int) -> list[tuple[int, int]]:
    """(number, version) of open cases to answer."""
    from anshin.cases.models import Case

    rows = Case.objects.filter(status="open", customer__isnull=False).order_by("-number")
    return list(rows.values_list("number", "version")[:count])


def checkpoint() -> None:
    """Let the SQLite file hold everything, so that it can be copied."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def multiply(times: int) -> None:
    """Copy cases with all that belongs to them inside the database, until there are `times` as many."""
    from django.apps import apps
    from django.db.models import F

    own = {
        "commerce.Customer": {},
        "commerce.ContactPoint": {"customer_id": "commerce.Customer", "key": "text"},
        "cases.Case": {"customer_id": "commerce.Customer", "number": "cases.Case", "external_key": "text"},
        "cases.CaseTag": {"case_id": "cases.Case"},
        "cases.Message": {"case_id": "cases.Case", "message_key": "text"},
        "journal.JournalEntry": {"case_id": "cases.Case"},
    }
    last = copy_rows(own, times)
    _multiply_index(times, last["cases.Case"])
    apps.get_model("cases.Counter").objects.update(count=F("count") * times)
    apps.get_model("cases.CaseNumbering").objects.update(last_number=F("last_number") * times)


def copy_rows(own: dict[str, dict[str, str]], times: int) -> dict[str, int]:
    """Copy all rows of these tables inside the database until there are `times` as many; the last ids of before.

    `own`: model to its changed columns: a model by whose last id a number moves on, or "text" for a prefix.
    """
    from django.apps import apps
    from django.db import connection, transaction
    from django.db.models import Max

    last = {name: apps.get_model(name).objects.aggregate(last=Max("id"))["last"] for name in own}
    for turn in range(1, times):
        with transaction.atomic(), connection.cursor() as cursor:
            for name, changed in own.items():
                table, columns = apps.get_model(name)._meta.db_table, []
                for field in apps.get_model(name)._meta.concrete_fields:
                    column = f'"{field.column}"'
                    what = changed.get(field.attname)
                    if field.primary_key or what in last:
                        columns.append(f"{column} + {last[what or name] * turn}")
                    else:
                        copied = f"CASE {column} WHEN '' THEN '' ELSE '{turn}.' || {column} END"
                        columns.append(copied if what == "text" else column)
                into = ", ".join(f'"{field.column}"' for field in apps.get_model(name)._meta.concrete_fields)
                rows = f'SELECT {", ".join(columns)} FROM "{table}" WHERE id <= {last[name]}'
                cursor.execute(f'INSERT INTO "{table}" ({into}) {rows}')
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in own:
                table = apps.get_model(name)._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM \"{table}\"))"
                )
    return last


def _multiply_index(times: int, last_case: int) -> None:
    """Let the copies of a case be found as it is: the same texts and tokens, a few places later in the same second.

    What was planted to be found once stays the only one of its kind.
    """
    from django.db import connection, transaction

    from anshin.cases.models import Message
    from anshin.plumbing.search.index import SLOTS

    planted = Message.objects.filter(message_key__startswith="planted-", case_id__lte=last_case)
    out = ", ".join(map(str, [0, *planted.values_list("case_id", flat=True)]))
    which = f"d.object_id <= {last_case} AND d.object_id NOT IN ({out})"
    step = SLOTS // times
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
            cursor.execute("DROP INDEX search_tokens_gin")
        for turn in range(1, times):
            for statement in _copies_of_documents(turn * step, turn * last_case):
                cursor.execute(f"{statement} WHERE {which}")
            if connection.vendor == "postgresql":
                tokens = f"SELECT t.key + {turn * step}, t.tokens FROM search_tokens t"
                join = "JOIN search_indexeddocument d ON d.key = t.key"
                cursor.execute(f"INSERT INTO search_tokens (key, tokens) {tokens} {join} WHERE {which}")
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE INDEX search_tokens_gin ON search_tokens USING gin (tokens) WITH (gin_pending_list_limit = 256)"
            )
        else:
            _copy_tokens(cursor, which, [turn * step for turn in range(1, times)])


def _copies_of_documents(shift: int, ids: int) -> list[str]:
    """The beginnings of the statements that copy rows of documents and parts."""
    documents = f"SELECT d.key + {shift}, d.shop_id, d.kind, d.object_id + {ids}, d.area FROM search_indexeddocument d"
    parts = f"SELECT p.document_id + {shift}, p.part, p.text, p.words FROM search_indexedpart p"
    return [
        f"INSERT INTO search_indexedpart (document_id, part, text, words) {parts}"
        " JOIN search_indexeddocument d ON d.key = p.document_id",
        f"INSERT INTO search_indexeddocument (key, shop_id, kind, object_id, area) {documents}",
    ]


def _copy_tokens(cursor: object, which: str, shifts: list[int]) -> None:
    """Write the tokens of each of SQLite's documents once more for every copy; the index does not give them back."""
    from anshin.plumbing.search.index import tokens_again
    from anshin.plumbing.search.models import IndexedDocument, IndexedPart

    rows = list(IndexedDocument.objects.extra(where=[which.replace("d.", "")]).order_by("key"))
    for start in range(0, len(rows), 1_000):
        portion = rows[start : start + 1_000]
        parts: dict[int, list[tuple[str, str, str]]] = {row.key: [] for row in portion}
        for part in IndexedPart.objects.filter(document__in=portion):
            parts[part.document_id].append((part.part, part.text, part.words))
        given = [(row.key, tokens_again(row.shop_id, row.area, parts[row.key])) for row in portion]
        cursor.executemany(  # type: ignore[attr-defined]
            "INSERT INTO search_tokens(rowid, tokens) VALUES (%s, %s)",
            [(key + shift, tokens) for key, tokens in given for shift in shifts],
        )
