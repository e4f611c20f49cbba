"""Every way on which somebody who is not named could learn of a sealed advisory, tried. None may tell.

The strongest form: what such a person gets is the same, byte for byte, whether there is a sealed advisory or not.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.live.asgi import Viewer
from anshin.plumbing.live.models import LiveEvent
from anshin.project.outside.models import LeftMail
from anshin.project.sealed_log import SealedPaths
from anshin.safety import actions, queries
from anshin.safety.actions import NeverEarly, UnknownAdvisory
from anshin.safety.models import Advisory, Look, Notice, SafetyMail
from anshin.shops.actions import NotAllowed
from anshin.widget import kept
from tests.cases.writing import arrive
from tests.house.gates.walking import desk_routes
from tests.safety.conftest import EN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still", "still_disk")]
SECRET = (
    "発煙のおそれ",
    "煙が出る",
    "全国くらし安全室",
    "kurashi-anzen",
    "使うのをやめて",
    "0120-000-000",
    "ロット2509",
    '"2509"',  # with its quotes: four bare digits also stand in a clock's microseconds
)
CHANGING = (
    r'"[A-Za-z0-9]{64}"',  # against forged requests, another each time
    r'csrftoken"[^>]*',
    r"X-CSRFToken[^}]*",
    r'name="nonce" value="[^"]*"',
    r"\?v=[0-9a-f]+",
    r'data-now="\d+"',
    r'name="ticket" value="[^"]*"',
)
EXACT = [route for route in desk_routes() if not re.search(r"/(retry|drop|undo|logout)$|/settings/mail", route.pattern)]
WORDED = ("search?q=発煙", "search?q=KZ-20", "palette?q=発煙", "palette?q=安全", "orders?q=しずく", "customers?q=x")
PUBLIC = (
    "/notices/v1/products/KZ-20-W?shop=komorebi",
    "/notices/v1/products/KZ-20-W?shop=komorebi&format=html",
    "/notices/v1/products/KZ-20-W?shop=komorebi&lang=en",
    "/p/komorebi/",
    "/f/komorebi/",
)


@pytest.fixture(autouse=True)
def _nothing_kept():
    kept.forget()
    yield
    kept.forget()


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@mail.example", at=now, subject="ふつうの問い合わせ").case


def told(answer):
    """What was answered, without what differs at each asking."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode("utf-8", "replace")
    for changing in CHANGING:
        text = re.sub(changing, "", text)
    each_time = {"Set-Cookie", "Expires", "X-Request-ID"}
    headers = {name: value for name, value in answer.headers.items() if name not in each_time}
    return answer.status_code, headers, text


def prepared(advisory, agent, manager, now):
    """All that people do under the seal: words, preparations, moved times, a refusal, an approval."""
    actions.word(by=agent, advisory_id=advisory.pk, language="en", words=EN, now=now)
    actions.add_preparation(by=agent, advisory_id=advisory.pk, words="しずくの在庫を棚から下げる")
    actions.send_back(by=manager, advisory_id=advisory.pk, words="ロット2509を確かめてください。", now=now)
    actions.word(by=agent, advisory_id=advisory.pk, language="en", words=EN, now=now)
    advisory.refresh_from_db()
    with pytest.raises(NotAllowed):
        actions.approve(by=agent, advisory_id=advisory.pk, seen_version=advisory.facts_version, now=now)
    actions.approve(by=manager, advisory_id=advisory.pk, seen_version=advisory.facts_version, now=now)
    later = advisory.publish_at + timedelta(hours=1)
    actions.move_time(by=agent, advisory_id=advisory.pk, publish_at=later, zone="Asia/Tokyo", now=now)
    for member in (agent, manager):
        actions.look(by=member, key=advisory.key, what="advisory", now=now)
        queries.audience(Advisory.objects.get(pk=advisory.pk))


