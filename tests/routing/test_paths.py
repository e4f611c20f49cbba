"""Escalation paths: by the way a case came, who is told of a deadline, and before whom the case is put."""

from datetime import timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Case
from anshin.cases.terms import Channel, Party
from anshin.plumbing.journal.models import JournalEntry
from anshin.routing import actions, queries, rules
from anshin.routing.actions import PathRefused
from anshin.routing.models import Escalation, EscalationPath, PathRun
from anshin.routing.terms import Effect, EscalationSteps, PathDid, PathStep, Trigger
from anshin.shops.actions import NotAllowed, end_membership
from anshin.shops.fakes import RecordingPostbox
from anshin.shops.ports import postbox
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db
MANAGER_MAIL, AGENT_MAIL, OWNER_MAIL = "saeki@komorebi.example", "takeuchi@komorebi.example", "anju@komorebi.example"


@pytest.fixture
def box():
    with postbox.filled_with(RecordingPostbox()) as fake:
        yield fake


@pytest.fixture
def pass_to(monkeypatch, work):
    """Lets the clock come to a moment: deadlines are told and everything due is worked off."""
    from anshin.plumbing import clock

    def _pass_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        cases.tell_deadlines(now=moment)
        work(moment)

    return _pass_to


def made(shop, key, *, now, channel=Channel.EMAIL, owner=None):
    case = arrive(shop, key, at=now, channel=channel, sender=Party("", key.replace("@", "@mail."))).case
    if owner is not None:
        cases.assign(by=owner, case_id=case.pk, owner=owner, now=now)
    return Case.objects.get(pk=case.pk)


def moments(case):
    """Just after the warning, and just after the deadline."""
    case = Case.objects.get(pk=case.pk)
    return case.warn_at + timedelta(minutes=1), case.due_at + timedelta(minutes=1)


def steps_of(case):
    rows = PathRun.objects.filter(case_id=case.pk).order_by("id")
    return [(row.moment, row.did, str(row.receiver.person)) for row in rows]


def test_a_mail_is_told_to_who_has_it_and_put_before_a_manager_when_it_is_past(
    shop, agent, manager, owner, work, box, pass_to, now
):
    case = made(shop, "a@x", now=now, owner=agent)
    work()
    near, past = moments(case)
    pass_to(near)
    assert steps_of(case) == [(Trigger.DUE_SOON, PathDid.TOLD, "竹内 涼")]
    assert [letter.to for letter in box.left] == [AGENT_MAIL]
    assert f"#{case.number}" in box.left[0].subject and not Escalation.objects.exists()

    pass_to(past)
    found = Escalation.objects.get()
    assert (found.case_id, found.receiver_id, found.asked_by_id) == (case.pk, manager.pk, None)
    assert (found.rule_name, found.moment) == ("", Trigger.OVERDUE)
    assert "竹内 涼" in found.reason
    assert [letter.to for letter in box.left] == [AGENT_MAIL, MANAGER_MAIL]
    assert Case.objects.get(pk=case.pk).owner_id == agent.pk  # until the manager takes it on


def test_a_call_goes_to_a_manager_at_the_warning_and_to_the_owner_when_it_is_past(
    shop, agent, manager, owner, work, box, pass_to, now
):
    case = made(shop, "a@x", now=now, channel=Channel.PHONE, owner=agent)
    work()
    near, past = moments(case)
    pass_to(near)
    assert Escalation.objects.get().receiver_id == manager.pk
    pass_to(past)

    assert steps_of(case) == [
        (Trigger.DUE_SOON, PathDid.PUT, "佐伯 みお"),
        (Trigger.OVERDUE, PathDid.TOLD, str(owner.person)),  # it is before the manager already
    ]
    assert Escalation.objects.count() == 1
    assert [letter.to for letter in box.left] == [MANAGER_MAIL, owner.person.email]


def test_each_channel_has_its_own_deadline_and_its_own_path(shop, agent, manager, owner, work, box, pass_to, now):
    cases.set_target(
        by=manager, channel=Channel.PHONE, answer_minutes=60, resolution_minutes=None, now=now - timedelta(hours=1)
    )
    mail, call = made(shop, "a@x", now=now, owner=agent), made(shop, "b@x", now=now, channel=Channel.PHONE)
    work()
    assert moments(call)[1] < moments(mail)[0]
    pass_to(moments(call)[1])

    assert [did for _moment, did, _who in steps_of(call)] == [PathDid.PUT, PathDid.TOLD]
    assert steps_of(mail) == []


def test_where_nobody_has_the_case_a_manager_is_told(shop, agent, manager, work, box, pass_to, now):
    case = made(shop, "a@x", now=now)
    work()
    pass_to(moments(case)[0])

    assert steps_of(case) == [(Trigger.DUE_SOON, PathDid.TOLD, "佐伯 みお")]
    assert not Escalation.objects.exists()


