"""One's own account: name, language, signature, password."""

import pytest
from django.urls import reverse

from anshin.plumbing.journal.models import JournalEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
PAGE = "/s/komorebi/account"
WANTED = {"name": "竹内 亮", "name_en": "Takeuchi Ryo", "language": "en", "signature": "竹内\r\n内線12\r\n"}


def test_the_account_is_saved_and_the_browser_changes_its_language(signed_in, agent):
    client = signed_in(agent)
    answer = client.post(PAGE, WANTED)
    agent.person.refresh_from_db()
    agent.refresh_from_db()
    assert (agent.person.name, agent.person.language, agent.signature) == ("竹内 亮", "en", "竹内\n内線12")
    assert answer.cookies["anshin_language"].value == "en"
    assert "Your account is saved." in client.get(PAGE).content.decode()


def test_an_empty_name_is_refused_beside_the_field(signed_in, agent):
    answer = signed_in(agent).post(PAGE, WANTED | {"name": " "})
    agent.person.refresh_from_db()
    assert answer.status_code == 422
    assert 'id="id_name_error"' in answer.content.decode()
    assert (agent.person.name, JournalEntry.objects.filter(event="shop.account_changed").count()) == ("竹内 涼", 0)


def test_an_unknown_language_is_refused(signed_in, agent):
    assert signed_in(agent).post(PAGE, WANTED | {"language": "xx"}).status_code == 422
    agent.person.refresh_from_db()
    assert agent.person.language == "ja"


def test_the_signature_belongs_to_one_shop_the_name_to_all(signed_in, agent, other_shop, now):
    from anshin.shops.actions import invite_staff
    from anshin.shops.terms import Role

    second = invite_staff(shop=other_shop, email=agent.person.email, name="", role=Role.AGENT, by=None, now=now)
    signed_in(agent).post(PAGE, WANTED)
    second.refresh_from_db()
    assert (second.signature, second.person.name) == ("", "竹内 亮")


@pytest.mark.parametrize("role", ["owner", "manager", "agent", "warehouse"])
def test_every_role_has_an_account(request, signed_in, role):
    page = signed_in(request.getfixturevalue(role)).get(PAGE)
    assert page.status_code == 200


def test_who_has_no_password_is_offered_one(signed_in, agent):
    assert reverse("account_set_password") in signed_in(agent).get(PAGE).content.decode()
    agent.person.set_password("mizuiro-no-tegami-7")
    agent.person.save()
    assert reverse("account_change_password") in signed_in(agent).get(PAGE).content.decode()


def test_a_password_is_set_and_signs_in(signed_in, agent, client):
    new = "kiiro-no-fuutou-8"
    signed_in(agent).post("/account/password/set/", {"password1": new, "password2": new})
    client.post("/account/login/", {"login": agent.person.email, "password": new})
    assert client.session["_auth_user_id"] == str(agent.person_id)


def test_the_rail_leads_to_the_account(signed_in, agent):
    for name in ("orders", "customers"):
        assert PAGE in signed_in(agent).get(reverse(f"staff:{name}", args=["komorebi"])).content.decode()
