"""The desk's pages of product-safety notices: who finds them, what stands on them, what is refused where."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anshin.commerce.models import Product
from anshin.plumbing.journal.models import JournalEntry
from anshin.safety import actions, queries
from anshin.safety.models import Advisory, Insider, Look, ProductMatch
from anshin.safety.terms import AdvisoryState, MatchState
from anshin.staff.rail import rail
from tests.cases.writing import arrive
from tests.safety.conftest import EN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
POSTS = ("approve", "send-back", "prepare", "people", "time", "withdraw", "close", "reopen", "remind", "match")
PAGES = ("", "/facts", "/words/ja", "/products?q=a")
TOLD = ("しずく", "発煙", "KZ-20", "kurashi-anzen")


def at(shop, key, more=""):
    return f"/s/{shop.slug}/safety/{key}{more}"


def text(answer):
    return answer.content.decode()


def count_in_rail(by):
    items = [item for section in rail(by, view=None)["rail_sections"] for item in section["items"]]
    return next(item["count"] for item in items if item["code"] == "safety")


def told_of_nothing(client, shop, key):
    """Every address answers as for a key that does not exist; returns the statuses, to see that something was tried."""
    seen = []
    for more in PAGES:
        there, nowhere = client.get(at(shop, key, more)), client.get(at(shop, "nothing-like-this", more))
        assert (there.status_code, text(there).replace(key, "")) == (
            nowhere.status_code,
            text(nowhere).replace("nothing-like-this", ""),
        ), more
        seen.append(there.status_code)
    for more in POSTS:
        sent = {"words": "x", "version": "1", "name": "1", "meant": "1", "zone": "Asia/Tokyo"}
        there, nowhere = (client.post(at(shop, each, f"/{more}"), sent) for each in (key, "nothing-like-this"))
        assert there.status_code == nowhere.status_code, more
        assert there.status_code in {403, 404}, more
        seen.append(there.status_code)
    return seen


class TestOutsiders:
    @pytest.mark.parametrize("role", ["owner", "new_agent", "manager", "warehouse"])
    def test_who_is_not_named_gets_the_answer_of_what_does_not_exist(self, request, role, signed_in, shop, sealed):
        client = signed_in(request.getfixturevalue(role))
        seen = told_of_nothing(client, shop, sealed.key)

        assert seen[0] == 404
        assert not Look.objects.exists()
        assert Advisory.objects.get().state == AdvisoryState.DRAFT
        listed = text(client.get(f"/s/{shop.slug}/safety"))
        assert not any(word in listed for word in (*TOLD, sealed.key))

    def test_another_shop_finds_nothing(self, client, stranger, shop, sealed):
        client.force_login(stranger.person)
        assert set(told_of_nothing(client, shop, sealed.key)) == {404}
        assert client.get(f"/s/{stranger.shop.slug}/safety/{sealed.key}").status_code == 404

    def test_nobody_is_led_to_the_sign_in(self, client, shop, sealed):
        for more in PAGES:
            assert client.get(at(shop, sealed.key, more))["Location"].startswith("/account/login/")

    def test_no_other_page_tells_the_owner(self, signed_in, owner, agent, manager, shop, ready, now):
        arrive(shop, "a@x", at=now, subject="ふつうの問い合わせ")
        actions.add_preparation(by=agent, advisory_id=ready.pk, words="しずくの在庫を下げる")
        client = signed_in(owner)
        for address in (
            f"/s/{shop.slug}/search?q=発煙",
            f"/s/{shop.slug}/palette?q=発煙",
            f"/s/{shop.slug}/journal",
            f"/s/{shop.slug}/jobs",
            f"/s/{shop.slug}/inbox/all",
        ):
            answer = client.get(address)
            told = text(answer)
            assert answer.status_code == 200, address
            assert "発煙のおそれ" not in told, address
            assert ready.key not in told, address
        assert not JournalEntry.objects.filter(event__startswith="advisory.").exists()

    def test_who_is_taken_off_finds_it_no_more(self, signed_in, agent, manager, shop, ready, now):
        client = signed_in(manager)
        assert client.get(at(shop, ready.key)).status_code == 200
        actions.remove_insider(by=agent, advisory_id=ready.pk, membership_id=manager.pk, now=now)
        assert client.get(at(shop, ready.key)).status_code == 404


class TestRail:
    def test_it_counts_what_waits_for_this_person_only(self, owner, agent, manager, ready):
        assert [count_in_rail(each) for each in (owner, agent, manager)] == [0, 0, 1]

    def test_what_lacks_something_or_was_sent_back_does_not_wait(self, agent, manager, sealed, ready, now):
        actions.send_back(by=manager, advisory_id=ready.pk, words="ロットを確かめてください。", now=now)
        assert count_in_rail(manager) == 0
        actions.word(by=agent, advisory_id=ready.pk, language="en", words=EN, now=now)
        assert count_in_rail(manager) == 1
        ProductMatch.objects.update(state=MatchState.PROPOSED)
        assert count_in_rail(manager) == 0


class TestPage:
    def test_the_second_person_sees_everything_and_approves(self, signed_in, manager, shop, ready, now):
        client = signed_in(manager)
        page = text(client.get(at(shop, ready.key)))
        for said in ("公表前", "使うのをやめてください", "anshin-notice", "全国くらし安全室", "2509〜2511", "竹内 涼"):
            assert said in page, said
        assert Look.objects.filter(membership=manager).count() == 1

        answer = client.post(at(shop, ready.key, "/approve"), {"version": ready.facts_version})
        assert answer.status_code == 302
        ready.refresh_from_db()
        assert (ready.state, ready.approved_by_id) == (AdvisoryState.APPROVED, manager.pk)

    def test_a_refusal_stands_on_the_page(self, signed_in, manager, shop, ready):
        client = signed_in(manager)
        stale = client.post(at(shop, ready.key, "/approve"), {"version": "99"})
        assert stale.status_code == 422
        assert "approval-error" in text(stale)
        wordless = client.post(at(shop, ready.key, "/send-back"), {"words": " "})
        assert (wordless.status_code, "approval-error" in text(wordless)) == (422, True)
        past = client.post(at(shop, ready.key, "/time"), {"at": "2020-01-01T10:00", "zone": "Asia/Tokyo"})
        assert (past.status_code, "time-error" in text(past)) == (422, True)
        zoneless = client.post(at(shop, ready.key, "/time"), {"at": "2030-01-01T10:00", "zone": "Nowhere"})
        assert (zoneless.status_code, "Nowhere" in text(zoneless)) == (422, True)
        ended = client.post(at(shop, ready.key, "/withdraw"), {"words": ""})
        assert (ended.status_code, "end-error" in text(ended)) == (422, True)
        ready.refresh_from_db()
        assert ready.state == AdvisoryState.DRAFT

    def test_the_author_cannot_approve_even_by_hand(self, signed_in, manager, shop, ready, now):
        actions.word(by=manager, advisory_id=ready.pk, language="en", words=EN, now=now)
        answer = signed_in(manager).post(at(shop, ready.key, "/approve"), {"version": ready.facts_version})
        assert answer.status_code == 422
        ready.refresh_from_db()
        assert ready.state == AdvisoryState.DRAFT

    def test_preparations_are_added_and_ticked(self, signed_in, agent, shop, sealed, now):
        client = signed_in(agent)
        assert client.post(at(shop, sealed.key, "/prepare"), {"words": ""}).status_code == 422
        client.post(at(shop, sealed.key, "/prepare"), {"words": "在庫を下げる", "due": "2026-11-23T09:30"})
        made = sealed.preparations.get()
        client.post(at(shop, sealed.key, "/prepare"), {"done": made.pk})
        made.refresh_from_db()
        assert (made.words, made.done_at, made.done_by_id) == ("在庫を下げる", now, agent.pk)
        assert (made.due_at.hour, made.due_at.minute) == (0, 30)

    def test_people_are_named_and_taken_off(self, signed_in, agent, manager, shop, sealed):
        client = signed_in(agent)
        client.post(at(shop, sealed.key, "/people"), {"name": manager.pk})
        assert Insider.objects.filter(membership=manager, removed_at=None).exists()
        client.post(at(shop, sealed.key, "/people"), {"remove": manager.pk})
        last = client.post(at(shop, sealed.key, "/people"), {"remove": agent.pk})
        assert last.status_code == 422
        assert [each.membership_id for each in queries.insiders_of(sealed)] == [agent.pk]

    def test_who_takes_herself_off_is_led_to_the_list(self, signed_in, agent, manager, shop, ready):
        answer = signed_in(agent).post(at(shop, ready.key, "/people"), {"remove": agent.pk})
        assert answer["Location"] == f"/s/{shop.slug}/safety"

    def test_the_page_costs_the_same_however_much_there_is(
        self, signed_in, agent, shop, ready, now, django_assert_max_num_queries
    ):
        for place in range(30):
            actions.add_preparation(by=agent, advisory_id=ready.pk, words=f"{place}")
            actions.move_time(
                by=agent,
                advisory_id=ready.pk,
                publish_at=now + timedelta(days=4 + place),
                zone="Asia/Tokyo",
                now=now,
            )
        client = signed_in(agent)
        client.get(at(shop, ready.key))
        with django_assert_max_num_queries(36):
            client.get(at(shop, ready.key))


class TestProducts:
    def test_a_match_is_confirmed_rejected_and_chosen_by_hand(self, signed_in, agent, shop, facts, now):
        Product.objects.create(shop=shop, sku="HM-1", name="加湿器「しずく」ＫＺ－２０", price_yen=1)
        other = Product.objects.create(shop=shop, sku="XX-9", name="ホース", price_yen=1)
        made = actions.draft(by=agent, facts=facts, now=now)
        proposed = ProductMatch.objects.get()
        assert (proposed.reason, proposed.state) == ("model", MatchState.PROPOSED)
        client = signed_in(agent)

        client.post(at(shop, made.key, "/match"), {"other": proposed.pk})
        found = text(client.get(at(shop, made.key, "/products?q=ホー")))
        assert "XX-9" in found
        assert "HM-1" not in found
        sent = {"affected": made.products.get().pk, "product": other.pk}
        client.post(at(shop, made.key, "/match"), sent)
        states = dict(ProductMatch.objects.values_list("product__sku", "state"))
        assert states == {"HM-1": MatchState.REJECTED, "XX-9": MatchState.CONFIRMED}

    def test_a_product_of_another_shop_cannot_be_chosen(self, signed_in, agent, shop, other_shop, sealed):
        theirs = Product.objects.create(shop=other_shop, sku="HM-1", name="加湿器", price_yen=1)
        sent = {"affected": sealed.products.get().pk, "product": theirs.pk}
        assert signed_in(agent).post(at(shop, sealed.key, "/match"), sent).status_code == 404


WHOLE = {
    "title": "花器のひび",
    "agency": "全国くらし安全室",
    "source_url": "https://kurashi-anzen.example/1",
    "source_read_on": "2026-11-20",
    "hazard_class": "danger",
    "hazard_type": "cut",
    "severity": "medium",
    "remedy": "exchange",
    "lead_language": "ja",
    "publish_at": "2026-12-24T10:00",
    "publish_zone": "Europe/Brussels",
    "p-TOTAL_FORMS": "1",
    "p-INITIAL_FORMS": "0",
    "p-0-name": "花器",
    "p-0-lots": "2509〜2511、2603",
}


class TestForms:
    def test_a_new_one_is_sealed_and_its_time_is_that_of_its_zone(self, signed_in, agent, shop):
        answer = signed_in(agent).post(f"/s/{shop.slug}/safety/new", WHOLE)
        made = Advisory.objects.get()
        assert answer["Location"] == at(shop, made.key)
        assert made.publish_at.isoformat() == "2026-12-24T09:00:00+00:00"
        assert made.products.get().lots == [["2509", "2511"], ["2603", "2603"]]
        assert [each.membership_id for each in queries.insiders_of(made)] == [agent.pk]

    @pytest.mark.parametrize(
        ("wrong", "beside"),
        [
            ({"agency": ""}, "id_agency_error"),
            ({"source_url": "nowhere"}, "id_source_url_error"),
            ({"publish_at": "2020-01-01T10:00"}, "id_publish_at_error"),
            ({"publish_zone": "Nowhere"}, "id_publish_zone_error"),
            ({"p-0-gtin": "4901234567890"}, "id_p-0-gtin_error"),
            ({"p-0-sold_from": "2026-02-01", "p-0-sold_to": "2026-01-01"}, "id_p-0-sold_to_error"),
            ({"p-0-name": ""}, "id_p-0-name_error"),
        ],
    )
    def test_what_is_wrong_is_said_beside_it(self, signed_in, agent, shop, wrong, beside):
        answer = signed_in(agent).post(f"/s/{shop.slug}/safety/new", WHOLE | wrong)
        assert answer.status_code == 422
        assert f'id="{beside}"' in text(answer)
        assert not Advisory.objects.exists()

    def test_a_past_time_is_taken_when_the_publisher_has_published(self, signed_in, agent, shop):
        sent = WHOLE | {"publish_at": "2020-01-01T10:00", "is_published": "on"}
        assert signed_in(agent).post(f"/s/{shop.slug}/safety/new", sent).status_code == 302

    def test_changed_facts_keep_what_was_said_of_the_products(self, signed_in, agent, manager, shop, ready):
        client = signed_in(agent)
        page = client.get(at(shop, ready.key, "/facts"))
        form, rows = page.context["form"], page.context["rows"]
        sent = {name: value for name, value in form.initial.items() if value not in (None, False)}
        sent |= {f"p-0-{name}": value or "" for name, value in rows[0].initial.items()}
        sent |= {"p-TOTAL_FORMS": "1", "p-INITIAL_FORMS": "1", "version": ready.facts_version}
        assert client.post(at(shop, ready.key, "/facts"), sent | {"p-0-lots": "2509〜2512"}).status_code == 302
        ready.refresh_from_db()
        assert ready.facts_version == 2
        assert ProductMatch.objects.get().state == MatchState.CONFIRMED
        assert client.post(at(shop, ready.key, "/facts"), sent).status_code == 422

    def test_words_are_written_beside_the_lead_language(self, signed_in, agent, shop, ready):
        client = signed_in(agent)
        page = text(client.get(at(shop, ready.key, "/words/ko")))
        assert "使用中に煙が出るおそれがあります。" in page
        sent = {"product": "가습기", "heading": "사용을 멈추세요", "hazard": "연기", "what_to_do": ""}
        bare = client.post(at(shop, ready.key, "/words/ko"), sent)
        assert (bare.status_code, "id_what_to_do_error" in text(bare)) == (422, True)
        assert client.post(at(shop, ready.key, "/words/ko"), sent | {"what_to_do": "끄세요"}).status_code == 302
        assert "ko" in queries.wordings_of(ready)
        assert client.get(at(shop, ready.key, "/words/fr")).status_code == 404

    def test_a_case_makes_a_draft_that_only_its_author_sees(self, signed_in, agent, owner, shop, now):
        case = arrive(shop, "a@x", at=now, subject="しずくから煙が出ました").case
        answer = signed_in(agent).post(f"/s/{shop.slug}/c/{case.number}/safety")
        made = Advisory.objects.get()
        assert answer["Location"] == at(shop, made.key, "/facts")
        assert (made.title, made.case_id, made.state) == (case.subject, case.pk, AdvisoryState.DRAFT)
        assert signed_in(owner).get(at(shop, made.key)).status_code == 404
        assert made.key not in text(signed_in(owner).get(f"/s/{shop.slug}/c/{case.number}"))
        assert not JournalEntry.objects.filter(event__startswith="advisory.").exists()
