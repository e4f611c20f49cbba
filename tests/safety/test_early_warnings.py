"""Early warnings: what cases and returns say opens a notice for the managers alone, with the clock of its report."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anshin.cases.models import OrderLink
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns.models import Return, ReturnLine
from anshin.safety import actions, queries
from anshin.safety.models import Advisory, EarlyWarning, Insider, SealedFact, WarningSign
from anshin.safety.queries.warnings import to_do_for
from anshin.safety.reactions import watch_cases
from anshin.safety.rules import accidents
from anshin.safety.terms import AdvisoryState, HazardClass, HazardType, Origin, ReportedTo, SignKind, WarningState
from anshin.shops.actions import NotAllowed
from tests.cases.writing import arrive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def link(case, order, at):
    OrderLink.objects.create(shop=case.shop, case=case, order=order, reason="by_hand", linked_at=at)


@pytest.fixture
def hurt(shop, bought, now):
    """A case of somebody who bought one humidifier."""
    case = arrive(shop, "a@example.jp", at=now, subject="やけどをしました").case
    link(case, bought(), now)
    return case


@pytest.fixture
def came_back(shop, now):
    """Makes a return of an order for a reason."""

    def make(order, words="", reason="defect"):
        case = arrive(shop, f"r{order.pk}@example.jp", at=now, subject="返品").case
        returned = Return.objects.create(
            shop=shop,
            number=order.pk,
            case=case,
            customer=order.customer,
            asked_at=now,
            words=words,
            is_by_customer=True,
            nonce=f"n{order.pk}",
            wish="refund",
            verdict="ok",
            payer="shop",
            waits_since=now,
        )
        line = order.lines.get()
        ReturnLine.objects.create(
            shop=shop,
            returned=returned,
            place=1,
            order=order,
            position=1,
            product=line.product,
            sku=line.sku,
            name=line.name,
            unit_price_yen=5980,
            tax_rate=10,
            quantity=1,
            reason=reason,
            condition="used",
            verdict="ok",
            payer="shop",
        )
        return returned

    return make


def warn(case, kind=SignKind.INJURY, *, at):
    return actions.warn_of_case(shop_id=case.shop_id, case_id=case.pk, kind=kind, known_at=at, now=at)


class TestTheClock:
    @pytest.mark.parametrize(
        ("known", "last"),
        [
            (date(2026, 11, 1), date(2026, 11, 10)),
            (date(2026, 11, 27), date(2026, 12, 6)),
            (date(2026, 12, 28), date(2027, 1, 6)),
        ],
    )
    def test_the_day_of_knowledge_is_the_first_of_ten(self, known, last):
        assert accidents.report_by(known) == last
        assert accidents.days_left(last, today=known) == 10
        assert accidents.days_left(last, today=last) == 1
        assert accidents.days_left(last, today=last + timedelta(days=1)) == 0

    @pytest.mark.parametrize(
        ("returns", "pieces", "sold", "is_over"),
        [
            (5, 5, 1000, True),
            (4, 4, 1000, False),
            (3, 3, 60, True),
            (3, 3, 61, False),
            (2, 2, 2, False),
            (4, 4, 0, False),
        ],
    )
    def test_a_defect_warns_from_a_number_or_a_share(self, returns, pieces, sold, is_over):
        assert accidents.is_over(returns=returns, pieces=pieces, sold=sold, limits=accidents.Limits(5, 5)) is is_over


class TestCases:
    def test_an_injury_opens_a_sealed_notice_for_the_managers_alone(self, hurt, manager, owner, agent, humidifier, now):
        warning = warn(hurt, at=now)
        made = Advisory.objects.get()
        assert (made.origin, made.state, made.author, made.number) == (Origin.INSIDE, AdvisoryState.DRAFT, None, None)
        assert (made.hazard_class, made.case) == (HazardClass.HARM, hurt)
        assert made.title == "早期の警告：卓上加湿器 しずく"
        assert [each.membership for each in Insider.objects.all()] == [manager]
        assert [match.product for match in queries.matches_of(made)] == [humidifier]
        assert warning.known_on == date(2026, 11, 20)
        assert warning.report_by == date(2026, 11, 29)
        assert (to_do_for(manager).count(), to_do_for(owner).count(), to_do_for(agent).count()) == (1, 0, 0)
        assert not JournalEntry.objects.filter(event__startswith="advisory").exists()
        assert set(SealedFact.objects.values_list("event", flat=True)) == {"advisory.drafted", "advisory.sign_seen"}

    def test_the_same_case_again_adds_nothing(self, hurt, manager, now):
        warn(hurt, at=now)
        assert warn(hurt, at=now + timedelta(days=1)) is None
        assert (EarlyWarning.objects.count(), WarningSign.objects.count(), Advisory.objects.count()) == (1, 1, 1)
        assert EarlyWarning.objects.get().report_by == date(2026, 11, 29)

    def test_another_case_of_the_product_is_a_second_sign(self, hurt, manager, shop, bought, now):
        warn(hurt, at=now)
        other = arrive(shop, "b@example.jp", at=now, subject="煙が出た").case
        link(other, bought(), now)
        warn(other, SignKind.FIRE, at=now + timedelta(days=2))
        assert (Advisory.objects.count(), EarlyWarning.objects.count(), WarningSign.objects.count()) == (1, 1, 2)
        assert EarlyWarning.objects.get().known_on == date(2026, 11, 20)

    def test_a_case_without_a_product_stands_for_itself(self, shop, manager, now):
        case = arrive(shop, "a@example.jp", at=now, subject="子どもがけがをした").case
        warning = warn(case, at=now)
        assert (warning.subject, Advisory.objects.get().title) == (f"case:{case.pk}", "早期の警告：子どもがけがをした")

    def test_without_a_manager_the_owner_is_told(self, hurt, owner, manager, now):
        manager.role = "agent"
        manager.save()
        warn(hurt, at=now)
        assert [each.membership for each in Insider.objects.all()] == [owner]

    def test_a_case_of_another_shop_is_none(self, hurt, stranger, now):
        assert (
            actions.warn_of_case(shop_id=stranger.shop_id, case_id=hurt.pk, kind=SignKind.FIRE, known_at=now, now=now)
            is None
        )
        assert not Advisory.objects.exists()

    @pytest.mark.parametrize(
        ("event", "told", "kind"),
        [
            ("topics_proposed", {"topics": "item.injury"}, SignKind.INJURY),
            ("topics_set", {"topics": "item.defect,item.injury", "former": ""}, SignKind.INJURY),
            ("topics_proposed", {"topics": "item.wrong, item.injury"}, SignKind.INJURY),
            ("topics_proposed", {"topics": "item.defect"}, None),
            ("urgency_seen", {"kind": "fire", "on": ""}, SignKind.FIRE),
            ("urgency_seen", {"kind": "gas", "on": ""}, SignKind.FIRE),
            ("urgency_seen", {"kind": "injury", "on": ""}, SignKind.INJURY),
            ("urgency_seen", {"kind": "legal", "on": ""}, None),
        ],
    )
    def test_what_cases_record_warns(self, hurt, manager, event, told, kind, now):
        from anshin.cases import events

        made = {
            "topics_proposed": lambda: events.TopicsProposed(message_id=1, model="x", topics=told["topics"]),
            "topics_set": lambda: events.TopicsSet(former="", topics=told["topics"]),
            "urgency_seen": lambda: events.UrgencySeen(message_id=1, kind=told["kind"], on=""),
        }[event]()
        entry = JournalEntry(shop_id=hurt.shop_id, case_id=hurt.pk, at=now, event=made.name)
        watch_cases(entry, made)
        assert list(WarningSign.objects.values_list("kind", flat=True)) == ([kind] if kind else [])


class TestQuestions:
    @pytest.mark.parametrize(
        ("kind", "topics", "warns"),
        [
            (SignKind.INJURY, ["product.info"], False),
            (SignKind.INJURY, ["product.info", "product.stock"], False),
            (SignKind.INJURY, ["product.info", "item.defect"], True),
            (SignKind.INJURY, ["item.injury", "product.info"], True),
            (SignKind.INJURY, [], True),
            (SignKind.FIRE, ["product.info"], True),
        ],
    )
    def test_who_only_asks_about_a_product_starts_no_clock(self, hurt, manager, kind, topics, warns, now):
        hurt.topics = [[code, 0.9] for code in topics]
        hurt.save()
        assert (warn(hurt, kind, at=now) is not None) is warns
        assert Advisory.objects.exists() is warns


class TestReturns:
    def test_words_of_fire_in_a_return_warn(self, bought, came_back, manager, shop, now):
        returned = came_back(bought(), words="使っていたら煙が出ました。\n返品したいです。")
        found = actions.warn_of_return(shop_id=shop.pk, return_id=returned.pk, known_at=now, now=now)
        assert [each.subject for each in found] == ["KZ-20-W"]
        assert Advisory.objects.get().hazard_type == HazardType.FIRE
        assert actions.warn_of_return(shop_id=shop.pk, return_id=returned.pk, known_at=now, now=now) == []
        assert WarningSign.objects.count() == 1

    def test_an_ordinary_return_does_not(self, bought, came_back, manager, shop, now):
        returned = came_back(bought(), words="色が合わなかったので返品します。", reason="changed_mind")
        assert actions.warn_of_return(shop_id=shop.pk, return_id=returned.pk, known_at=now, now=now) == []
        assert not Advisory.objects.exists()

    def test_the_same_defect_past_the_limit_warns_once_and_counts_on(self, bought, came_back, manager, shop, now):
        actions.set_limits(by=manager, defect_returns=3, defect_percent=100, defect_days=90)
        found = []
        for _number in range(4):
            returned = came_back(bought(), words="動きません。")
            found.append(actions.warn_of_return(shop_id=shop.pk, return_id=returned.pk, known_at=now, now=now))
        assert [len(each) for each in found] == [0, 0, 1, 1]
        assert (Advisory.objects.count(), EarlyWarning.objects.count()) == (1, 1)
        sign = WarningSign.objects.get()
        assert (sign.kind, sign.returns_count, sign.sold_count) == (SignKind.DEFECT, 4, 4)

    def test_once_judged_it_counts_anew(self, bought, came_back, manager, shop, now):
        actions.set_limits(by=manager, defect_returns=1, defect_percent=100, defect_days=90)
        first = came_back(bought())
        actions.warn_of_return(shop_id=shop.pk, return_id=first.pk, known_at=now, now=now)
        advisory = Advisory.objects.get()
        actions.say_not_serious(by=manager, advisory_id=advisory.pk, words="電池切れ", now=now)
        again = came_back(bought())
        assert actions.warn_of_return(shop_id=shop.pk, return_id=again.pk, known_at=now, now=now) == []
        later = now + timedelta(days=3)
        newer = came_back(bought(at=later))
        assert len(actions.warn_of_return(shop_id=shop.pk, return_id=newer.pk, known_at=later, now=later)) == 1
        assert (Advisory.objects.count(), EarlyWarning.objects.count()) == (1, 2)


class TestJudging:
    def test_not_serious_needs_a_reason_and_is_logged(self, hurt, manager, now):
        warning = warn(hurt, at=now)
        with pytest.raises(actions.ReasonNeeded):
            actions.say_not_serious(by=manager, advisory_id=warning.advisory_id, words=" ", now=now)
        warning.refresh_from_db()
        assert (warning.state, SealedFact.objects.filter(event="advisory.warning_decided").count()) == ("open", 0)
        actions.say_not_serious(by=manager, advisory_id=warning.advisory_id, words="赤くなっただけ", now=now)
        warning.refresh_from_db()
        assert (warning.state, warning.words, warning.decided_by) == (
            WarningState.NOT_SERIOUS,
            "赤くなっただけ",
            manager,
        )
        fact = SealedFact.objects.get(event="advisory.warning_decided")
        assert (fact.by, fact.payload["state"]) == (manager, "not_serious")
        assert to_do_for(manager).count() == 0
        with pytest.raises(actions.IllegalStep):
            actions.say_not_serious(by=manager, advisory_id=warning.advisory_id, words="x", now=now)

    def test_reported_keeps_to_whom(self, hurt, manager, now):
        warning = warn(hurt, at=now)
        done = actions.say_reported(
            by=manager, advisory_id=warning.advisory_id, reported_to=ReportedTo.MAKER, words="電話 11/20", now=now
        )
        assert (done.state, done.reported_to, done.words) == ("reported", "maker", "電話 11/20")

    @pytest.mark.parametrize("role", ["owner", "agent", "warehouse", "stranger"])
    def test_others_do_not_learn_that_there_is_one(self, request, role, hurt, manager, now):
        warning = warn(hurt, at=now)
        by = request.getfixturevalue(role)
        with pytest.raises((actions.UnknownAdvisory, NotAllowed)) as refused:
            actions.say_not_serious(by=by, advisory_id=warning.advisory_id, words="x", now=now)
        assert isinstance(refused.value, actions.UnknownAdvisory)
        assert EarlyWarning.objects.get().state == WarningState.OPEN


class TestScreens:
    def test_the_card_tells_the_clock_and_takes_the_decision(self, signed_in, hurt, manager, shop, now):
        warning = warn(hurt, at=now)
        client, url = signed_in(manager), f"/s/{shop.slug}/safety/{warning.advisory.key}"
        listed = client.get(f"/s/{shop.slug}/safety").content.decode()
        assert "報告期限まであと10日" in listed
        page = client.get(url).content.decode()
        for words in ("11月29日", "消費者庁", "メーカー・輸入元", f"#{hurt.number}", "重大製品事故とは"):
            assert words in page
        refused = client.post(f"{url}/not-serious", {"words": ""})
        assert refused.status_code == 422
        assert EarlyWarning.objects.get().state == WarningState.OPEN
        client.post(f"{url}/not-serious", {"words": "やけどではなかった"})
        page = client.get(url).content.decode()
        assert "やけどではなかった" in page
        assert "報告期限まで" not in page
        assert client.post(f"{url}/reported", {"to": "x"}).status_code == 404

    def test_the_owner_who_is_not_named_sees_nothing(self, signed_in, hurt, manager, owner, shop, now):
        key = warn(hurt, at=now).advisory.key
        client = signed_in(owner)
        assert client.get(f"/s/{shop.slug}/safety/{key}").status_code == 404
        assert client.post(f"/s/{shop.slug}/safety/{key}/not-serious", {"words": "x"}).status_code == 404
        for path in ("safety", "journal", f"c/{hurt.number}", "jobs", "search?q=早期"):
            told = client.get(f"/s/{shop.slug}/{path}").content.decode()
            assert key not in told
            assert "早期の警告：" not in told

    def test_limits_are_set_by_managers(self, signed_in, manager, agent, shop):
        told = {"defect_returns": "3", "defect_percent": "4", "defect_days": "30"}
        assert signed_in(agent).post(f"/s/{shop.slug}/safety/feeds/limits", told).status_code == 403
        client = signed_in(manager)
        client.post(f"/s/{shop.slug}/safety/feeds/limits", told | {"defect_days": "1"})
        assert queries.warning_setting(shop).defect_returns == 5
        client.post(f"/s/{shop.slug}/safety/feeds/limits", told)
        assert queries.warning_setting(shop).defect_days == 30
