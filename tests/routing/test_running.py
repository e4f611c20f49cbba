"""Rules act on what comes in: once, in order, under their own name, and never without end."""

from datetime import timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Case, Message, Note
from anshin.plumbing.journal import reactions
from anshin.plumbing.journal.models import JournalEntry, ReactionCursor
from anshin.routing import actions
from anshin.routing.actions import NotTried
from anshin.routing.models import Rule, RuleRun
from anshin.routing.terms import REACTION, Effect, Field, Op, Trigger
from tests.cases.writing import arrive
from tests.routing.conftest import definition

pytestmark = pytest.mark.django_db


def fresh(case):
    return Case.objects.get(pk=case.pk)


def test_a_rule_gives_tags_and_marks_what_fits(shop, agent, live, work, now):
    rule = live(
        "領収書は経理へ",
        (Effect.ASSIGN, str(agent.pk)),
        (Effect.TAG, "経理"),
        (Effect.URGENT, "yes"),
        conditions=[(Field.WORDS, Op.IS, "領収書、インボイス")],
    )
    fits = arrive(shop, "a@x", at=now, subject="ﾘｮｳｼｭｳｼｮの件", text="領収書をください").case
    other = arrive(shop, "b@x", at=now, subject="返品", text="返品したい").case
    work()

    assert (fresh(fits).owner_id, fresh(fits).tag_names, fresh(fits).is_urgent) == (agent.pk, ["経理"], True)
    assert (fresh(other).owner_id, fresh(other).tag_names, fresh(other).is_urgent) == (None, [], False)
    run = RuleRun.objects.get()
    assert (run.rule_id, run.case_id, run.version.number) == (rule.pk, fits.pk, 1)
    assert run.did == [["assign", "竹内 涼"], ["tag", "経理"], ["urgent", "yes"]]
    assert Rule.objects.get().run_count == 1
    told = JournalEntry.objects.filter(case_id=fits.pk, event="case.assigned").get()
    assert (told.actor_kind, told.actor_name) == ("system", "rule: 領収書は経理へ")


def test_asked_twice_about_the_same_entry_it_acts_once(shop, live, work, now):
    live("印", (Effect.TAG, "印"), (Effect.NOTE, "見てください"))
    case = arrive(shop, "a@x", at=now).case
    work()
    entry = JournalEntry.objects.get(case_id=case.pk, event="case.message_received")
    again = actions.run_rules(
        shop_id=shop.pk, case_id=case.pk, trigger=Trigger.MESSAGE, entry_id=entry.pk, at=entry.at, now=now
    )

    assert again == []
    assert RuleRun.objects.count() == 1
    assert Note.objects.filter(case=case).count() == 1


def test_a_note_is_written_once_a_case_and_signed_by_the_rule(shop, live, work, now):
    live("メモ", (Effect.NOTE, "まず在庫を見る"))
    case = arrive(shop, "a@x", at=now).case
    arrive(shop, "b@x", at=now + timedelta(minutes=1), refers_to=("a@x",))
    work()

    note = Note.objects.get(case=case)
    assert (note.text, note.author, note.rule_name) == ("まず在庫を見る", None, "メモ")


def test_what_the_first_rule_settles_is_settled_and_stop_stops(shop, agent, manager, live, work, now):
    live("一", (Effect.ASSIGN, str(agent.pk)), (Effect.TAG, "一"))
    live("二", (Effect.ASSIGN, str(manager.pk)), (Effect.TAG, "二"), stops=True)
    live("三", (Effect.TAG, "三"))
    case = arrive(shop, "a@x", at=now).case
    work()

    assert fresh(case).owner_id == agent.pk
    assert fresh(case).tag_names == ["一", "二"]


