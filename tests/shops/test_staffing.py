"""Who works in a shop: invitations, roles, the end of a membership, and one's own account."""

import pytest

from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops import actions, queries
from anshin.shops.fakes import RecordingPostbox
from anshin.shops.models import Membership, Person
from anshin.shops.ports import LetterNotSent, postbox
from anshin.shops.terms import Role

pytestmark = pytest.mark.django_db
LINK = "https://desk.komorebi.example/account/login/code/"


@pytest.fixture
def letters():
    with postbox.filled_with(RecordingPostbox()) as fake:
        yield fake


def invite(by, now, email="mori@komorebi.example"):
    return actions.invite_by_mail(
        by=by, email=email, name="森 葉子", role=Role.AGENT, language="ja", link=LINK, now=now
    )


def events():
    return list(JournalEntry.objects.exclude(event="shop.opened").order_by("id").values_list("event", flat=True))


def test_an_invitation_makes_a_membership_and_a_letter(owner, letters, now):
    member = invite(owner, now, email=" Mori@Komorebi.example ")
    assert letters.left == []  # nothing leaves inside the transaction
    run_due_jobs(now=now)
    [letter] = letters.left
    assert (letter.shop_id, letter.to, letter.name) == (owner.shop_id, "mori@komorebi.example", "森 葉子")
    assert letter.subject == "「こもれび雑貨店」のスタッフに招待されました"
    assert LINK in letter.text
    assert (member.role, member.person.has_usable_password()) == ("agent", False)
    assert events()[-2:] == ["shop.staff_invited", "shop.invitation_sent"]


def test_an_invitation_to_a_colleague_is_refused_and_nothing_is_sent(owner, agent, letters, now):
    before = events()
    with pytest.raises(actions.AlreadyHere):
        invite(owner, now, email=agent.person.email)
    assert (Job.objects.count(), events()) == (0, before)


def test_an_agent_cannot_invite(agent, letters, now):
    with pytest.raises(actions.NotAllowed):
        invite(agent, now)
    assert (Person.objects.count(), Job.objects.count()) == (1, 0)


def test_an_invitation_that_ended_meanwhile_is_not_sent(owner, letters, now):
    member = invite(owner, now)
    actions.end_membership(membership=member, by=owner, now=now)
    run_due_jobs(now=now)
    assert letters.left == []


def test_a_letter_that_the_server_refuses_for_good_is_shown_to_the_owner(owner, letters, now):
    letters.refusals.append(LetterNotSent("550 no such user", permanent=True))
    invite(owner, now)
    run_due_jobs(now=now, raise_stuck=False)
    job = Job.objects.get()
    assert (job.state, job.shop_id, job.last_error_words) == ("stuck", owner.shop_id, "550 no such user")


def test_somebody_who_left_comes_back_with_the_new_role(owner, agent, letters, now):
    actions.end_membership(membership=agent, by=owner, now=now)
    assert queries.signed_in_person(agent.person_id, now=now).desk_memberships == ()
    again = actions.invite_staff(
        shop=owner.shop, email=agent.person.email, name="", role=Role.MANAGER, by=owner, now=now
    )
    assert (again.pk, again.role, again.is_active) == (agent.pk, "manager", True)
    assert agent.person.name == "竹内 涼"


def test_a_role_is_changed_and_written_down(owner, agent, now):
    actions.grant_role(membership=agent, role=Role.MANAGER, by=owner, now=now)
    agent.refresh_from_db()
    assert agent.role == "manager"
    fact = JournalEntry.objects.get(event="shop.role_granted")
    assert fact.payload == {
        "membership_id": agent.pk,
        "former": "agent",
        "role": "manager",
        "who": "竹内 涼",
    }


def test_the_last_owner_can_neither_leave_nor_step_down(owner, now):
    before = events()
    with pytest.raises(actions.LastOwner):
        actions.grant_role(membership=owner, role=Role.AGENT, by=owner, now=now)
    with pytest.raises(actions.LastOwner):
        actions.end_membership(membership=owner, by=owner, now=now)
    stored = Membership.objects.get(pk=owner.pk)
    assert (stored.role, stored.is_active, events()) == ("owner", True, before)


def test_one_of_two_owners_may_leave(owner, agent, now):
    actions.grant_role(membership=agent, role=Role.OWNER, by=owner, now=now)
    actions.end_membership(membership=owner, by=agent, now=now)
    assert list(queries.staff_of(owner.shop)) == [agent]


def test_staff_of_another_shop_cannot_be_changed(owner, stranger, now):
    for change in (
        lambda: actions.grant_role(membership=stranger, role=Role.OWNER, by=owner, now=now),
        lambda: actions.end_membership(membership=stranger, by=owner, now=now),
        lambda: actions.send_invitation(by=owner, membership=stranger, link=LINK, now=now),
    ):
        with pytest.raises(actions.NotAllowed):
            change()
    stranger.refresh_from_db()
    assert (stranger.role, stranger.is_active, Job.objects.count()) == ("agent", True, 0)


def test_an_account_changes_name_language_and_signature(agent, now):
    actions.change_account(by=agent, name=" 竹内 亮 ", name_en="Takeuchi Ryo", language="en", signature="竹内", now=now)
    stored = Membership.objects.select_related("person").get(pk=agent.pk)
    assert (stored.person.name, stored.person.language, stored.signature) == ("竹内 亮", "en", "竹内")
    fact = JournalEntry.objects.get(event="shop.account_changed")
    assert fact.payload["what"] == "name,name_en,language,signature"


def test_a_sign_in_code_leaves_through_the_persons_shop(agent, letters, now):
    actions.send_sign_in_code(mail="Takeuchi@komorebi.example", code="K7QF-2M", now=now)
    run_due_jobs(now=now)
    [letter] = letters.left
    assert (letter.shop_id, letter.to, letter.subject) == (
        agent.shop_id,
        "takeuchi@komorebi.example",
        "サインイン用のコード: K7QF-2M",
    )


def test_an_unknown_address_gets_no_letter(agent, letters, now):
    actions.send_sign_in_code(mail="nobody@komorebi.example", code="1", now=now)
    actions.send_new_password_link(mail="nobody@komorebi.example", link=LINK, now=now)
    assert Job.objects.count() == 0