class TestPages:
    @pytest.mark.parametrize("role", ["owner", "warehouse"])
    def test_every_page_is_the_same_with_and_without_it(
        self, request, role, signed_in, shop, case, bought, humidifier, facts, agent, manager, now
    ):
        client = signed_in(request.getfixturevalue(role))
        bought(lot="2510")
        actions.release_due(now=now)
        addresses = [route.address(shop.slug, 1) for route in EXACT] + [f"/s/{shop.slug}/{each}" for each in WORDED]
        for each in addresses:  # whatever is made at the first look
            client.get(each)
        before = {each: told(client.get(each)) for each in addresses}

        sealed = actions.draft(by=agent, facts=facts, now=now)
        actions.word(by=agent, advisory_id=sealed.pk, language="ja", words=EN, now=now)
        actions.name_insider(by=agent, advisory_id=sealed.pk, membership_id=manager.pk, now=now)
        affected = sealed.products.get()
        actions.choose(by=agent, advisory_id=sealed.pk, affected_id=affected.pk, product_id=humidifier.pk, now=now)
        for match in queries.matches_of(sealed):
            if match.is_open:
                actions.decide(by=agent, advisory_id=sealed.pk, match_id=match.pk, is_meant=True, now=now)
        prepared(sealed, agent, manager, now)
        actions.release_due(now=now)

        different = [each for each in addresses if told(client.get(each)) != before[each]]
        assert different == []
        assert sum(status == 200 for status, _headers, _text in before.values()) > 20
        assert not Look.objects.exclude(membership__in=[agent, manager]).exists()

    def test_the_pages_of_the_insiders_do_tell(self, signed_in, agent, shop, ready):
        """So that the test above can fail."""
        assert "発煙のおそれ" in told(signed_in(agent).get(f"/s/{shop.slug}/safety"))[2]

    def test_anybody_gets_the_same_from_the_public_addresses(self, shop, ready, agent, manager, now, publish_at):
        client = Client()
        unknown = {each: told(client.get(each.replace("KZ-20-W", "NO-SUCH"))) for each in PUBLIC}
        prepared(ready, agent, manager, now)
        actions.release_due(now=publish_at + timedelta(minutes=59))
        kept.forget()
        for each in PUBLIC:
            assert told(client.get(each)) == unknown[each], each
            assert not any(word in told(client.get(each))[2] for word in SECRET)

    def test_a_look_at_the_product_page_costs_the_same_with_a_sealed_one(
        self, shop, approved, django_assert_num_queries
    ):
        client = Client()
        for product in ("NO-SUCH", "KZ-20-W"):
            kept.forget()
            with django_assert_num_queries(2):  # the shop, and its public notices
                client.get(f"/notices/v1/products/{product}?shop=komorebi")


class TestTraces:
    def test_nothing_of_it_stands_where_others_read(self, shop, ready, agent, manager, now):
        prepared(ready, agent, manager, now)
        assert not JournalEntry.objects.filter(event__startswith="advisory").exists()
        assert not LeftMail.objects.exists()
        assert not (Notice.objects.exists() or SafetyMail.objects.exists())
        for job in Job.objects.all():
            assert job.shop_id is None, job.task
            assert str(ready.pk) not in str(job.args) or job.args in ([], {}), job.task

    def test_live_events_go_to_the_insiders_alone(self, shop, ready, owner, agent, manager, now):
        prepared(ready, agent, manager, now)
        channels = set(LiveEvent.objects.filter(kind__startswith="safety").values_list("channel", flat=True))
        assert channels == {f"person:{agent.person_id}", f"person:{manager.person_id}"}
        asked = [f"person:{agent.person_id}", "safety", "shop"]
        follows = Viewer(shop.pk, owner.person_id).channels(asked)
        assert follows == {"shop", f"person:{owner.person_id}"}

    def test_no_other_table_has_its_words(self, shop, ready, agent, manager, now):
        """Whatever keeps texts: search, drafts, jobs, journal, messages, live events, mails."""
        prepared(ready, agent, manager, now)
        found = []
        with connection.cursor() as cursor:
            tables = set(connection.introspection.table_names(cursor))
            if connection.vendor == "sqlite":  # virtual ones keep their words in others, which are looked through
                cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'")
                tables -= {name for (name,) in cursor.fetchall()}
            tables = {each for each in tables if not each.startswith("safety_")}
            for table in tables:
                cursor.execute(f'SELECT * FROM "{table}"')
                rows = str(cursor.fetchall())
                found += [(table, word) for word in (*SECRET, ready.key) if word in rows]
        told_by_live = {("live_liveevent", ready.key)}  # on the insiders' own channels, see above
        assert set(found) - told_by_live == set()


