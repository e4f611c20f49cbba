"""A write with an Idempotency-Key is done once."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from anshin.cases.models import Note
from anshin.integrations import actions
from anshin.integrations.actions import Answered, once
from anshin.integrations.models import ApiKey, KeptAnswer
from anshin.plumbing.journal.models import JournalEntry
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db


def test_the_same_write_again_gets_the_first_answer_and_does_nothing(program, owner, shop, now):
    arrive(shop, "a@mail.example", at=now)
    asked = program(owner)
    first = asked.post("/cases/1/notes", {"text": "倉庫に確認中"}, "one")
    second = asked.post("/cases/1/notes", {"text": "倉庫に確認中"}, "one")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true" and not first.has_header("Idempotency-Replayed")
    assert Note.objects.count() == 1
    assert JournalEntry.objects.filter(event="case.note_added").count() == 1


def test_the_same_word_for_something_else_is_refused(program, owner, shop, now):
    arrive(shop, "a@mail.example", at=now)
    asked = program(owner)
    asked.post("/cases/1/notes", {"text": "a"}, "one")
    answer = asked.post("/cases/1/notes", {"text": "b"}, "one")
    assert answer.status_code == 422 and json.loads(answer.content)["code"] == "idempotency-key-reused"
    assert Note.objects.count() == 1


def test_two_keys_may_use_the_same_word(program, owner, agent, shop, now):
    arrive(shop, "a@mail.example", at=now)
    program(owner).post("/cases/1/notes", {"text": "a"}, "one")
    assert program(agent, by=owner).post("/cases/1/notes", {"text": "a"}, "one").status_code == 201
    assert Note.objects.count() == 2


@pytest.mark.parametrize("word", ["", "a b", "あ", "x" * 256, "a\x7f"])
def test_a_word_that_is_none_is_refused_before_anything_is_done(program, owner, shop, now, word):
    arrive(shop, "a@mail.example", at=now)
    asked = program(owner)
    answer = asked.client.post(
        "/api/v1/cases/1/notes",
        {"text": "a"},
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {asked.secret}",
        **({"HTTP_IDEMPOTENCY_KEY": word} if word else {}),
    )
    assert answer.status_code == 400 and json.loads(answer.content)["code"] == "no-idempotency-key"
    assert not Note.objects.exists()


def test_a_refusal_is_kept_too(program, owner, shop, now):
    arrive(shop, "a@mail.example", at=now)
    asked = program(owner)
    first = asked.post("/cases/1/messages", {"text": "x", "read_at_version": 0}, "one")
    assert first.status_code in {409, 422}
    assert asked.post("/cases/1/messages", {"text": "x", "read_at_version": 0}, "one").content == first.content


def test_a_write_that_is_being_done_is_not_begun_again(program, owner, shop, now, later):
    arrive(shop, "a@mail.example", at=now)
    program(owner)
    key = ApiKey.objects.select_related("member").get()
    inner = []

    def do():
        with pytest.raises(actions.StillBeingDone):
            once(key, word="one", fingerprint="f", do=lambda: inner.append(1), clock=lambda: now)
        return Answered(200, "application/json", "{}")

    once(key, word="one", fingerprint="f", do=do, clock=lambda: now)
    assert inner == []
    again = once(key, word="one", fingerprint="f", do=lambda: inner.append(1), clock=lambda: later)
    assert again.is_repeated and inner == []


def test_what_died_in_the_middle_is_done_after_its_lease_and_before_not(program, owner, now):
    program(owner)
    key = ApiKey.objects.select_related("member").get()
    KeptAnswer.objects.create(
        shop_id=key.shop_id,
        key=key,
        word="one",
        fingerprint="f",
        token="dead",
        begun_at=now,
        lease_until=now + timedelta(seconds=60),
    )

    def do():
        return Answered(200, "application/json", "{}")

    with pytest.raises(actions.StillBeingDone):
        once(key, word="one", fingerprint="f", do=do, clock=lambda: now + timedelta(seconds=59))
    done = once(key, word="one", fingerprint="f", do=do, clock=lambda: now + timedelta(seconds=60))
    assert not done.is_repeated and KeptAnswer.objects.get().status == 200


def test_a_slow_one_that_was_taken_over_leaves_nothing_behind(program, owner, shop, now):
    program(owner)
    case = arrive(shop, "a@mail.example", at=now).case
    key = ApiKey.objects.select_related("member__person", "member__shop").get()

    def do():
        KeptAnswer.objects.update(token="somebody else")
        Note.objects.create(shop=shop, case=case, at=now, text="x")
        return Answered(200, "application/json", "{}")

    with pytest.raises(actions.TakenOver):
        once(key, word="one", fingerprint="f", do=do, clock=lambda: now)
    assert not Note.objects.exists()


def test_what_broke_down_is_forgotten_so_that_it_can_be_tried_again(program, owner, now):
    program(owner)
    key = ApiKey.objects.select_related("member").get()

    def broken():
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError), transaction.atomic():
        once(key, word="one", fingerprint="f", do=broken, clock=lambda: now)
    assert not KeptAnswer.objects.exists()


def test_answers_are_forgotten_after_a_day(program, owner, shop, now):
    program(owner)
    key = ApiKey.objects.select_related("member").get()
    once(key, word="one", fingerprint="f", do=lambda: Answered(200, "a/b", "{}"), clock=lambda: now)
    assert actions.forget_answers(now=now + timedelta(hours=24)) == 0
    assert actions.forget_answers(now=now + timedelta(hours=24, seconds=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_do_it_once(program, owner, now):
    if connection.vendor != "postgresql":
        pytest.skip("the test database of SQLite is one thread's own")
    program(owner)
    key = ApiKey.objects.get()
    begun, asked, told = threading.Event(), threading.Event(), []

    def first():
        def do():
            begun.set()
            assert asked.wait(20)
            return Answered(201, "application/json", "{}")

        told.append(once(key, word="one", fingerprint="f", do=do, clock=lambda: now))
        connection.close()

    def second():
        assert begun.wait(20)
        try:
            once(key, word="one", fingerprint="f", do=lambda: told.append("twice"), clock=lambda: now)
        except actions.StillBeingDone as refusal:
            told.append(refusal.retry_after_seconds)
        asked.set()
        connection.close()

    threads = [threading.Thread(target=each) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert told == [2, Answered(201, "application/json", "{}")]
