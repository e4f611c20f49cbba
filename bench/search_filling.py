"""What bench/search.py plants into its desk and asks of it. Runs inside the desk's environment."""

import json
import os
import time
from datetime import timedelta
from pathlib import Path

from django import setup

setup()

# (mail as it came, queries that must find it and nothing else)
PLANTED = (
    ("白樺の箸置きが一つ足りません。", ("白樺の箸置き", "箸置き", "白樺", '"白樺の箸置き"')),
    ("ハシオキの色を選べますか。", ("ハシオキ", "はしおき", "ﾊｼｵｷ", "ﾊｼｵｷの色")),
    ("冷蔵箱を引越し先へ送ってください。", ("冷蔵箱", "引っ越し 冷蔵箱", "引越 冷蔵箱", '"引越し先へ"')),
    ("サーバの棚板を探しています。", ("サーバー", "サーバ", "ｻｰﾊﾞｰ", "棚板")),
    ("店頭での打合せは可能でしょうか。", ("打ち合わせ", "打合せ", "打合わせ")),
    ("髙𣘺と申します。﨑陽軒の隣です。", ("高橋 隣", "髙𣘺 隣", "崎陽軒", "﨑陽軒")),
    ("渡邊です。渡邉ではありません。邊の字です。", ("辺の字", "邊の字", "邉の字")),
    ("注文番号ＫＭ－００４１７の件です。", ("KM-00417", "KM00417", "km 00417", "ＫＭ００４１７", "00417")),
    ("電話は０９０－１１１１－２２２２です。", ("090-1111-2222", "09011112222", "090 1111 2222", "+81-90-1111-2222")),
    ("連絡先は kuroda-t@planted.example です。", ("kuroda-t@planted.example", "kuroda-t", "planted.example")),
    ("Zephyrusのケースは入荷しますか。", ("zephyrus", "ＺＥＰＨＹＲＵＳ", "Zephyrusのケース")),
    ("お皿の角が少し欠けていました。", ('"角が少し欠けて"', "「角が少し欠けて」")),
    ("角を曲がった店で、皿が欠けていないものを少し。", ('"角を曲がった"', "角 店 曲がった")),
)


def unindexed() -> int:
    """How many cases are not in the index and ought to be. Copies of what was planted are kept out of it on purpose."""
    from anshin.cases.models import Case, Message
    from anshin.plumbing.search.models import IndexedDocument

    copies = Message.objects.filter(message_key__contains=".planted-").count()
    return max(0, Case.objects.filter(merged_into=None).count() - copies - IndexedDocument.objects.count())


def rest() -> None:
    """Take out the jobs that the import left for the index: everything is in it."""
    from anshin.plumbing.jobs.models import Job

    Job.objects.filter(task="anshin.cases.jobs.index", state="waiting").delete()


def check() -> None:
    """Plant, search, and print what was missed and what was wrong as JSON."""
    from anshin.cases.queries import search_cases
    from anshin.plumbing import clock
    from anshin.plumbing.search.terms import Ranking
    from anshin.shops.queries import staff_of

    shop, places = _planted()
    by = staff_of(shop)[0]
    told, asked, missed, wrong, hits = [], 0, 0, 0, 0
    wanted: dict[str, set[int]] = {}
    for case_id, (_text, queries) in zip(places, PLANTED, strict=True):
        for query in queries:
            wanted.setdefault(query, set()).add(case_id)
    for query, ids in wanted.items():
        results = search_cases(by, query, ranking=Ranking.NEWEST, now=clock.now())
        found = {each.row.id for each in results.cases}
        asked, hits = asked + len(ids), hits + results.count
        missed, wrong = missed + len(ids - found), wrong + results.count - len(ids & found)
        if found != ids or results.count != len(ids):
            told.append(f"{query}: {len(ids & found)} of {len(ids)}, {results.count} in all")
    print(json.dumps({"asked": asked, "missed": missed, "wrong": wrong, "hits": hits, "told": told}))


def rate() -> None:
    """Index 2,000 cases anew and print messages and CPU-ms, those of PostgreSQL's process included."""
    from django.db import connection

    from anshin.cases.actions.indexing import index_cases
    from anshin.cases.models import Case, Message

    shop_id = _shop().pk
    ids = list(Case.objects.filter(shop_id=shop_id).order_by("id").values_list("pk", flat=True)[:2_200])
    index_cases(ids[:200], shop_id=shop_id)
    from anshin.plumbing.search import index

    index_again = ids[200:]
    from django.db import transaction

    with transaction.atomic():
        index.remove("case", index_again, shop_id=shop_id)
    messages = Message.objects.filter(case_id__in=index_again).count()
    before = time.process_time() * 1000 + _server_ms(connection)
    index_cases(index_again, shop_id=shop_id)
    spent = time.process_time() * 1000 + _server_ms(connection) - before
    print(json.dumps({"messages": messages, "cpu_ms": spent}))


def _server_ms(connection: object) -> float:
    """CPU-ms of the PostgreSQL process behind this connection."""
    if connection.vendor == "sqlite":  # type: ignore[attr-defined]
        return 0.0
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _shop():  # noqa: ANN202
    from anshin.shops.queries import shop_by_slug
    from bench.desk import SLUG

    return shop_by_slug(SLUG)


def _planted():  # noqa: ANN202
    """The shop, and the ids of the planted cases in their order; planted when they are not there yet."""
    from anshin.cases.actions import receive_message
    from anshin.cases.actions.indexing import index_cases
    from anshin.cases.terms import Channel, IncomingMessage, Party
    from anshin.plumbing import clock

    shop, now, ids = _shop(), clock.now(), []
    for place, (text, _queries) in enumerate(PLANTED):
        message = IncomingMessage(
            channel=Channel.EMAIL,
            sender=Party("", f"writer{place}@sown.example"),
            subject="お尋ね",
            text=text,
            message_key=f"planted-{place}@bench",
            received_at=now - timedelta(days=60 * place),
        )
        ids.append(receive_message(shop=shop, message=message, now=now).case.pk)
    index_cases(ids, shop_id=shop.pk)
    return shop, ids