def test_a_shop_sets_its_own_path_and_a_standard_one_leaves_no_row(shop, agent, manager, work, box, pass_to, now):
    own = {Channel.EMAIL: EscalationSteps(PathStep.NOBODY, str(agent.pk))}
    assert actions.set_paths(by=manager, paths=own, now=now) == 1
    assert actions.set_paths(by=manager, paths=own, now=now) == 0
    entry = JournalEntry.objects.get(event="routing.path_set")
    assert entry.payload == {"channel": "email", "soon": "nobody", "overdue": "竹内 涼"}
    case = made(shop, "a@x", now=now)
    work()
    near, past = moments(case)
    pass_to(near)
    assert steps_of(case) == []
    pass_to(past)
    assert Escalation.objects.get().receiver_id == agent.pk

    actions.set_paths(by=manager, paths={Channel.EMAIL: rules.standard_steps(Channel.EMAIL)}, now=now)
    assert not EscalationPath.objects.exists()


def test_what_cannot_be_is_refused_and_leaves_nothing(shop, agent, manager, warehouse, stranger, now):
    nobody, ours = PathStep.NOBODY, EscalationSteps
    for channel, steps in (
        ("pigeon", ours(nobody, nobody)),
        (Channel.EMAIL, ours("everybody", nobody)),
        (Channel.EMAIL, ours(nobody, str(warehouse.pk))),  # does not answer customers
        (Channel.EMAIL, ours(str(stranger.pk), nobody)),  # another shop's
    ):
        with pytest.raises(PathRefused):
            actions.set_paths(by=manager, paths={channel: steps}, now=now)
    for by in (agent, warehouse):
        with pytest.raises(NotAllowed):
            actions.set_paths(by=by, paths={Channel.EMAIL: ours(nobody, nobody)}, now=now)

    assert not EscalationPath.objects.exists()
    assert not JournalEntry.objects.filter(event="routing.path_set").exists()


def test_another_shops_path_is_another(shop, manager, stranger, now):
    actions.set_paths(by=manager, paths={Channel.EMAIL: EscalationSteps(PathStep.NOBODY, PathStep.NOBODY)}, now=now)

    assert queries.paths_of(stranger.shop)[Channel.EMAIL] == rules.standard_steps(Channel.EMAIL)
    assert queries.path_runs_of(stranger, 1) == []


def test_an_answer_before_the_work_is_done_calls_nobody(shop, agent, manager, work, box, post, now, monkeypatch):
    from anshin.plumbing import clock
    from tests.cases.writing import KASHIWAGI

    case = made(shop, "a@x", now=now, owner=agent)
    work()
    past = moments(case)[1]
    cases.tell_deadlines(now=past)
    monkeypatch.setattr(clock, "now", lambda: past)
    cases.reply(by=agent, case_id=case.pk, text="お待たせしました。", to=[KASHIWAGI], read_at_version=1, now=past)
    work(past)

    assert not PathRun.objects.exists() and not Escalation.objects.exists() and box.left == []


def test_asked_twice_it_is_done_once(shop, agent, manager, work, box, now):
    case = made(shop, "a@x", now=now)
    work()
    due_at = Case.objects.get(pk=case.pk).due_at
    for _turn in range(2):
        actions.follow_path(
            shop_id=shop.pk, case_id=case.pk, moment=Trigger.OVERDUE, due_at=due_at, entry_id=7, now=due_at
        )
    work(due_at)

    assert PathRun.objects.count() == Escalation.objects.count() == len(box.left) == 1


def test_the_eleventh_within_an_hour_stands_in_the_list_only(shop, agent, manager, work, box, now):
    found = [made(shop, f"{number}@x", now=now) for number in range(12)]
    work()
    for entry_id, case in enumerate(found, 1):
        actions.follow_path(
            shop_id=shop.pk, case_id=case.pk, moment=Trigger.OVERDUE, due_at=case.due_at, entry_id=entry_id, now=now
        )
    work()

    assert list(PathRun.objects.order_by("id").values_list("did", flat=True)) == ["put"] * 10 + ["listed"] * 2
    assert Escalation.objects.count() == len(box.left) == 10


def test_a_rule_that_has_put_it_there_already_is_enough(shop, agent, manager, live, work, box, pass_to, now):
    live("過ぎたら上へ", (Effect.ESCALATE, "manager"), trigger=Trigger.OVERDUE)
    case = made(shop, "a@x", now=now, owner=agent)
    work()
    near, past = moments(case)
    pass_to(near)
    pass_to(past)

    assert Escalation.objects.count() == 1
    assert [letter.to for letter in box.left].count(MANAGER_MAIL) == 1


def test_where_the_named_person_has_left_a_manager_gets_it(shop, agent, manager, owner, work, box, pass_to, now):
    path = EscalationSteps(PathStep.NOBODY, str(agent.pk))
    actions.set_paths(by=manager, paths={Channel.EMAIL: path}, now=now)
    end_membership(by=owner, membership=agent, now=now)
    case = made(shop, "a@x", now=now)
    work()
    pass_to(moments(case)[1])

    assert Escalation.objects.get().receiver_id == manager.pk
