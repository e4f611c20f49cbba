"""Versions are written, published and taken back by those who may, and never change once orders go by them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from anshin.plumbing.journal.models import JournalEntry
from anshin.returns.actions import policies as actions
from anshin.returns.models import Policy, PolicyShowing
from anshin.returns.queries import policies
from anshin.returns.rules.policy_content import PolicyContent, write
from anshin.returns.terms import PolicyState
from anshin.shops.actions import NotAllowed
from tests.returns.policy_texts import KOMOREBI

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def entries():
    return [entry.event for entry in JournalEntry.objects.filter(event__startswith="policy.").order_by("id")]


@pytest.fixture
def draft(manager, now):
    """A draft that may be published."""
    policy = actions.start_draft(by=manager, now=now)
    return actions.save_draft(by=manager, policy_id=policy.pk, content=write(KOMOREBI), now=now)


def test_a_draft_is_begun_written_and_published(shop, manager, draft, now):
    policy = actions.publish(by=manager, policy_id=draft.pk, valid_from=date(2026, 12, 1), now=now)
    assert policies.content_of(policy) == KOMOREBI
    assert policy.in_force_at == datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
    assert policies.label_of(policy) == "2026年12月1日版"
    assert entries() == ["policy.drafted", "policy.saved", "policy.published"]
    assert policies.policy_at(shop, now) is None
    assert policies.policy_at(shop, now + timedelta(days=20)) == policy


def test_published_today_it_holds_from_this_moment(shop, manager, draft, now):
    policy = actions.publish(by=manager, policy_id=draft.pk, valid_from=TODAY, now=now)
    assert policy.in_force_at == now
    assert policies.policy_at(shop, now - timedelta(seconds=1)) is None


def test_two_of_one_day_are_told_apart(shop, manager, draft, now, later):
    actions.publish(by=manager, policy_id=draft.pk, valid_from=TODAY, now=now)
    second = actions.start_draft(by=manager, source_id=draft.pk, now=later)
    actions.publish(by=manager, policy_id=second.pk, valid_from=TODAY, now=later)
    assert policies.label_of(policies.policy_at(shop, later)) == "2026年11月20日版（2）"


def test_only_the_first_may_begin_in_the_past(shop, manager, draft, now, later):
    first = actions.publish(by=manager, policy_id=draft.pk, valid_from=date(2024, 4, 1), now=now)
    assert policies.policy_at(shop, datetime(2024, 3, 31, 15, 0, tzinfo=UTC)) == first
    second = actions.start_draft(by=manager, source_id=first.pk, now=later)
    with pytest.raises(actions.StartsTooEarly):
        actions.publish(by=manager, policy_id=second.pk, valid_from=TODAY - timedelta(days=1), now=later)
    assert policies.policy_at(shop, now) == first


def test_a_published_version_never_changes(manager, draft, now):
    actions.publish(by=manager, policy_id=draft.pk, valid_from=TODAY, now=now)
    before, told = Policy.objects.get(pk=draft.pk), entries()
    for refused in (
        lambda: actions.save_draft(by=manager, policy_id=draft.pk, content={}, now=now),
        lambda: actions.remove_draft(by=manager, policy_id=draft.pk, now=now),
        lambda: actions.publish(by=manager, policy_id=draft.pk, valid_from=TODAY, now=now),
    ):
        with pytest.raises(actions.NotADraft):
            refused()
    with pytest.raises(actions.InForce):
        actions.withdraw(by=manager, policy_id=draft.pk, now=now)
    after = Policy.objects.get(pk=draft.pk)
    assert (after.content, after.valid_from, after.state) == (before.content, before.valid_from, before.state)
    assert entries() == told


def test_one_that_has_not_begun_is_taken_back(shop, manager, draft, now):
    actions.publish(by=manager, policy_id=draft.pk, valid_from=date(2026, 12, 1), now=now)
    policy = actions.withdraw(by=manager, policy_id=draft.pk, now=now)
    assert (policy.state, policy.valid_from, policy.in_force_at) == (PolicyState.DRAFT, None, None)
    assert entries()[-1] == "policy.withdrawn"
    actions.remove_draft(by=manager, policy_id=draft.pk, now=now)
    assert not Policy.objects.exists()


def test_a_day_on_which_another_begins_is_refused(manager, draft, now):
    actions.publish(by=manager, policy_id=draft.pk, valid_from=date(2026, 12, 1), now=now)
    second = actions.start_draft(by=manager, source_id=draft.pk, now=now)
    with pytest.raises(actions.DayTaken):
        actions.publish(by=manager, policy_id=second.pk, valid_from=date(2026, 12, 1), now=now)
    assert Policy.objects.filter(state=PolicyState.PUBLISHED).count() == 1


def test_an_empty_one_is_not_published(manager, now):
    empty = actions.start_draft(by=manager, now=now)
    with pytest.raises(actions.HasFlaws) as refusal:
        actions.publish(by=manager, policy_id=empty.pk, valid_from=TODAY, now=now)
    assert {each.code for each in refusal.value.flaws} == {"defects_empty", "mind_empty", "excluded_empty"}
    assert entries() == ["policy.drafted"]


def test_the_same_content_again_writes_nothing(manager, draft, now, later):
    told = entries()
    actions.save_draft(by=manager, policy_id=draft.pk, content=write(KOMOREBI), now=later)
    assert Policy.objects.get(pk=draft.pk).changed_at == now
    assert entries() == told


@pytest.mark.parametrize("content", [{"days": 0}, {"days": 4000}, {"fee_yen": -1}, {"mind_words": "あ" * 1001}])
def test_impossible_values_are_refused(manager, draft, content, now):
    with pytest.raises(actions.WrongContent):
        actions.save_draft(by=manager, policy_id=draft.pk, content=content, now=now)
    assert policies.content_of(Policy.objects.get(pk=draft.pk)) == KOMOREBI


def test_where_terms_are_shown_may_be_told_later(manager, draft, now, later):
    actions.publish(by=manager, policy_id=draft.pk, valid_from=TODAY, now=now)
    told = {"by": manager, "policy_id": draft.pk, "where": "cart", "now": later}
    actions.tell_showing(since_on=TODAY, proof="https://komorebi.example/cart", **told)
    actions.tell_showing(since_on=TODAY, proof="https://komorebi.example/cart", **told)
    assert policies.shown_of(draft).cart_on == TODAY
    assert entries().count("policy.showing_told") == 1
    actions.tell_showing(since_on=None, **told)
    assert not PolicyShowing.objects.exists()
    with pytest.raises(actions.WrongContent):
        actions.tell_showing(since_on=TODAY, **told | {"where": "footer"})


def test_nobody_else_writes_it(agent, warehouse, stranger, draft, now):
    for by, refusal in ((agent, NotAllowed), (warehouse, NotAllowed), (stranger, NotAllowed)):
        for verb in (
            lambda by=by: actions.start_draft(by=by, now=now),
            lambda by=by: actions.save_draft(by=by, policy_id=draft.pk, content={}, now=now),
            lambda by=by: actions.remove_draft(by=by, policy_id=draft.pk, now=now),
            lambda by=by: actions.publish(by=by, policy_id=draft.pk, valid_from=TODAY, now=now),
            lambda by=by: actions.withdraw(by=by, policy_id=draft.pk, now=now),
            lambda by=by: actions.tell_showing(by=by, policy_id=draft.pk, where="cart", since_on=TODAY, now=now),
        ):
            with pytest.raises(refusal):
                verb()
    assert Policy.objects.get().content == write(KOMOREBI)


def test_another_shops_manager_finds_none(other_shop, draft, now):
    from tests.conftest import member

    other = member(other_shop, "manager", "hamano@shiosai.example", "浜野 航")
    for verb in (
        lambda: actions.start_draft(by=other, source_id=draft.pk, now=now),
        lambda: actions.publish(by=other, policy_id=draft.pk, valid_from=TODAY, now=now),
        lambda: actions.tell_showing(by=other, policy_id=draft.pk, where="cart", since_on=TODAY, now=now),
    ):
        with pytest.raises(actions.PolicyGone):
            verb()
    assert Policy.objects.filter(shop=other_shop).count() == 0


def test_the_database_holds_no_half_published_version(shop, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(
            shop=shop, state=PolicyState.PUBLISHED, content=write(PolicyContent()), created_at=now, changed_at=now
        )