class TestLogs:
    def test_no_line_of_the_whole_flow_tells_of_it(self, caplog, signed_in, shop, ready, agent, manager, owner, now):
        caplog.set_level(logging.DEBUG)
        sealed_paths = SealedPaths()
        caplog.handler.addFilter(sealed_paths)
        try:
            prepared(ready, agent, manager, now)
            client, outside = signed_in(manager), signed_in(owner)
            client.raise_request_exception = outside.raise_request_exception = False
            there = f"/s/{shop.slug}/safety/{ready.key}"
            assert client.get(there).status_code == 200
            assert client.post(f"{there}/approve", {"version": "99"}).status_code == 422
            assert client.post(f"{there}/withdraw", {"words": ""}).status_code == 422
            assert outside.get(there).status_code == 404
            with pytest.raises(NeverEarly):
                actions.release_by_hand(by=manager, advisory_id=ready.pk, now=now)
            with pytest.raises(UnknownAdvisory):
                actions.withdraw(by=owner, advisory_id=ready.pk, words="x", now=now)
            actions.release_due(now=now, ahead=timedelta(seconds=5))
        finally:
            caplog.handler.removeFilter(sealed_paths)
        lines = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
        assert "Not Found: /s/komorebi/safety/…" in lines
        assert not [word for word in (*SECRET, ready.key) if word in lines]

    @pytest.mark.parametrize("role", ["owner", "manager"])
    def test_an_error_page_says_nothing_of_what_went_wrong(self, request, role, signed_in, shop, ready, monkeypatch):
        def broken(*_arguments, **_named):
            raise RuntimeError(f"{ready.title} {ready.key}")

        client = signed_in(request.getfixturevalue(role))
        client.raise_request_exception = False
        monkeypatch.setattr("anshin.staff.safety.queries.sealed_page", broken)
        answer = client.get(f"/s/{shop.slug}/safety")
        assert answer.status_code == 500
        assert not [word for word in (*SECRET, ready.key) if word in answer.content.decode()]


class TestTime:
    @pytest.mark.parametrize("seconds", [-86_400, -60, -1])
    def test_not_one_second_before(self, shop, approved, publish_at, seconds):
        assert actions.release_due(now=publish_at + timedelta(seconds=seconds)) == 0
        assert kept.answer(kept.Asked("komorebi", "KZ-20-W", "ja", "json")).body.count(b"hazard") == 0
        assert Advisory.objects.get().number is None

    def test_at_its_time_and_not_one_second_later(self, shop, approved, publish_at):
        assert actions.release_due(now=publish_at) == 1
        assert kept.answer(kept.Asked("komorebi", "KZ-20-W", "ja", "json")).body.count(b"hazard") == 1

    @pytest.mark.parametrize("ahead", [-3600, -2, 2, 3600])
    def test_a_wrong_clock_makes_it_late_and_never_early(self, shop, approved, publish_at, ahead):
        skew = timedelta(seconds=ahead)
        both_past = publish_at + max(skew, timedelta(0))
        for early in (timedelta(seconds=1), max(timedelta(seconds=1), abs(skew))):
            assert actions.release_due(now=both_past - early, ahead=skew) == 0
        assert actions.release_due(now=both_past, ahead=skew) == 1
