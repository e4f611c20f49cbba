"""An advisory from its draft to its release: sealed, approved by two, never before its time, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.live.models import LiveEvent
from anshin.safety import actions, queries
from anshin.safety.models import Advisory, Edition, Look, SealedFact
from anshin.safety.rules import content, steps
from anshin.safety.terms import AdvisoryState, Affected, Content, LookedAt, Origin
from anshin.shops.actions import NotAllowed
from tests.safety.conftest import EN, JA

SECOND = timedelta(seconds=1)


def state_of(advisory):
    return Advisory.objects.get(pk=advisory.pk).state


class TestDraft:
    def test_it_exists_for_its_author_alone(self, sealed, agent, manager, owner, warehouse, stranger):
        assert queries.advisory_by_key(agent, sealed.key) == sealed
        for other in (manager, owner, warehouse, stranger):
            assert queries.advisory_by_key(other, sealed.key) is None
            assert not queries.advisories(other).exists()
            assert queries.sealed_page(other).items == []

    def test_nothing_of_it_is_in_the_journal_the_jobs_or_the_hints_to_others(self, ready, agent, manager):
        assert not JournalEntry.objects.filter(event__startswith="advisory.").exists()
        assert not Job.objects.filter(task__startswith="anshin.safety").exists()
        people = {f"person:{agent.person_id}", f"person:{manager.person_id}"}
        assert set(LiveEvent.objects.filter(kind="safety.changed").values_list("channel", flat=True)) <= people
        assert ready.number is None

    def test_what_was_done_is_kept_on_the_advisory(self, ready):
        events = list(SealedFact.objects.filter(advisory=ready).order_by("pk").values_list("event", flat=True))
        assert events == ["advisory.drafted", "advisory.worded", "advisory.named"]

    @pytest.mark.parametrize("missing", ["agency", "source_url", "source_read_on"])
    def test_a_source_is_required(self, agent, facts, now, missing):
        empty = None if missing == "source_read_on" else " "
        with pytest.raises(actions.SourceMissing):
            actions.draft(by=agent, facts=replace(facts, **{missing: empty}), now=now)
        assert not Advisory.objects.exists()

    def test_what_began_inside_has_no_source_until_it_is_approved(self, agent, manager, facts, now):
        mine = actions.draft(by=agent, facts=replace(facts, agency="", source_url=""), origin=Origin.INSIDE, now=now)
        assert not queries.standing_in_the_way(mine).has_source

    def test_the_database_refuses_one_without_source(self, sealed):
        with pytest.raises(IntegrityError), transaction.atomic():
            Advisory.objects.filter(pk=sealed.pk).update(agency="")

    @pytest.mark.parametrize("url", ["kurashi.example/1", "javascript:alert(1)", "file:///etc/passwd", "https://"])
    def test_a_source_is_a_web_address(self, agent, facts, now, url):
        with pytest.raises(actions.BadSource):
            actions.draft(by=agent, facts=replace(facts, source_url=url), now=now)

    def test_a_time_in_the_past_is_asked_about(self, agent, facts, now):
        early = replace(facts, publish_at=now - timedelta(hours=1))
        with pytest.raises(actions.PastTime):
            actions.draft(by=agent, facts=early, now=now)
        assert actions.draft(by=agent, facts=early, is_published=True, now=now).publish_at == early.publish_at

    def test_a_time_without_zone_is_refused(self, agent, facts, now):
        naive = replace(facts, publish_at=datetime(2026, 11, 24, 10, 0))  # noqa: DTZ001
        for wrong in (naive, replace(facts, publish_zone="JST?"), replace(facts, publish_zone="")):
            with pytest.raises(actions.TimeWithoutZone):
                actions.draft(by=agent, facts=wrong, now=now)

    @pytest.mark.parametrize(
        "product",
        [
            Affected(),
            Affected(name="しずく", gtin="4901234567890"),
            Affected(name="しずく", lots=(("2509", ""),)),
            Affected(
                name="しずく",
                sold_from=date(2026, 3, 1),
                sold_to=date(2026, 2, 1),
            ),
        ],
    )
    def test_a_product_that_cannot_be_meant_is_refused(self, agent, facts, now, product):
        with pytest.raises(actions.BadProduct):
            actions.draft(by=agent, facts=replace(facts, products=(product,)), now=now)

    def test_the_warehouse_may_not_begin_one(self, warehouse, facts, now):
        with pytest.raises(NotAllowed):
            actions.draft(by=warehouse, facts=facts, now=now)


class TestSealed:
    def test_whoever_is_not_named_gets_the_answer_for_what_does_not_exist(self, ready, owner, stranger, facts, now):
        verbs = [
            lambda who: actions.change_facts(by=who, advisory_id=ready.pk, facts=facts, seen_version=1, now=now),
            lambda who: actions.word(by=who, advisory_id=ready.pk, language="en", words=EN, now=now),
            lambda who: actions.name_insider(by=who, advisory_id=ready.pk, membership_id=who.pk, now=now),
            lambda who: actions.remove_insider(by=who, advisory_id=ready.pk, membership_id=ready.author_id, now=now),
            lambda who: actions.approve(by=who, advisory_id=ready.pk, seen_version=1, now=now),
            lambda who: actions.send_back(by=who, advisory_id=ready.pk, words="x", now=now),
            lambda who: actions.move_time(by=who, advisory_id=ready.pk, publish_at=None, zone="Asia/Tokyo", now=now),
            lambda who: actions.release_by_hand(by=who, advisory_id=ready.pk, now=now),
            lambda who: actions.withdraw(by=who, advisory_id=ready.pk, words="x", now=now),
            lambda who: actions.close(by=who, advisory_id=ready.pk, words="x", now=now),
            lambda who: actions.add_preparation(by=who, advisory_id=ready.pk, words="x"),
            lambda who: actions.tick(by=who, advisory_id=ready.pk, preparation_id=1, is_done=True, now=now),
        ]
        before = Advisory.objects.values().get(pk=ready.pk)
        for who in (owner, stranger):
            for verb in verbs:
                with pytest.raises(actions.UnknownAdvisory):
                    verb(who)
            assert actions.look(by=who, key=ready.key, what=LookedAt.ADVISORY, now=now) is None
        assert Advisory.objects.values().get(pk=ready.pk) == before
        assert not Look.objects.exists()

    def test_every_look_is_written_down(self, ready, agent, manager, now):
        for who in (agent, manager, agent):
            assert actions.look(by=who, key=ready.key, what=LookedAt.AUDIENCE, now=now) == ready
        assert [each.membership_id for each in queries.looks_of(ready).items] == [agent.pk, manager.pk, agent.pk]

    def test_somebody_taken_off_sees_nothing_any_more(self, ready, agent, manager, now):
        actions.remove_insider(by=agent, advisory_id=ready.pk, membership_id=manager.pk, now=now)
        assert queries.advisory_by_key(manager, ready.key) is None
        actions.name_insider(by=agent, advisory_id=ready.pk, membership_id=manager.pk, now=now)
        assert queries.advisory_by_key(manager, ready.key) == ready

    def test_the_last_one_stays(self, sealed, agent, now):
        with pytest.raises(actions.LastInsider):
            actions.remove_insider(by=agent, advisory_id=sealed.pk, membership_id=agent.pk, now=now)

    def test_a_stranger_cannot_be_named(self, sealed, agent, stranger, now):
        with pytest.raises(actions.NotOfThisShop):
            actions.name_insider(by=agent, advisory_id=sealed.pk, membership_id=stranger.pk, now=now)


class TestApproval:
    def test_the_author_may_not_approve(self, ready, manager, facts, now):
        actions.change_facts(
            by=manager,
            advisory_id=ready.pk,
            facts=replace(facts, contact_phone="0120-111-111"),
            seen_version=1,
            now=now,
        )
        with pytest.raises(actions.OwnWork):
            actions.approve(by=manager, advisory_id=ready.pk, seen_version=2, now=now)

    def test_the_database_wants_two_people(self, approved, agent):
        with pytest.raises(IntegrityError), transaction.atomic():
            Advisory.objects.filter(pk=approved.pk).update(approved_by=agent)

    def test_an_agent_may_not_approve(self, ready, agent, new_agent, now):
        actions.name_insider(by=agent, advisory_id=ready.pk, membership_id=new_agent.pk, now=now)
        with pytest.raises(NotAllowed):
            actions.approve(by=new_agent, advisory_id=ready.pk, seen_version=1, now=now)

    def test_a_changed_fact_makes_it_void_and_the_words_stale(self, approved, agent, manager, facts, now):
        later = replace(facts, products=(replace(facts.products[0], lots=(("2509", "2512"),)),))
        changed = actions.change_facts(by=agent, advisory_id=approved.pk, facts=later, seen_version=1, now=now)
        assert (changed.state, changed.approved_by, changed.facts_version) == (AdvisoryState.DRAFT, None, 2)
        missing = queries.standing_in_the_way(changed)
        assert not missing.has_lead_words
        assert missing.unwritten == ("ja", "en", "zh-Hans", "zh-Hant", "ko")
        with pytest.raises(actions.NotReady):
            actions.approve(by=manager, advisory_id=approved.pk, seen_version=2, now=now)

    def test_the_same_facts_again_change_nothing(self, approved, agent, facts, now):
        same = actions.change_facts(by=agent, advisory_id=approved.pk, facts=facts, seen_version=1, now=now)
        assert (same.state, same.facts_version) == (AdvisoryState.APPROVED, 1)

    def test_changed_words_make_it_void(self, approved, agent, now):
        actions.word(by=agent, advisory_id=approved.pk, language="en", words=EN, now=now)
        assert state_of(approved) == AdvisoryState.DRAFT

    def test_what_was_seen_is_what_is_approved(self, ready, manager, now):
        with pytest.raises(actions.MovedOn):
            actions.approve(by=manager, advisory_id=ready.pk, seen_version=7, now=now)

    def test_a_missing_translation_is_listed_and_the_lead_language_stands_in(self, approved):
        told = content.from_json(Edition.objects.get(advisory=approved).content)
        assert told.missing == ("en", "zh-Hans", "zh-Hant", "ko")
        assert told.language_for("ko") == "ja"
        assert told.words["ja"] == JA

    def test_sent_back_with_words(self, approved, manager, now):
        with pytest.raises(actions.ReasonNeeded):
            actions.send_back(by=manager, advisory_id=approved.pk, words=" ", now=now)
        back = actions.send_back(by=manager, advisory_id=approved.pk, words="ロットを確かめてください。", now=now)
        assert (back.state, back.sent_back_words) == (AdvisoryState.DRAFT, "ロットを確かめてください。")


class TestRelease:
    def test_not_a_second_before_and_at_the_time(self, approved, publish_at):
        assert actions.release_due(now=publish_at - SECOND) == 0
        assert state_of(approved) == AdvisoryState.APPROVED
        assert actions.release_due(now=publish_at) == 1
        assert actions.release_due(now=publish_at + SECOND) == 0
        released = Advisory.objects.get(pk=approved.pk)
        assert (released.number, released.released_at) == (1, publish_at)
        assert queries.live_content(released).words["ja"] == JA

    def test_then_everybody_of_the_shop_may_know(self, approved, publish_at, owner, stranger):
        actions.release_due(now=publish_at)
        assert queries.advisory_by_key(owner, approved.key) == approved
        assert queries.advisory_by_key(stranger, approved.key) is None
        assert JournalEntry.objects.filter(event="advisory.released").count() == 1

    def test_by_hand_it_is_refused_before_the_time(self, approved, manager, publish_at):
        with pytest.raises(actions.NeverEarly):
            actions.release_by_hand(by=manager, advisory_id=approved.pk, now=publish_at - SECOND)

    @pytest.mark.parametrize("field", ["hazard_class", "hazard_type", "severity"])
    def test_the_database_refuses_one_without_a_hazard(self, sealed, field):
        with pytest.raises(IntegrityError), transaction.atomic():
            Advisory.objects.filter(pk=sealed.pk).update(**{field: ""})

    def test_the_database_refuses_a_release_before_the_time(self, approved, publish_at):
        with pytest.raises(IntegrityError), transaction.atomic():
            Advisory.objects.filter(pk=approved.pk).update(
                state=AdvisoryState.RELEASED, number=1, released_at=publish_at - SECOND
            )

    def test_a_late_release_says_how_late(self, approved, publish_at):
        actions.release_due(now=publish_at + timedelta(minutes=7))
        entry = JournalEntry.objects.get(event="advisory.released")
        assert entry.payload["late_seconds"] == 420

    @pytest.mark.parametrize("ahead", [30, -30])
    def test_of_two_clocks_the_one_behind_decides(self, approved, publish_at, ahead):
        real = publish_at - timedelta(seconds=10)
        assert actions.release_due(now=real + timedelta(seconds=max(ahead, 0)), ahead=timedelta(seconds=ahead)) == 0
        assert state_of(approved) == AdvisoryState.APPROVED

    def test_the_job_tells_of_nothing(self, approved, publish_at):
        job = Job.objects.get(task="anshin.safety.jobs.release_due")
        assert (job.shop_id, job.args, job.run_at) == (None, [], publish_at)

    def test_what_is_not_approved_is_not_released(self, ready, publish_at):
        assert actions.release_due(now=publish_at + timedelta(days=1)) == 0
        assert state_of(ready) == AdvisoryState.DRAFT


class TestMeanwhile:
    def test_moved_to_later_the_approval_holds(self, approved, agent, publish_at, now):
        later = publish_at + timedelta(days=1)
        actions.move_time(by=agent, advisory_id=approved.pk, publish_at=later, zone="Asia/Tokyo", now=now)
        assert actions.release_due(now=publish_at) == 0
        assert actions.release_due(now=later) == 1

    def test_moved_to_earlier_a_second_person_approves_again(self, approved, manager, publish_at, now):
        earlier = publish_at - timedelta(days=1)
        actions.move_time(by=manager, advisory_id=approved.pk, publish_at=earlier, zone="Asia/Tokyo", now=now)
        assert actions.release_due(now=publish_at) == 0
        with pytest.raises(actions.OwnWork):
            actions.approve(by=manager, advisory_id=approved.pk, seen_version=1, now=now)

    def test_withdrawn_under_the_seal_it_never_happened(self, approved, agent, owner, publish_at, now):
        actions.withdraw(by=agent, advisory_id=approved.pk, words="公表元が取り下げた", now=now)
        assert actions.release_due(now=publish_at) == 0
        assert not queries.advisories(owner).exists()
        assert not JournalEntry.objects.filter(event__startswith="advisory.").exists()

    def test_withdrawn_in_public_nothing_is_shown_any_more(self, approved, manager, agent, publish_at):
        actions.release_due(now=publish_at)
        with pytest.raises(NotAllowed):
            actions.withdraw(by=agent, advisory_id=approved.pk, words="誤りだった", now=publish_at)
        actions.withdraw(by=manager, advisory_id=approved.pk, words="誤りだった", now=publish_at)
        assert queries.live_content(Advisory.objects.get(pk=approved.pk)) is None

    def test_a_correction_shows_only_after_the_second_person(self, approved, agent, manager, facts, publish_at):
        actions.release_due(now=publish_at)
        later = replace(facts, contact_phone="0120-222-222")
        actions.change_facts(by=agent, advisory_id=approved.pk, facts=later, seen_version=1, now=publish_at)
        public = Advisory.objects.get(pk=approved.pk)
        assert queries.live_content(public).facts.contact_phone == "0120-000-000"
        actions.word(by=agent, advisory_id=approved.pk, language="ja", words=JA, now=publish_at)
        actions.approve(by=manager, advisory_id=approved.pk, seen_version=2, now=publish_at)
        assert queries.live_content(public).facts.contact_phone == "0120-222-222"
        with pytest.raises(actions.IllegalStep):
            actions.approve(by=manager, advisory_id=approved.pk, seen_version=2, now=publish_at)

    def test_a_correction_of_words_does_not_make_stale_ones_fresh(self, approved, agent, manager, facts, publish_at):
        def say(language, words):
            actions.word(by=agent, advisory_id=approved.pk, language=language, words=words, now=publish_at)

        actions.release_due(now=publish_at)
        say("en", EN)
        actions.approve(by=manager, advisory_id=approved.pk, seen_version=2, now=publish_at)
        later = replace(facts, contact_phone="0120-222-222")
        actions.change_facts(by=agent, advisory_id=approved.pk, facts=later, seen_version=2, now=publish_at)
        say("ja", JA)
        actions.approve(by=manager, advisory_id=approved.pk, seen_version=3, now=publish_at)
        say("ja", replace(JA, heading="いますぐ使うのをやめてください"))
        unwritten = queries.standing_in_the_way(Advisory.objects.get(pk=approved.pk)).unwritten
        assert "en" in unwritten
        assert "ja" not in unwritten

    def test_closed_it_stays_on_the_page(self, approved, manager, publish_at):
        actions.release_due(now=publish_at)
        actions.close(by=manager, advisory_id=approved.pk, words="90%を超えた", now=publish_at)
        assert queries.live_content(Advisory.objects.get(pk=approved.pk)) is not None


@pytest.mark.parametrize("state", AdvisoryState)
@pytest.mark.parametrize("later", AdvisoryState)
def test_every_step_is_in_the_table_or_refused(state, later):
    assert steps.may_become(state, later) == (later in steps.MAY_BECOME[state])
    if later == AdvisoryState.RELEASED:
        assert state in {AdvisoryState.APPROVED, AdvisoryState.CLOSED} or not steps.may_become(state, later)


def test_content_survives_json(facts):
    whole = Content(3, facts, {"ja": JA, "en": EN})
    assert content.from_json(content.to_json(whole)) == whole
