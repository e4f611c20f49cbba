"""The owner says how long the steps of a return may take, and where returns go."""

from __future__ import annotations

import pytest

from anshin.returns.models import ReturnPlace
from anshin.returns.queries import setting_of
from tests.returns.conftest import ask, says, sold  # noqa: F401  fixtures

PATH = "/s/komorebi/settings/returns"
FILLED = {
    "days_to_answer": "2",
    "days_to_send": "10",
    "days_to_inspect": "4",
    "days_to_settle": "1",
    "remind_parcel_days": "5",
    "remind_parcel_most": "1",
    "improve_returns": "4",
    "improve_percent": "8",
    "improve_days": "60",
    "deduct_missing_percent": "15",
    "product_page": "",
    "address_name": "こもれび雑貨店 返品係",
    "address_postcode": "390-0874",
    "address_lines": "長野県松本市大手99-12-3",
    "address_phone": "",
    "label_paper": "a4x4",
    "label_bar_code": "nw7",
}


@pytest.mark.django_db
def test_times_and_address_are_kept(client, owner):
    client.force_login(owner.person)
    assert "返品" in client.get(PATH).content.decode()
    assert client.post(PATH, FILLED).status_code == 302
    setting = setting_of(owner.shop)
    assert (setting.days_to_inspect, setting.address_postcode) == (4, "390-0874")
    assert (setting.label_paper, setting.label_bar_code) == ("a4x4", "nw7")


@pytest.mark.django_db
def test_no_day_at_all_is_refused(client, owner):
    client.force_login(owner.person)
    assert client.post(PATH, FILLED | {"days_to_send": "0"}).status_code == 422
    assert setting_of(owner.shop).days_to_send == 14


@pytest.mark.django_db
def test_paper_and_bar_code_are_chosen_and_seen_on_a_made_up_label(client, owner, agent):
    client.force_login(owner.person)
    before = client.get(f"{PATH}/label.pdf").content
    client.post(PATH, FILLED)
    setting = setting_of(owner.shop)
    assert (setting.label_paper, setting.label_bar_code) == (FILLED["label_paper"], FILLED["label_bar_code"])
    after = client.get(f"{PATH}/label.pdf", {"language": "zh-Hant"})
    assert (after["Content-Type"], after.content[:5]) == ("application/pdf", b"%PDF-")
    assert after.content != before
    assert client.post(PATH, FILLED | {"label_paper": "a7"}).status_code == 422
    assert client.get(f"{PATH}/label.pdf", {"language": "tlh"}).status_code == 404
    client.force_login(agent.person)
    assert client.get(f"{PATH}/label.pdf").status_code == 403


@pytest.mark.django_db
def test_an_address_of_no_product_page_is_said_beside_it(client, owner):
    client.force_login(owner.person)
    answer = client.post(PATH, FILLED | {"product_page": "javascript:alert(1)//{sku}"})
    assert answer.status_code == 422
    assert "{sku}" in answer.content.decode()


@pytest.mark.django_db
def test_another_place_is_written_down_chosen_in_a_return_and_taken_out_of_use(client, owner, agent, ask, sold, still):  # noqa: F811
    place = {
        "name": "福岡倉庫",
        "address_name": "福岡倉庫 返品係",
        "postcode": "812-0011",
        "lines": "福岡県福岡市博多区博多駅前9-9-9",
        "phone": "092-000-0000",
        "sku_starts": "MG-、XX-",
    }
    client.force_login(owner.person)
    assert client.post(f"{PATH}/places", place | {"phone": ""}).status_code == 422
    assert client.post(f"{PATH}/places", place).status_code == 302
    kept = ReturnPlace.objects.get()
    assert (kept.sku_starts, client.get(f"{PATH}/places/{kept.pk}").status_code) == (["MG-", "XX-"], 200)
    returned = ask(sold())
    client.force_login(agent.person)
    page = f"/s/komorebi/returns/{returned.number}"
    assert f'value="{kept.pk}">福岡倉庫' in client.get(page).content.decode()
    assert client.post(f"{page}/place", {"place": str(kept.pk)}).status_code == 302
    assert place["lines"] in client.get(page).content.decode()
    assert client.post(f"{page}/place", {"place": "x"}).status_code == 404
    assert client.post(f"{PATH}/places/{kept.pk}/retire").status_code == 403
    client.force_login(owner.person)
    assert client.post(f"{PATH}/places/{kept.pk}/retire").status_code == 302
    assert "福岡倉庫" not in client.get(f"{PATH}/places").content.decode()
