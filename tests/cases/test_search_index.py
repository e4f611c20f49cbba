"""The search index follows the cases: every verb that changes what a case says, and above all those that erase."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from anshin.cases import actions
from anshin.cases.actions.indexing import index_cases
from anshin.cases.queries.search_documents import AREA, SPAM_AREA
from anshin.cases.terms import ErasureGround, IncomingFile, Party, RetentionPurpose, StrikeReason
from anshin.language.search_queries import read_query
from anshin.plumbing.files.store import keep
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.search import finding
from anshin.plumbing.search.models import IndexedDocument, IndexedPart, Rebuild
from anshin.plumbing.search.terms import Scope, Term
from tests.cases.writing import KASHIWAGI, MIKUMO, arrive

pytestmark = pytest.mark.django_db
CARD = "4111 1111 1111 1111"


def found(shop, typed, *, areas=(AREA,), sees_inner=True):
    """Ids of the cases that are found."""
    terms = [Term(each.plain, each.words, each.is_excluded) for each in read_query(typed).texts]
    hits = finding.find(terms, Scope(shop.pk, areas, sees_inner), size=50)
    return [hit.object_id for hit in hits.items]


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@x", at=now, subject="色違いの件", text="生成りを頼みました。").case


def test_a_message_is_found_when_its_job_has_run(shop, now):
    case = arrive(shop, "a@x", at=now, subject="色違いの件", text="生成りを頼みました。").case
    assert found(shop, "生成り") == []
    run_due_jobs(now)
    for typed in ("生成り", "色違い", "柏木", "由紀子", "y-kashiwagi@mail.example", f"#{case.number}"):
        assert found(shop, typed) == [case.pk], typed


def test_a_case_by_itself_costs_few_statements(shop, case, django_assert_num_queries):
    index_cases([case.pk], shop_id=shop.pk)
    with django_assert_num_queries(20 if connection.vendor == "postgresql" else 21):
        index_cases([case.pk, case.pk], shop_id=shop.pk)
    assert found(shop, "生成り") == [case.pk]


def test_names_of_files_orders_and_telephone_numbers_are_found(shop, agent, now):
    from anshin.commerce.actions import take_in_order
    from anshin.commerce.terms import Buyer, IncomingOrder, SalesChannel
    from anshin.plumbing.journal.actors import Actor

    buyer = Buyer(name=KASHIWAGI.name, kana="カシワギ ユキコ", mail=KASHIWAGI.mail, phone="090-1234-5678")
    order = IncomingOrder(channel=SalesChannel.OWN, number="KM-20417", ordered_at=now, buyer=buyer)
    take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=now)
    blob = keep(shop.pk, b"x", now=now)
    case = arrive(shop, "a@x", at=now, files=(IncomingFile(blob.pk, "ふくろの写真.jpg"),)).case
    run_due_jobs(now)
    for typed in ("ふくろの写真", "KM20417", "ＫＭ－２０４１７", "090 1234 5678", "かしわぎ", "ｶｼﾜｷﾞ"):
        assert found(shop, typed) == [case.pk], typed


def test_a_reply_is_found_and_one_taken_back_is_not(shop, agent, case, post, now):
    message = actions.reply(
        by=agent, case_id=case.pk, text="交換品を送ります", to=[KASHIWAGI], read_at_version=1, now=now
    )
    run_due_jobs(now)
    assert found(shop, "交換品") == [case.pk]

    actions.take_back(by=agent, message_id=message.pk, now=now)
    run_due_jobs(now)
    assert found(shop, "交換品") == []
    assert found(shop, "生成り") == [case.pk]


def test_a_note_is_found_by_those_who_may_see_notes_only(shop, agent, case, now):
    actions.add_note(by=agent, case_id=case.pk, text="倉庫で撮影ミス", now=now)
    run_due_jobs(now)
    assert found(shop, "撮影ミス") == [case.pk]
    assert found(shop, "撮影ミス", sees_inner=False) == []


def test_a_merged_case_is_found_as_the_one_that_goes_on(shop, agent, case, now):
    other = arrive(shop, "b@x", at=now, sender=MIKUMO, subject="別件", text="湯呑みが欠けています").case
    run_due_jobs(now)
    actions.merge(by=agent, case_id=other.pk, into_number=case.number, now=now)
    run_due_jobs(now)
    assert found(shop, "湯呑み") == [case.pk]
    assert found(shop, f"#{other.number}") == [case.pk]


def test_a_split_case_is_found_for_its_part(shop, agent, case, now):
    second = arrive(shop, "b@x", at=now, subject="色違いの件", text="それと湯呑みも欠けています")
    assert second.case.pk == case.pk
    new = actions.split(by=agent, case_id=case.pk, message_ids=[second.message.pk], subject="湯呑み", now=now)
    run_due_jobs(now)
    assert found(shop, "欠けています") == [new.pk]
    assert found(shop, "生成り") == [case.pk]


def test_spam_is_found_only_where_spam_is_asked_for(shop, agent, case, now):
    actions.mark_spam(by=agent, case_id=case.pk, now=now)
    run_due_jobs(now)
    assert found(shop, "生成り") == []
    assert found(shop, "生成り", areas=(SPAM_AREA,)) == [case.pk]
    actions.not_spam(by=agent, case_id=case.pk, now=now)
    run_due_jobs(now)
    assert found(shop, "生成り") == [case.pk]


def test_a_linked_order_is_found_until_it_is_taken_away(shop, agent, now):
    from anshin.commerce.actions import take_in_order
    from anshin.commerce.terms import Buyer, IncomingOrder, SalesChannel
    from anshin.plumbing.journal.actors import Actor

    case = arrive(shop, "a@x", at=now).case
    order = IncomingOrder(
        channel=SalesChannel.OWN, number="KM-90001", ordered_at=now, buyer=Buyer(name="三雲", mail=MIKUMO.mail)
    )
    take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=now)
    actions.link_order(by=agent, case_id=case.pk, order_number="KM-90001", now=now)
    run_due_jobs(now)
    assert found(shop, "km90001") == [case.pk]
    link = case.order_links.get()
    actions.unlink_order(by=agent, case_id=case.pk, order_id=link.order_id, now=now)
    run_due_jobs(now)
    assert found(shop, "km90001") == []


def test_card_numbers_are_never_in_the_index(shop, now):
    case = arrive(shop, "a@x", at=now, text=f"カード番号 {CARD} で払いました").case
    run_due_jobs(now)
    assert found(shop, "払いました") == [case.pk]
    for typed in (CARD, CARD.replace(" ", ""), '"4111 1111"', "4111"):
        assert found(shop, typed) == [], typed
    assert not IndexedPart.objects.filter(text__contains="4111").exists()


def test_one_insert_is_all_that_a_message_waits_for(shop, agent, case, post, now, django_assert_num_queries):
    from anshin.cases.actions.indexing import ask_to_index
    from anshin.plumbing.jobs import wake

    wake.ring_after_commit()  # whatever else the transaction asked for has rung already
    with django_assert_num_queries(1):
        ask_to_index([case.pk], shop_id=shop.pk, now=now)


def test_a_document_moves_to_the_time_of_the_last_activity(shop, case, now):
    run_due_jobs(now)
    before = IndexedDocument.objects.get().key
    arrive(shop, "b@x", at=now + timedelta(hours=1), subject="色違いの件", text="追伸")
    run_due_jobs(now + timedelta(hours=1))
    document = IndexedDocument.objects.get()
    assert document.key > before
    assert found(shop, "追伸 生成り") == [case.pk]


def test_what_was_struck_out_is_found_no_more_at_once(shop, manager, agent, case, now):
    actions.add_note(by=agent, case_id=case.pk, text="生成りを頼みました、と言う", now=now)
    other = arrive(shop, "b@x", at=now, sender=MIKUMO, subject="別件", text="見本の件").case
    actions.add_note(by=agent, case_id=other.pk, text="柏木様は「生成りを頼みました」とのこと", now=now)
    run_due_jobs(now)
    assert len(found(shop, '"生成りを頼み"')) == 2
    message = case.messages.get()
    actions.strike(
        by=manager, message_id=message.pk, texts=["生成りを頼みました"], file_ids=[], reason=StrikeReason.ASKED, now=now
    )
    assert found(shop, '"生成りを頼み"') == []
    assert found(shop, "生成り") == []
    assert found(shop, "色違い") == [case.pk]
    assert found(shop, "見本") == [other.pk]


def test_an_erased_customer_is_found_no_more_at_once(shop, manager, case, now):
    run_due_jobs(now)
    assert found(shop, "柏木") == [case.pk]
    actions.close(by=manager, case_id=case.pk, resolution="answered", now=now)
    actions.erase_customer(
        by=manager,
        customer_id=case.customer_id,
        ground=ErasureGround.values[0],
        requested_on=now.date(),
        now=now,
    )
    for typed in ("柏木", "生成り", "色違い", "y-kashiwagi@mail.example", "y-kashiwagi"):
        assert found(shop, typed) == [], typed


def test_what_was_kept_for_long_enough_is_found_no_more_at_once(shop, owner, case, now):
    run_due_jobs(now)
    actions.close(by=owner, case_id=case.pk, resolution="answered", now=now)
    actions.set_retention(by=owner, days={RetentionPurpose.TEXTS: 30}, now=now)
    assert actions.apply_retention(now=now + timedelta(days=31)) == 1
    assert found(shop, "生成り") == []


def test_a_job_that_read_before_the_strike_does_not_bring_it_back(shop, manager, case, now, monkeypatch):
    """The job has read the texts; then they are struck out; then the job writes."""
    from anshin.cases.actions import indexing

    run_due_jobs(now)
    real = indexing.search_documents
    struck = []

    def read_then_strike(shop_id, cases, reader):
        documents = real(shop_id, cases, reader)
        if not struck:
            struck.append(True)
            message = case.messages.get()
            actions.strike(
                by=manager,
                message_id=message.pk,
                texts=["生成りを頼み"],
                file_ids=[],
                reason=StrikeReason.ASKED,
                now=now,
            )
        return documents

    monkeypatch.setattr(indexing, "search_documents", read_then_strike)
    index_cases([case.pk], shop_id=shop.pk)
    assert found(shop, "生成り") == []


def stored_tokens():
    """Everything that lies in the index's own pages, as text."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT hex(block) FROM search_tokens_data")
            return b"".join(bytes.fromhex(row[0]) for row in cursor.fetchall())
        cursor.execute("SELECT tokens::text FROM search_tokens")
        return "".join(row[0] for row in cursor.fetchall()).encode()


