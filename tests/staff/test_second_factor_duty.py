"""The owner makes two-step sign-in a duty, sees who has it, takes a lost factor away; what that shuts, and to whom."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops import actions
from anshin.shops.models import Shop
from anshin.shops.terms import Role
from tests.cases.writing import arrive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
PAGE, NEEDED = "/s/komorebi/settings/sign-in", "/account/factor/needed/"
PASSWORD = "mizuiro-no-tegami-7"


def give_app(member):
    return Authenticator.objects.create(user=member.person, type="totp", data={"secret": "x"})


def events():
    return list(JournalEntry.objects.filter(event__contains="factor").order_by("id").values_list("event", flat=True))


@pytest.fixture
def shut(owner, now):
    """A shop in which the duty holds since yesterday."""
    return actions.require_second_factor(by=owner, grace_days=0, now=now - timedelta(days=1))


def test_until_the_day_each_sign_in_leads_to_the_page_that_names_it(client, owner, agent, signed_in, now, monkeypatch):
    answer = signed_in(owner).post(PAGE, {"grace": "7"}, follow=True).content.decode()
    assert "11月27日(金) 14:00から、2段階認証を設定していない人はこの店舗を開けません" in answer
    assert "まだ設定していない人が2人います" in answer
    agent.person.set_password(PASSWORD)
    agent.person.save()
    led = client.post("/account/login/", {"login": agent.person.email, "password": PASSWORD})
    assert led.url == f"{NEEDED}?next=%2F"
    page = client.get(led.url).content.decode()
    assert "11月27日(金) 14:00からは、設定していないと店舗を開けません" in page
    assert client.get("/s/komorebi/inbox/mine").status_code == 200
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now + timedelta(days=7))
    client.post("/account/login/", {"login": agent.person.email, "password": PASSWORD})
    assert client.get("/s/komorebi/inbox/mine").url == NEEDED
    give_app(agent)
    assert client.get("/s/komorebi/inbox/mine").status_code == 200
    assert client.get(NEEDED).url == "/"
    assert events() == ["shop.second_factor_required"]


def test_after_the_day_nothing_of_the_shop_opens_without_one(shut, shop, agent, signed_in, now):
    from anshin.shops.queries import membership_of, signed_in_person

    case = arrive(shop, "a@mail.example", at=now).case
    visitor = signed_in(agent)
    for path in (f"/s/komorebi/c/{case.number}", "/s/komorebi/files/1", "/s/komorebi/account", "/"):
        assert visitor.get(path).url == NEEDED, path
    fragment = visitor.get("/s/komorebi/inbox/mine", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (403, NEEDED)
    assert visitor.post(f"/s/komorebi/c/{case.number}/note", {"text": "x"}).url == NEEDED
    assert visitor.get("/s/komorebi/settings/mail/").status_code == 404
    assert signed_in_person(agent.person_id, now=now).desk_memberships == ()  # what the live stream goes by
    assert membership_of(agent.person_id, "komorebi", now=now) is None
    Authenticator.objects.create(user=agent.person, type="recovery_codes", data={})
    assert visitor.get("/").url == NEEDED


def test_the_duty_of_one_shop_shuts_no_other(shut, other_shop, agent, signed_in, now):
    actions.invite_staff(shop=other_shop, email=agent.person.email, name="", role=Role.AGENT, by=None, now=now)
    visitor = signed_in(agent)
    assert visitor.get("/").url == "/s/shiosai/inbox/mine"
    assert visitor.get("/s/shiosai/inbox/mine").status_code == 200
    assert visitor.get("/s/komorebi/inbox/mine").url == NEEDED


def test_the_duty_ends(owner, agent, signed_in, now):
    give_app(owner)
    actions.require_second_factor(by=owner, grace_days=0, now=now)
    assert signed_in(agent).get("/s/komorebi/inbox/mine").url == NEEDED
    signed_in(owner).post(PAGE, {"grace": "none"})
    assert signed_in(agent).get("/s/komorebi/inbox/mine").status_code == 200
    signed_in(owner).post(PAGE, {"grace": "none"})
    assert events() == ["shop.second_factor_required", "shop.second_factor_freed"]


@pytest.mark.parametrize("grace", ["", "1", "-1", "99999", "soon"])
def test_a_grace_that_is_not_offered_changes_nothing(owner, signed_in, grace):
    assert signed_in(owner).post(PAGE, {"grace": grace}).status_code == 404
    assert Shop.objects.get().second_factor_from is None


def test_a_lost_factor_is_taken_away_logged_and_told(owner, agent, signed_in, letters, now):
    give_app(agent)
    theirs = signed_in(agent)
    said = signed_in(owner).post(f"{PAGE}/{agent.pk}/take", follow=True).content.decode()
    assert "竹内 涼さんの2段階認証を外しました" in said
    assert Authenticator.objects.count() == 0
    assert theirs.get("/s/komorebi/inbox/mine").url.startswith("/account/login/")
    run_due_jobs(now=now)
    assert [(letter.to, letter.subject) for letter in letters.left] == [
        ("takeuchi@komorebi.example", "2段階認証が外されました")
    ]
    signed_in(owner).post(f"{PAGE}/{agent.pk}/take")
    assert events() == ["shop.factor_taken"]


def test_a_suspicious_password_is_made_void_and_a_new_one_set_by_mail(owner, agent, client, signed_in, letters, now):
    agent.person.set_password(PASSWORD)
    agent.person.save()
    theirs = signed_in(agent)
    said = signed_in(owner).post(f"{PAGE}/{agent.pk}/end", follow=True).content.decode()
    assert "竹内 涼さんのパスワードを無効にしました" in said
    assert theirs.get("/s/komorebi/inbox/mine").url.startswith("/account/login/")
    client.post("/account/login/", {"login": agent.person.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    run_due_jobs(now=now)
    assert [(letter.to, letter.subject) for letter in letters.left] == [
        ("takeuchi@komorebi.example", "パスワードが無効になりました")
    ]
    assert JournalEntry.objects.filter(event="shop.password_ended").count() == 1
    client.post("/account/password/reset/", {"email": agent.person.email})
    run_due_jobs(now=now)
    assert letters.left[-1].subject == "新しいパスワードの設定"


def test_nobody_disarms_people_of_other_shops_by_inviting_them(owner, stranger, other_shop, shop, signed_in, now):
    give_app(stranger)
    invited = actions.invite_staff(shop=shop, email=stranger.person.email, name="", role=Role.AGENT, by=owner, now=now)
    said = signed_in(owner).post(f"{PAGE}/{invited.pk}/take", follow=True).content.decode()
    assert "ほかの店舗も開けます" in said
    signed_in(owner).post(f"{PAGE}/{invited.pk}/end")
    stranger.person.refresh_from_db()
    assert stranger.person.session_epoch == 0
    assert signed_in(owner).post(f"{PAGE}/{stranger.pk}/take").status_code == 404
    with pytest.raises(actions.OwnFactor):
        actions.take_factor_away(by=owner, membership=owner, now=now)
    with pytest.raises(actions.NotAllowed):
        actions.take_factor_away(by=owner, membership=stranger, now=now)
    with pytest.raises(actions.NotAllowed):
        actions.take_factor_away(by=invited, membership=owner, now=now)
    assert (Authenticator.objects.count(), events(), Job.objects.filter(task__contains="factor").count()) == (1, [], 0)


def test_the_operator_helps_an_owner_who_lost_everything(owner, now):
    give_app(owner)
    assert actions.take_factor_away_at_the_server(mail=" Anju@komorebi.example", now=now)
    assert not actions.take_factor_away_at_the_server(mail="anju@komorebi.example", now=now)
    assert not actions.take_factor_away_at_the_server(mail="nobody@komorebi.example", now=now)
    assert events() == ["shop.factor_taken"]


def test_the_page_costs_the_same_for_many_staff(
    owner, agent, manager, warehouse, new_agent, signed_in, django_assert_num_queries
):
    page = signed_in(owner)
    for member in (owner, agent, manager):
        give_app(member)
    Authenticator.objects.create(user=agent.person, type="webauthn", data={"name": "x"})
    page.get(PAGE)
    with django_assert_num_queries(7):
        shown = page.get(PAGE).content.decode()
    assert "アプリ、パスキー" in shown
