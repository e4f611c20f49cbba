"""Somebody leaves: what they had under way is somebody else's in one step, and nothing of theirs opens a door."""

from datetime import timedelta

import pytest

from anshin.cases.actions import assign, close, save_draft
from anshin.cases.models import Case, Counter, Draft
from anshin.cases.terms import Party, Resolution
from anshin.integrations.actions import make_key
from anshin.integrations.models import ApiKey
from anshin.integrations.queries import find_key
from anshin.integrations.terms import Scope
from anshin.plumbing.journal.models import JournalEntry
from anshin.replies.models import Promise
from tests.cases.writing import arrive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def page(member):
    return f"/s/{member.shop.slug}/settings/staff/{member.pk}/end"


@pytest.fixture
def under_way(shop, agent, owner, now):
    """Two open cases of the agent, one closed, a draft, a promise."""
    senders = [Party("三雲", f"{n}@sender.example") for n in range(3)]
    found = [arrive(shop, f"{n}@mail.example", at=now, sender=each).case for n, each in enumerate(senders)]
    for case in found:
        assign(by=owner, case_id=case.pk, owner=agent, now=now)
    close(by=agent, case_id=found[2].pk, resolution=Resolution.ANSWERED, now=now)
    save_draft(
        by=agent, case_id=found[0].pk, text="お待たせしております", is_note=False, version=0, read_at_version=1, now=now
    )
    Promise.objects.create(
        shop=shop, case=found[0], message=found[0].messages.first(), key="k", quote="明日", owner=agent,
        made_at=now, due_at=now + timedelta(days=1),
    )  # fmt: skip
    return found


def test_the_page_says_what_is_under_way(signed_in, owner, agent, under_way, django_assert_max_num_queries):
    desk = signed_in(owner)
    with django_assert_max_num_queries(20):
        html = desk.get(page(agent)).content.decode()
    assert "終わっていない案件" in html
    assert ">2</dd>" in html
    assert "下書き" in html


def test_everything_goes_to_the_colleague_who_was_chosen(signed_in, owner, agent, manager, under_way, now):
    theirs = signed_in(agent)
    _key, secret = make_key(by=owner, member=agent, name="倉庫", scopes=[Scope.CASES_READ], expires_at=None, now=now)
    answer = signed_in(owner).post(page(agent), {"to": str(manager.pk)}, follow=True)
    assert "案件2件" in answer.content.decode()
    assert list(Case.objects.order_by("pk").values_list("owner_id", flat=True)) == [manager.pk, manager.pk, agent.pk]
    assert Draft.objects.get().author_id == manager.pk
    assert Promise.objects.get().owner_id == manager.pk
    assert ApiKey.objects.get().revoked_at is not None
    assert find_key(secret, now=now) is None
    assert Counter.objects.get(status="open", owner_id=manager.pk).count == 2
    assert Counter.objects.get(status="open", owner_id=agent.pk).count == 0
    assert JournalEntry.objects.filter(event="case.assigned").count() == 3 + 2
    assert theirs.get(f"/s/{agent.shop.slug}/inbox/mine").status_code == 302


def test_with_nobody_cases_wait_unassigned_and_drafts_for_their_writer(signed_in, owner, agent, under_way):
    signed_in(owner).post(page(agent), {"to": "nobody"})
    assert list(Case.objects.order_by("pk").values_list("owner_id", flat=True))[:2] == [None, None]
    assert Draft.objects.get().author_id == agent.pk
    assert Promise.objects.get().owner_id is None


def test_a_draft_of_the_colleague_in_the_same_case_stays_theirs(signed_in, owner, agent, manager, under_way, now):
    save_draft(
        by=manager,
        case_id=under_way[0].pk,
        text="私から返信します",
        is_note=False,
        version=0,
        read_at_version=1,
        now=now,
    )
    signed_in(owner).post(page(agent), {"to": str(manager.pk)})
    assert sorted(Draft.objects.values_list("author_id", "text")) == sorted(
        [(agent.pk, "お待たせしております"), (manager.pk, "私から返信します")]
    )


def test_if_the_access_cannot_end_nothing_else_happens(signed_in, owner, agent, under_way, now):
    for case in under_way:
        assign(by=owner, case_id=case.pk, owner=owner, now=now)
    answer = signed_in(owner).post(page(owner), {"to": str(agent.pk)}, follow=True)
    assert "店主が1人以上必要です" in answer.content.decode()
    assert set(Case.objects.values_list("owner_id", flat=True)) == {owner.pk}


@pytest.mark.parametrize("whom", ["agent", "stranger", "warehouse"])
def test_work_goes_to_those_who_answer_customers_here_and_to_nobody_else(
    request, signed_in, owner, agent, under_way, whom
):
    to = request.getfixturevalue(whom)
    signed_in(owner).post(page(agent), {"to": str(to.pk)}, follow=True)
    agent.refresh_from_db()
    assert agent.is_active
    assert Case.objects.filter(owner=agent).count() == 3


def test_only_the_owner_lets_somebody_go(signed_in, manager, agent, under_way):
    assert signed_in(manager).get(page(agent)).status_code in (403, 404)
    signed_in(manager).post(page(agent), {"to": "nobody"})
    agent.refresh_from_db()
    assert agent.is_active