def test_nothing_happens_while_no_rule_works_and_nothing_is_made_up_for(shop, manager, live, work, now):
    early = arrive(shop, "a@x", at=now).case
    assert work() and not ReactionCursor.objects.exists()
    rule = actions.save_rule(by=manager, name="印", definition=definition((Effect.TAG, "印")), now=now)
    actions.try_rule(by=manager, rule_id=rule.pk, now=now + timedelta(seconds=1))
    actions.switch_on(by=manager, rule_id=rule.pk, now=now + timedelta(seconds=2))
    later = arrive(shop, "b@x", at=now + timedelta(seconds=3), subject="別の件").case
    work(now + timedelta(seconds=4))

    assert fresh(early).tag_names == []
    assert fresh(later).tag_names == ["印"]
    assert ReactionCursor.objects.filter(reaction=REACTION).count() == 1


def test_a_version_that_was_not_tried_is_refused(shop, manager, now):
    rule = actions.save_rule(by=manager, name="印", definition=definition((Effect.TAG, "印")), now=now)
    with pytest.raises(NotTried):
        actions.switch_on(by=manager, rule_id=rule.pk, now=now)
    actions.try_rule(by=manager, rule_id=rule.pk, now=now)
    actions.switch_on(by=manager, rule_id=rule.pk, now=now)
    actions.save_rule(by=manager, name="印", definition=definition((Effect.TAG, "別")), rule_id=rule.pk, now=now)
    with pytest.raises(NotTried):
        actions.switch_on(by=manager, rule_id=rule.pk, now=now)

    assert Rule.objects.get().live_version.number == 1


def test_a_changed_rule_goes_on_as_it_was_until_the_new_version_is_on(shop, manager, live, work, now):
    rule = live("印", (Effect.TAG, "古い"))
    actions.save_rule(by=manager, name="印", definition=definition((Effect.TAG, "新しい")), rule_id=rule.pk, now=now)
    first = arrive(shop, "a@x", at=now).case
    work()
    actions.try_rule(by=manager, rule_id=rule.pk, now=now)
    actions.switch_on(by=manager, rule_id=rule.pk, now=now)
    second = arrive(shop, "b@x", at=now, subject="別の件").case
    work()

    assert fresh(first).tag_names == ["古い"]
    assert fresh(second).tag_names == ["新しい"]


def test_old_mail_spam_and_held_mail_are_left_alone(shop, live, work, now):
    live("印", (Effect.TAG, "印"))
    old = arrive(shop, "a@x", at=now - timedelta(days=15)).case
    spam = arrive(shop, "b@x", at=now, subject="儲かる", spam_by="filter").case
    held = arrive(shop, "c@x", at=now, subject="壊れた", hold="unreadable").case
    work()

    assert [fresh(case).tag_names for case in (old, spam, held)] == [[], [], []]
    assert RuleRun.objects.count() == 0


def test_another_shops_rules_do_not_act_here(shop, other_shop, live, work, now):
    live("印", (Effect.TAG, "印"))
    case = arrive(other_shop, "a@x", at=now).case
    work()

    assert fresh(case).tag_names == []


def test_a_case_that_is_closed_sets_its_rules_off(shop, agent, live, work, now):
    live("済", (Effect.TAG, "済"), trigger=Trigger.CLOSED)
    case = arrive(shop, "a@x", at=now).case
    cases.close(by=agent, case_id=case.pk, resolution="answered", now=now)
    work()

    assert fresh(case).tag_names == ["済"]


def test_the_topic_sets_rules_off_for_mails_and_for_forms(shop, live, work, now):
    live("返品", (Effect.TAG, "返品"), trigger=Trigger.TOPIC, conditions=[(Field.TOPIC, Op.IS, "return.")])
    mail = arrive(
        shop, "a@x", at=now, subject="返品したい", text="届いた服を返品したいです。返品の方法を教えてください。"
    ).case
    form = arrive(shop, "b@x", at=now, channel="web_form", subject="f", text="x", topic="return.how").case
    work()

    assert fresh(mail).tag_names == ["返品"]
    assert fresh(form).tag_names == ["返品"]