def hashed_tokens(shop, words):
    from anshin.plumbing.search.hashing import hashes
    from anshin.plumbing.search.terms import Part

    return [hashes(shop.pk, AREA, Part.BODY)[word].encode() for word in words]


def segments(part_of_tokens):
    """FTS5 keeps the tokens of a page with what they share with the one before left out: the tail must be there."""
    return part_of_tokens[-5:]


def test_nothing_of_it_stays_in_the_index_when_the_purge_has_run(shop, manager, case, now):
    for number in range(30):
        arrive(shop, f"m{number}@x", at=now, sender=Party("三雲", f"m{number}@x.example"), text=f"見本 {number} です")
        run_due_jobs(now)
    secret = hashed_tokens(shop, ["生成", "成リ", "リヲ", "ヲ頼"])
    assert all(segments(token) in stored_tokens() for token in secret)
    message = case.messages.get()
    actions.strike(
        by=manager, message_id=message.pk, texts=["生成りを頼みました"], file_ids=[], reason=StrikeReason.ASKED, now=now
    )
    run_due_jobs(now)
    left = stored_tokens()
    assert not any(segments(token) in left for token in secret)
    assert found(shop, "見本")


def test_reindex_goes_on_where_it_was_broken_off(shop, now, monkeypatch):
    from anshin.cases.actions import reindexing

    monkeypatch.setattr(reindexing, "AT_ONCE", 2)
    cases = [
        arrive(shop, f"m{n}@x", at=now, sender=Party("三雲", f"m{n}@x.example"), text=f"見本{n}").case for n in range(5)
    ]
    run = actions.reindex(shop_id=shop.pk, now=now)
    assert [(each.done, each.total) for each in (next(run), next(run))] == [(0, 5), (2, 5)]
    run.close()
    assert Rebuild.objects.get().last_id == cases[1].pk
    assert [each.done for each in actions.reindex(shop_id=shop.pk, now=now)] == [2, 4, 5]
    assert not Rebuild.objects.exists()
    assert sorted(found(shop, "三雲")) == sorted(case.pk for case in cases)


