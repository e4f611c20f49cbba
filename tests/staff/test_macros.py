"""The screens for macros and phrases: who sees what, what is said when something does not fit."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.plumbing.journal.models import JournalEntry
from anshin.replies import actions
from anshin.replies.models import Macro, Phrase
from tests.cases.writing import arrive
from tests.replies.writing import JA, content

pytestmark = pytest.mark.django_db
LIST = "/s/komorebi/macros"
FILLED = {
    "name": "お調べします",
    "topic": "delivery.late_or_missing",
    "text_ja": "{{customer.name}} 様\r\nお調べします。",
    "text_en": "",
    "closes_with": "answered",
    "adds_tags": "配送、遅れ",
}


@pytest.fixture
def macro(manager, now):
    return actions.save_macro(by=manager, content=content(), now=now)


def test_the_empty_list_offers_the_first_macros_to_those_who_may(signed_in, manager, agent, still):
    assert "はじめの定型文を入れる" in signed_in(manager).get(LIST).content.decode()
    page = signed_in(agent).get(LIST).content.decode()
    assert "定型文はまだありません" in page
    assert "はじめの定型文を入れる" not in page


def test_a_macro_is_written_and_found_in_the_list(signed_in, manager, still):
    client = signed_in(manager)
    answer = client.post(f"{LIST}/new", FILLED)
    made = Macro.objects.get()
    assert answer["Location"] == f"{LIST}/{made.pk}"
    assert made.texts == {"ja": "{{customer.name}} 様\nお調べします。"}
    assert (made.closes_with, made.adds_tags) == ("answered", ["配送", "遅れ"])
    page = client.get(LIST).content.decode()
    assert "お調べします" in page
    assert "届かない・遅れている" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text_ja": "{{order.nr}}"}, "{{order.nr}} という差し込み項目はありません"),
        ({"text_ja": ""}, "日本語の文を入力してください"),
        ({"text_ko": "{{today"}, "{{ という差し込み項目はありません"),
    ],
)
def test_what_does_not_fit_is_said_and_the_text_stays(signed_in, manager, still, changes, words):
    answer = signed_in(manager).post(f"{LIST}/new", FILLED | changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "配送、遅れ" in answer.content.decode()
    assert not Macro.objects.exists()


def test_a_stale_page_says_so(signed_in, manager, macro, still):
    client = signed_in(manager)
    client.post(f"{LIST}/{macro.pk}", FILLED | {"version": "1"})
    answer = client.post(f"{LIST}/{macro.pk}", FILLED | {"version": "1", "name": "別の名前"})
    assert answer.status_code == 422
    assert "ほかの人がこの定型文を保存しました" in answer.content.decode()
    assert Macro.objects.get().name == "お調べします"


def test_the_page_of_a_macro_shows_versions_and_what_changed(signed_in, manager, macro, still):
    client = signed_in(manager)
    client.post(f"{LIST}/{macro.pk}", FILLED | {"version": "1", "text_en": content().texts["en"]})
    page = client.get(f"{LIST}/{macro.pk}").content.decode()
    assert "日本語、名前、一緒に行う操作" in page
    client.post(f"{LIST}/{macro.pk}/versions/1")
    macro.refresh_from_db()
    assert (macro.version, macro.texts["ja"]) == (3, JA)


def test_an_agent_reads_a_macro_and_changes_nothing(signed_in, agent, macro, still):
    client = signed_in(agent)
    page = client.get(f"{LIST}/{macro.pk}")
    assert page.status_code == 200
    assert "定型文を保存" not in page.content.decode()
    assert client.post(f"{LIST}/{macro.pk}", FILLED | {"version": "1"}).status_code == 403
    assert client.post(f"{LIST}/{macro.pk}/archive").status_code == 403
    assert client.post(f"{LIST}/starting-set").status_code == 403
    macro.refresh_from_db()
    assert (macro.version, macro.archived_at) == (1, None)


def test_preview_fills_in_a_recent_case_and_marks_what_is_missing(signed_in, agent, shop, still, now):
    arrive(shop, "a@x", at=now)
    page = signed_in(agent).post(f"{LIST}/preview", {"text_ja": JA}).content.decode()
    assert "柏木 由紀子 様" in page
    assert "<mark>{{order.number}}</mark>" in page
    assert "注文番号がこの案件では分かりません" in page


def test_preview_never_reads_another_shops_case(signed_in, stranger, shop, still, now):
    number = arrive(shop, "a@x", at=now).case.number
    page = signed_in(stranger).post("/s/shiosai/macros/preview", {"text_ja": JA, "case": str(number)})
    assert "柏木" not in page.content.decode()


def test_putting_away_and_duplicating(signed_in, manager, macro, still):
    client = signed_in(manager)
    client.post(f"{LIST}/{macro.pk}/archive")
    link = f'href="{LIST}/{macro.pk}"'
    assert link not in client.get(LIST).content.decode()
    assert link in client.get(f"{LIST}?archived=1").content.decode()
    client.post(f"{LIST}/{macro.pk}/archive", {"back": "1"})
    client.post(f"{LIST}/{macro.pk}/duplicate")
    assert sorted(Macro.objects.values_list("name", flat=True)) == [macro.name, f"{macro.name}（写し）"]


def test_phrases_are_made_changed_and_thrown_away(signed_in, agent, new_agent, still):
    client = signed_in(agent)
    client.post("/s/komorebi/phrases", {"name": "結び", "text": "よろしくお願いいたします。"})
    phrase = Phrase.objects.get()
    url = f"/s/komorebi/phrases/{phrase.pk}"
    client.post(url, {"name": "結び", "text": "どうぞよろしくお願いいたします。"})
    assert Phrase.objects.get().text == "どうぞよろしくお願いいたします。"
    assert signed_in(new_agent).get(url).status_code == 422
    signed_in(new_agent).post(f"{url}/remove")
    assert Phrase.objects.count() == 1
    client.post(f"{url}/remove")
    assert not Phrase.objects.exists()


def test_the_list_costs_the_same_however_long_it_is(signed_in, manager, macro, still, now):
    client = signed_in(manager)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(LIST).status_code == 200
        return len(seen)

    queries()
    few = queries()
    for n in range(40):
        actions.save_macro(by=manager, content=content(name=f"定型文 {n}"), now=now)
    assert queries() == few
    assert few <= 6


def test_the_journal_names_macros_and_holds_no_texts(macro):
    payload = JournalEntry.objects.get(event="reply.macro_saved").payload
    assert set(payload) == {"macro_id", "title", "version"}
