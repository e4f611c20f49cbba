"""The desk's lists of those whom no mail reaches: who sees them, what is written down, what leaves the program."""

from __future__ import annotations

import pytest

from anshin.plumbing.journal.models import JournalEntry
from anshin.safety import actions
from anshin.safety.models import Approach, LetterBundle, PersonToTell
from anshin.safety.terms import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


@pytest.fixture
def public(approved, bought, publish_at):
    """Released; one to be called, one to be written to."""
    bought(name="=電話", mail="", phone="090-0000-0001")
    bought(name="手紙", mail="", place="東京都台東区1-2", language="en")
    actions.release_due(now=publish_at)
    actions.announce(approved.pk, now=publish_at)
    approved.refresh_from_db()
    return approved


def at(advisory, what=""):
    return f"/s/komorebi/safety/{advisory.key}{what}"


def test_a_clerk_calls_and_writes_and_the_lists_empty(public, agent, signed_in):
    desk = signed_in(agent)
    shown = desk.get(at(public, "/tell")).content.decode()
    assert 'href="tel:090-0000-0001"' in shown
    assert "東京都台東区1-2" not in shown
    caller = PersonToTell.objects.get(way="by_phone")
    told = {"list": "phone", "seen": "0", "result": "said:stopped", "words": "了解"}
    assert desk.post(at(public, f"/tell/{caller.pk}"), told).status_code == 302
    assert "090-0000-0001" not in desk.get(at(public, "/tell?list=phone")).content.decode()
    assert desk.post(at(public, "/letters")).status_code == 302
    pdf = desk.get(at(public, "/letters/1.pdf"))
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert desk.post(at(public, "/letters/1/posted")).status_code == 302
    assert set(PersonToTell.objects.values_list("state", flat=True)) == {"told"}
    assert "手紙を出した" in desk.get(at(public, "/tell?list=told")).content.decode()
    page = desk.get(at(public)).content.decode()
    assert "メールが届かない方が2名います" in page
    report = desk.get(at(public, "/report")).content.decode()
    for words in ("電話で知らせた", "手紙を出した", "開かれたかどうかは調べていません"):
        assert words in report


def test_a_refusal_stands_at_the_person_and_nothing_is_kept(public, agent, manager, signed_in, now):
    person = PersonToTell.objects.get(way="by_phone")
    where = at(public, f"/tell/{person.pk}")
    desk = signed_in(agent)
    assert desk.post(where, {"list": "phone", "seen": "0", "result": ""}).status_code == 422
    assert desk.post(where, {"list": "phone", "seen": "0", "result": "said:nonsense"}).status_code == 404
    actions.approach(by=manager, advisory_id=public.pk, person_id=person.pk, outcome=Outcome.NO_ONE, seen=0, now=now)
    late = desk.post(where, {"list": "phone", "seen": "0", "result": "told"})
    assert late.status_code == 422
    assert "別の人が先に記録しました" in late.content.decode()
    assert Approach.objects.count() == 1
    assert desk.post(at(public, "/tell/999999"), {"seen": "0", "result": "told"}).status_code == 404


def test_the_file_is_for_those_who_may_export_and_the_journal_says_who(public, agent, manager, signed_in):
    assert signed_in(agent).get(at(public, "/tell/phone.csv")).status_code == 403
    answer = signed_in(manager).get(at(public, "/tell/phone.csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    heads, line = text.splitlines()
    assert heads.startswith("名前,名前(かな),電話番号,郵便番号,住所,")
    assert line.startswith("'=電話,,090-0000-0001,,,")
    entry = JournalEntry.objects.get(event="advisory.tell_list_taken")
    assert (entry.payload["which"], entry.actor_name) == ("phone", str(manager.person))
    assert "090-" not in str(entry.payload)


def test_telephone_numbers_are_not_for_the_warehouse_nor_another_shop(public, warehouse, stranger, signed_in):
    for desk, status in ((signed_in(warehouse), 403), (signed_in(stranger), 404)):
        for what in ("/tell", "/letters/1.pdf", "/tell/phone.csv"):
            assert desk.get(at(public, what)).status_code == status
        for what in ("/letters", "/letters/1/posted", "/tell/1"):
            assert desk.post(at(public, what), {"seen": "0", "result": "told"}).status_code == status
    assert "090-0000-0001" not in signed_in(warehouse).get(at(public)).content.decode()
    assert not Approach.objects.exists()
    assert not LetterBundle.objects.exists()


def test_under_the_seal_there_are_no_lists_not_even_for_its_insiders(ready, agent, signed_in):
    desk = signed_in(agent)
    for what in ("/tell", "/tell/phone.csv", "/letters/1.pdf"):
        assert desk.get(at(ready, what)).status_code in {403, 404}
    assert desk.post(at(ready, "/letters")).status_code == 404
