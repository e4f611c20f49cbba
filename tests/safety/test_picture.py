"""The picture of a notice: looked at, redrawn, under the seal for its insiders alone, then in mail and on the page."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from anshin.plumbing.files.models import Blob
from anshin.safety import actions
from anshin.safety.actions.calling import LANES
from anshin.safety.models import Advisory
from anshin.widget import kept
from tests.safety.conftest import JA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


@pytest.fixture(autouse=True)
def nothing_kept():
    kept.forget()


def drawn(kind="PNG", side=1600):
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    Image.new("RGBA" if kind == "PNG" else "RGB", (side, side // 2), "teal").save(out, kind, exif=exif)
    return out.getvalue()


def form_of(advisory):
    """What the page of the facts would send, unchanged."""
    return {
        "version": advisory.facts_version,
        "title": advisory.title,
        "agency": advisory.agency,
        "source_url": advisory.source_url,
        "source_read_on": advisory.source_read_on.isoformat(),
        "hazard_class": advisory.hazard_class,
        "hazard_type": advisory.hazard_type,
        "severity": advisory.severity,
        "stop_using": "on",
        "remedy": advisory.remedy,
        "contact_name": advisory.contact_name,
        "contact_phone": advisory.contact_phone,
        "lead_language": "ja",
        "p-TOTAL_FORMS": "1",
        "p-INITIAL_FORMS": "1",
        "p-0-name": "しずく",
        "p-0-model_number": "KZ-20",
        "p-0-lots": "2509〜2511",
    }


def test_from_the_form_to_the_mail_and_the_page(
    ready, agent, manager, warehouse, signed_in, client, bought, safe_post, publish_at, now
):
    bought(lot="2510")
    desk, here = signed_in(agent), f"/s/komorebi/safety/{ready.key}"
    told = form_of(ready) | {"photo": SimpleUploadedFile("IMG_1.heic", drawn(), "text/html")}
    assert desk.post(f"{here}/facts", told).status_code == 302
    ready.refresh_from_db()
    assert (ready.picture.kind, ready.facts_version) == ("image/jpeg", 2)
    shown = desk.get(f"{here}/picture")
    with Image.open(BytesIO(shown.content)) as image:
        assert (image.format, image.size, len(image.getexif())) == ("JPEG", (960, 480), 0)
    assert signed_in(warehouse).get(f"{here}/picture").status_code == 404
    actions.word(by=agent, advisory_id=ready.pk, language="ja", words=JA, now=now)
    actions.approve(by=manager, advisory_id=ready.pk, seen_version=2, now=now)
    public = "/notices/v1/komorebi/pictures/1-2.jpg"
    assert client.get(public).status_code == 404
    actions.release_due(now=publish_at)
    actions.announce(ready.pk, now=publish_at)
    for lane in range(LANES):
        actions.send_mails(ready.pk, lane, clock=lambda: publish_at)
    (letter,) = safe_post.left
    assert (letter.picture, letter.picture_type) == (shown.content, "image/jpeg")
    assert 'src="cid:picture"' in letter.html
    kept.forget()
    found = client.get(public)
    assert (found.content, found["Content-Type"], found.get("Set-Cookie", "")) == (
        shown.content,
        "image/jpeg",
        "",
    )
    told = client.get("/notices/v1/products/KZ-20-W?shop=komorebi").json()["notices"][0]
    assert told["picture"].endswith(public)
    assert client.get("/notices/v1/komorebi/pictures/1-1.jpg").status_code == 404
    assert public in client.get("/p/komorebi/notices").content.decode()
    actions.withdraw(by=manager, advisory_id=ready.pk, words="誤報", now=publish_at)
    kept.forget()
    assert client.get(public).status_code == 404


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\nbroken", b"", b"GIF89a"])
def test_what_is_no_picture_is_refused_beside_the_field_and_changes_nothing(ready, agent, signed_in, content):
    told = form_of(ready) | {"title": "ほかの題", "photo": SimpleUploadedFile("x.png", content, "image/png")}
    shown = signed_in(agent).post(f"/s/komorebi/safety/{ready.key}/facts", told)
    assert shown.status_code == 422
    assert "field-error" in shown.content.decode()
    ready.refresh_from_db()
    assert (ready.picture, ready.facts_version, ready.title) == (None, 1, "卓上加湿器「しずく」発煙のおそれ")
    assert not Blob.objects.exists()


def test_a_file_of_another_shop_is_no_picture_of_this_one(ready, agent, stranger, facts, now):
    theirs = Blob.objects.create(
        shop_id=stranger.shop_id, sha256="0" * 64, size_bytes=1, kind="image/jpeg", created_at=now
    )
    with pytest.raises(actions.BadPicture):
        actions.change_facts(
            by=agent, advisory_id=ready.pk, facts=replace(facts, picture=theirs.pk), seen_version=1, now=now
        )
    assert Advisory.objects.get(pk=ready.pk).picture is None


def test_it_stays_when_other_facts_change_and_goes_when_asked(ready, agent, signed_in, facts, now):
    picture = actions.keep_picture(by=agent, content=drawn("JPEG"), now=now)
    assert actions.keep_picture(by=agent, content=drawn("JPEG"), now=now) == picture
    actions.change_facts(by=agent, advisory_id=ready.pk, facts=replace(facts, picture=picture), seen_version=1, now=now)
    desk, here = signed_in(agent), f"/s/komorebi/safety/{ready.key}/facts"
    ready.refresh_from_db()
    desk.post(here, form_of(ready) | {"contact_phone": "0120-222-222"})
    ready.refresh_from_db()
    assert (ready.picture_id, ready.contact_phone) == (picture, "0120-222-222")
    desk.post(here, form_of(ready) | {"without_photo": "on"})
    ready.refresh_from_db()
    assert ready.picture_id is None
