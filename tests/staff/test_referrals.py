"""The desk's page of offices, and one of them in a reply."""

import pytest

from anshin.cases.models import Draft
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db


def test_looked_up_and_put_into_the_reply(signed_in, shop, agent, stranger, warehouse, still):
    case = arrive(shop, "a@x", at=still, text="だまされたようです。どこに相談すればよいですか。").case
    client = signed_in(agent)
    client.cookies["django_language"] = "ja"
    page = client.get("/s/komorebi/referrals", {"q": "詐欺"}).content.decode()
    assert "警察相談専用電話" in page
    assert "窓口自身のページ以外から" in page
    assert "2026年11月27日" in page
    assert "消費者ホットライン" not in page
    assert "この言葉に合う窓口はありません。" in client.get("/s/komorebi/referrals", {"q": "xyz"}).content.decode()
    base = f"/s/komorebi/c/{case.number}/referrals"
    assert f'action="{base}/hotline"' in client.get(base).content.decode()
    for other in (stranger, warehouse):
        assert signed_in(other).post(f"{base}/hotline").status_code in {403, 404}
    assert client.post(f"{base}/nobody").status_code == 404
    assert not Draft.objects.exists()
    assert client.post(f"{base}/hotline").status_code == 302
    assert Draft.objects.get().text.startswith("消費者ホットライン\n")
    told = client.post(f"{base}/jadma", headers={"HX-Request": "true"}).json()
    assert "03-5651-1122" in told["text"]