@pytest.mark.parametrize(("name", "trigger"), [("case.due_soon", Trigger.DUE_SOON), ("case.overdue", Trigger.OVERDUE)])
def test_due_times_set_rules_off_when_somebody_tells_of_them(shop, live, work, now, name, trigger):
    live("急", (Effect.URGENT, "yes"), trigger=trigger)
    case = arrive(shop, "a@x", at=now).case
    entry = JournalEntry.objects.create(
        shop_id=shop.pk, at=now, actor_kind="system", actor_name="x", event=name, payload={}, case_id=case.pk
    )
    actions.run_rules(shop_id=shop.pk, case_id=case.pk, trigger=trigger, entry_id=entry.pk, at=now, now=now)

    (reaction,) = [each for each in reactions.known_reactions() if each.name == REACTION]
    assert name in reaction.events
    assert fresh(case).is_urgent


def test_nothing_that_a_rule_writes_sets_a_rule_off(shop, agent, live, work, post, now):
    live(
        "全部",
        (Effect.ASSIGN, str(agent.pk)),
        (Effect.TAG, "印"),
        (Effect.URGENT, "yes"),
        (Effect.SNOOZE, "3"),
        (Effect.NOTE, "メモ"),
    )
    case = arrive(shop, "a@x", at=now).case
    work()
    (reaction,) = [each for each in reactions.known_reactions() if each.name == REACTION]
    written = set(JournalEntry.objects.filter(case_id=case.pk, actor_name="rule: 全部").values_list("event", flat=True))

    assert written == {
        "case.assigned", "case.tagged", "case.urgency_set", "case.snoozed", "case.note_added", "routing.rule_ran"
    }  # fmt: skip
    assert not written & reaction.events
    assert fresh(case).status == "snoozed"
    assert fresh(case).snoozed_until_at == now + timedelta(hours=3)


def test_what_a_rule_did_can_be_taken_back_once(shop, agent, manager, live, work, now):
    live("経理", (Effect.ASSIGN, str(agent.pk)), (Effect.TAG, "経理"))
    case = arrive(shop, "a@x", at=now).case
    cases.set_tags(by=manager, case_id=case.pk, names=["大事"], now=now)
    work()
    run = RuleRun.objects.get()
    actions.undo_run(by=manager, run_id=run.pk, now=now)
    actions.undo_run(by=manager, run_id=run.pk, now=now)

    assert (fresh(case).owner_id, fresh(case).tag_names) == (None, ["大事"])
    assert RuleRun.objects.get().undone_by == manager
    assert JournalEntry.objects.filter(event="routing.run_undone").count() == 1


def test_taking_back_leaves_an_owner_whom_somebody_chose_since(shop, agent, manager, live, work, now):
    live("経理", (Effect.ASSIGN, str(agent.pk)))
    case = arrive(shop, "a@x", at=now).case
    work()
    cases.assign(by=manager, case_id=case.pk, owner=manager, now=now)
    actions.undo_run(by=manager, run_id=RuleRun.objects.get().pk, now=now)

    assert fresh(case).owner_id == manager.pk


def test_a_case_merged_away_meanwhile_is_left_alone(shop, agent, live, work, now):
    live("印", (Effect.TAG, "印"))
    kept = arrive(shop, "a@x", at=now).case
    gone = arrive(shop, "b@x", at=now, subject="別の件").case
    cases.merge(by=agent, case_id=gone.pk, into_number=kept.number, now=now)
    work()

    assert fresh(gone).tag_names == []


def test_a_sender_names_an_unknown_person_no_more_after_leaving(shop, agent, live, work, now):
    live("竹内へ", (Effect.ASSIGN, str(agent.pk)), (Effect.TAG, "印"))
    type(agent).objects.filter(pk=agent.pk).update(is_active=False)
    case = arrive(shop, "a@x", at=now).case
    work()

    assert (fresh(case).owner_id, fresh(case).tag_names) == (None, ["印"])
    assert not Message.objects.filter(case=case, direction="out").exists()