def test_reindex_goes_from_the_oldest_activity_to_the_newest(shop, now, monkeypatch):
    """Also where something happens meanwhile: in a case that is done, and in one that is not."""
    from anshin.cases.actions import reindexing

    days = {n: now - timedelta(days=n) for n in (3, 1, 4, 2)}
    cases = {
        n: arrive(shop, f"m{n}@x", at=at, sender=Party("", f"m{n}@x.example"), text="見本").case
        for n, at in days.items()
    }
    order: list[int] = []
    index = reindexing.index_now
    monkeypatch.setattr(reindexing, "index_now", lambda ids, **given: order.extend(ids) or index(ids, **given))
    monkeypatch.setattr(reindexing, "AT_ONCE", 1)
    run = actions.reindex(shop_id=shop.pk, now=now)
    assert [next(run).done for _each in range(2)] == [0, 1]
    for n in (4, 3):
        arrive(shop, f"again{n}@x", at=now, sender=Party("", f"m{n}@x.example"), text="続き", refers_to=(f"m{n}@x",))
    assert len(list(run)) == 4
    assert order == [cases[n].pk for n in (4, 2, 1)] + sorted([cases[3].pk, cases[4].pk])
    keys = IndexedDocument.objects.order_by("key").values_list("object_id", flat=True)
    assert set(keys) == {case.pk for case in cases.values()}


