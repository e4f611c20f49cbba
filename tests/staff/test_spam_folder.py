"""The spam folder on the desk: its place in the rail, the way in and the one click back, alone and by the dozen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.cases.models import Case
from anshin.cases.terms import Party, Status
from tests.cases.writing import arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from django.test import Client

    from anshin.shops.models import Membership, Shop

pytestmark = pytest.mark.django_db

STRANGER = Party("当選事務局", "lucky@spam.example")


def spam(shop: Shop, key: str = "s@x", minutes: int = 0) -> Case:
    at = NOW + timedelta(minutes=minutes)
    checks = {"spam": "rspamd", "spam_score": "15.20"}
    return arrive(shop, key, at=at, sender=STRANGER, subject=f"当選 {key}", spam_by="rspamd", sender_checks=checks).case


def status_of(case: Case) -> str:
    return Case.objects.values_list("status", flat=True).get(pk=case.pk)


def test_the_folder_stands_in_the_rail_with_its_count_and_lists_its_cases(
    client: Client, shop: Shop, agent: Membership
) -> None:
    spam(shop)
    arrive(shop, "a@x", at=NOW)
    client.force_login(agent.person)

    page = client.get(f"/s/{shop.slug}/inbox/spam")

    assert [(each["label"], each["count"]) for each in page.context["rail_views"]][-1] == ("迷惑メール", 1)
    assert [row.customer for row in page.context["rows"]] == ["当選事務局"]
    assert "迷惑メールではない" in page.content.decode()
    everything = client.get(f"/s/{shop.slug}/inbox/all")
    assert [row.subject for row in everything.context["rows"]] == ["届いたバッグの色が写真と違います"]
    assert everything.context["view"]["count_words"] == "1件"


def test_a_page_of_the_folder_makes_at_most_eight_queries(client: Client, shop: Shop, agent: Membership) -> None:
    for n in range(60):
        spam(shop, f"s{n}@x", minutes=n)
    client.force_login(agent.person)
    client.get(f"/s/{shop.slug}/inbox/spam")

    with CaptureQueriesContext(connection) as seen:
        assert len(client.get(f"/s/{shop.slug}/inbox/spam").context["rows"]) == 50

    assert len(seen) <= 8


def test_the_case_says_why_it_lies_there_and_comes_back_with_one_click(
    client: Client, shop: Shop, agent: Membership
) -> None:
    case = spam(shop)
    client.force_login(agent.person)
    here = f"/s/{shop.slug}/c/{case.number}"

    page = client.get(here).content.decode()
    assert "メールの提供会社（rspamd 15.20）が迷惑メールと判定しました。" in page
    assert f'action="{here}/not-spam"' in page
    assert 'popovertarget="snooze-menu"' not in page
    answer = client.post(f"{here}/not-spam", headers={"HX-Request": "true"})

    assert status_of(case) == Status.OPEN
    assert f"{here}/spam" in answer["HX-Trigger"]
    assert "と判定しました" not in client.get(here).content.decode()


def test_a_click_puts_a_case_away_and_the_undo_brings_it_back(client: Client, shop: Shop, agent: Membership) -> None:
    case = arrive(shop, "a@x", at=NOW).case
    client.force_login(agent.person)
    here = f"/s/{shop.slug}/c/{case.number}"
    assert f'action="{here}/spam"' in client.get(here).content.decode()

    answer = client.post(f"{here}/spam", headers={"HX-Request": "true"})
    assert status_of(case) == Status.SPAM
    assert f"{here}/spam/undo" in answer["HX-Trigger"]
    assert f"{agent.person}さんが迷惑メールに入れました。" in client.get(here).content.decode()
    client.post(f"{here}/spam/undo", headers={"HX-Request": "true"})

    assert status_of(case) == Status.OPEN


def test_several_go_and_come_at_once_with_undo(client: Client, shop: Shop, agent: Membership) -> None:
    cases = [arrive(shop, f"{n}@x", at=NOW, subject=f"件 {n}").case for n in range(3)]
    client.force_login(agent.person)
    picked = [str(case.number) for case in cases[:2]]
    bulk = f"/s/{shop.slug}/inbox/open/bulk"

    answer = client.post(bulk, {"case": picked, "spam": "1"}, headers={"HX-Request": "true"})
    assert [status_of(case) for case in cases] == [Status.SPAM, Status.SPAM, Status.OPEN]
    undo = f"{bulk}?undo_spam=1&case={picked[0]}&case={picked[1]}"
    assert undo in answer["HX-Trigger"]
    client.post(undo, headers={"HX-Request": "true"})
    assert [status_of(case) for case in cases] == [Status.OPEN] * 3

    folder = f"/s/{shop.slug}/inbox/spam/bulk"
    client.post(bulk, {"case": picked, "spam": "1"}, headers={"HX-Request": "true"})
    client.post(folder, {"case": picked, "not_spam": "1"}, headers={"HX-Request": "true"})
    assert [status_of(case) for case in cases] == [Status.OPEN] * 3


def test_answering_spam_is_refused_in_words_and_nothing_leaves(
    client: Client, shop: Shop, agent: Membership, post: object
) -> None:
    case = spam(shop)
    client.force_login(agent.person)
    values = {"text": "はい", "to": STRANGER.mail, "seen": "1"}

    answer = client.post(f"/s/{shop.slug}/c/{case.number}/reply", values, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert "迷惑メールに入っています" in answer.content.decode()
    assert status_of(case) == Status.SPAM
    assert case.messages.count() == 1


def test_in_the_place_of_the_reply_stands_the_way_out(client: Client, shop: Shop, agent: Membership) -> None:
    case = spam(shop)
    client.force_login(agent.person)
    address = f"/s/{shop.slug}/c/{case.number}"

    page = client.get(address).content.decode()
    assert "迷惑メールに入っている案件には返信できません。" in page
    assert 'id="write-reply"' not in page
    assert 'id="write-note"' in page

    client.post(f"{address}/not-spam")
    page = client.get(address).content.decode()
    assert "返信できません" not in page
    assert 'id="write-reply"' in page


def test_who_may_not_triage_reads_why_and_has_no_button(client: Client, shop: Shop, warehouse: Membership) -> None:
    case = spam(shop)
    client.force_login(warehouse.person)
    page = client.get(f"/s/{shop.slug}/c/{case.number}").content.decode()
    assert "迷惑メールに入っている案件には返信できません。" in page
    assert "not-spam" not in page