def test_the_database_looks_at_its_tables_each_time_twice_as_much_is_indexed(shop, now, monkeypatch):
    from anshin.cases.actions import reindexing

    seen: list[int] = []
    monkeypatch.setattr(reindexing, "AT_ONCE", 1)
    monkeypatch.setattr(reindexing, "refresh_statistics", lambda: seen.append(Rebuild.objects.get().last_id))
    cases = [arrive(shop, f"m{n}@x", at=now, sender=Party("", f"m{n}@x.example"), text="見本").case for n in range(9)]
    assert [each.done for each in actions.reindex(shop_id=shop.pk, now=now)] == list(range(10))
    assert seen == [cases[n - 1].pk for n in (2, 4, 8)]


def test_the_demos_cases_are_indexed_together_and_leave_no_job(shop, now, monkeypatch):
    from anshin.cases import demo
    from anshin.cases.actions import indexing

    cases = [arrive(shop, f"{n}@x", at=now, sender=Party("", f"{n}@x.example"), text="見本").case for n in range(3)]
    arrive(shop, "again@x", at=now, sender=Party("", "0@x.example"), text="もう一つの見本", refers_to=("0@x",))
    portions, index = [], indexing.index_now
    monkeypatch.setattr(indexing, "index_now", lambda ids, **given: portions.append(list(ids)) or index(ids, **given))
    demo.index_together(shop)
    assert portions == [[case.pk for case in cases]]
    assert not Job.objects.filter(task="anshin.cases.jobs.index").exists()
    assert sorted(found(shop, "見本")) == [case.pk for case in cases]
