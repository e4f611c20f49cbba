"""A humidifier smokes: told under a seal, approved by two, out at its time on the page and to every buyer; answered,
reported, and in the end taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from anshin.commerce.actions import take_in_order
from anshin.commerce.models import Product
from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, Recipient, SalesChannel
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.models import JournalEntry
from anshin.project.outside.models import LeftMail
from anshin.safety import actions
from anshin.safety.models import Advisory, Notice, ProductMatch, SafetyMail
from anshin.widget import kept
from tests.conftest import NOW
from tests.stories.conftest import Clerk
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
TIME_TOLD, TIME_MOVED = NOW + timedelta(days=2), NOW + timedelta(days=2, hours=1)
FACTS = {
    "title": "卓上加湿器「しずく」発煙のおそれ",
    "agency": "全国くらし安全室",
    "source_url": "https://kurashi-anzen.example/2026/11/22",
    "source_read_on": "2026-11-20",
    "hazard_class": "danger",
    "hazard_type": "fire",
    "severity": "serious",
    "stop_using": "on",
    "remedy": "refund",
    "contact_phone": "0120-00-0000",
    "lead_language": "ja",
    "publish_at": f"{TIME_TOLD.astimezone(TOKYO):%Y-%m-%dT%H:%M}",
    "publish_zone": "Asia/Tokyo",
    "p-TOTAL_FORMS": "1",
    "p-INITIAL_FORMS": "0",
    "p-0-name": "しずく",
    "p-0-sku": "HM-KZ20",
}
JAPANESE = {
    "product": "卓上加湿器「しずく」",
    "heading": "使うのをやめてください",
    "hazard": "使用中に煙が出るおそれがあります。",
    "what_to_do": "電源を抜いてください。",
    "remedy": "代金をお返しします。",
}
ENGLISH = {
    "product": "Shizuku desk humidifier",
    "heading": "Stop using it",
    "hazard": "It may smoke while in use.",
    "what_to_do": "Unplug it.",
    "remedy": "We pay you back.",
}


@pytest.fixture(autouse=True)
def _nothing_kept():
    kept.forget()
    yield
    kept.forget()


def bought(shop, number, name, mail, *, days_ago, **changes):
    """An order of one humidifier."""
    told = IncomingOrder(
        channel=SalesChannel.OWN,
        number=number,
        ordered_at=NOW - timedelta(days=days_ago),
        buyer=Buyer(name, "", mail),
        recipient=Recipient(name, "100-0001", "東京都千代田区千代田1-1"),
        lines=(IncomingLine("卓上加湿器 しずく", 1, 5_980, "HM-KZ20"),),
        **changes,
    )
    return take_in_order(shop=shop, order=told, by=Actor.system("orders"), now=NOW).order


@pytest.fixture
def cast(time, mailbox, owner, takeuchi, saeki):
    """The shop's people, three who bought the thing, one of them twice, and one who cancelled."""
    shop = mailbox.shop
    Product.objects.get_or_create(shop=shop, sku="HM-KZ20", defaults={"name": "卓上加湿器 しずく", "price_yen": 5_980})
    bought(shop, "KM-30001", "柏木 由紀子", "y-kashiwagi@mail.example", days_ago=40)
    bought(shop, "KM-30002", "柏木 由紀子", "y-kashiwagi@mail.example", days_ago=3)
    bought(shop, "KM-30003", "森 大地", "daichi@mail.example", days_ago=9)
    bought(shop, "KM-30004", "髙橋 美咲", "misaki@mail.example", days_ago=5, is_cancelled=True)
    return SimpleNamespace(
        anju=Clerk(owner),
        saeki=saeki,
        takeuchi=takeuchi,
        kashiwagi=Visitor("y-kashiwagi@mail.example"),
        daichi=Visitor("daichi@mail.example"),
        misaki=Visitor("misaki@mail.example"),
    )


def product_page():
    """What a visitor of the shop's product page is shown."""
    kept.forget()
    answer = Client().get("/notices/v1/products/HM-KZ20", {"shop": "komorebi", "format": "html"})
    return answer.content.decode()


def subjects(visitor):
    return [letter["Subject"] for letter in visitor.letters()]


def sealed(cast):
    """Takeuchi writes it down in confidence, names Saeki, words it twice and says which product it is."""
    assert cast.takeuchi.does("safety_new", **FACTS).status_code == 302
    advisory = Advisory.objects.get()
    cast.takeuchi.does("safety_people", advisory.key, name=cast.saeki.membership.pk)
    for language, words in (("ja", JAPANESE), ("en", ENGLISH)):
        assert cast.takeuchi.does("safety_wording", advisory.key, language, **words).status_code == 302
    for match in ProductMatch.objects.filter(product__sku="HM-KZ20"):
        cast.takeuchi.does("safety_match", advisory.key, meant=match.pk)
    return advisory.key


def approved(cast):
    key = sealed(cast)
    advisory = Advisory.objects.get()
    assert cast.saeki.does("safety_approve", key, version=advisory.facts_version).status_code == 302
    return key


def nobody_else_knows(cast, key):
    """The owner, the journal, the product's page and the buyers."""
    assert "しずく" not in cast.anju.sees("safety")
    assert cast.anju.browser.get(cast.anju.address("safety_page", key)).status_code == 404
    assert "しずく" not in cast.anju.sees("journal")
    assert "煙" not in product_page()
    assert not LeftMail.objects.exists()
    assert not JournalEntry.objects.filter(event__startswith="advisory.").exists()


def answers(visitor, said):
    """Follow the link of the last mail and say so."""
    text = visitor.letters()[-1].get_body(("plain",)).get_content()
    (path,) = set(re.findall(r"/p/komorebi/safety/[^\s/]+/", text))
    assert visitor.browser.get(path).status_code == 200
    assert visitor.browser.post(path, {"answer": said}).status_code == 302


def test_it_reaches_every_buyer_at_its_time_and_not_before(time, cast):
    key = sealed(cast)
    assert "KM-30001" not in cast.takeuchi.sees("safety_page", key)
    assert "Waits for your approval" in cast.saeki.sees("safety")
    assert cast.takeuchi.does("safety_approve", key, version=1).status_code == 403  # nobody alone
    advisory = Advisory.objects.get()
    assert cast.saeki.does("safety_approve", key, version=advisory.facts_version).status_code == 302
    nobody_else_knows(cast, key)

    with pytest.raises(actions.NeverEarly):
        actions.release_by_hand(by=cast.saeki.membership, advisory_id=advisory.pk, now=time.now)
    moved = f"{TIME_MOVED.astimezone(TOKYO):%Y-%m-%dT%H:%M}"
    assert cast.takeuchi.does("safety_move", key, at=moved, zone="Asia/Tokyo").status_code == 302
    time.passes(days=2, minutes=59, seconds=59)
    nobody_else_knows(cast, key)

    time.passes(seconds=1)
    assert "使用中に煙が出るおそれがあります。" in product_page()
    assert "S-0001" in cast.anju.sees("safety")
    assert [len(subjects(each)) for each in (cast.kashiwagi, cast.daichi, cast.misaki)] == [1, 1, 0]
    both = cast.kashiwagi.letters()[0].get_body(("plain",)).get_content()
    assert ("KM-30001" in both, "KM-30002" in both, "List-Unsubscribe" in cast.kashiwagi.letters()[0]) == (
        True,
        True,
        False,
    )
    assert list(SafetyMail.objects.order_by("-rank").values_list("address", flat=True)) == [
        "y-kashiwagi@mail.example",
        "daichi@mail.example",
    ]
    time.passes(minutes=10)
    assert Notice.objects.count() == 4
    assert LeftMail.objects.count() == 2

    answers(cast.daichi, "threw_away")
    answers(cast.kashiwagi, "wants_remedy")
    time.passes(minutes=1)
    report = cast.saeki.sees("safety_report", key)
    assert re.search(r"Recall rate</dt><dd>33\.3%", report)
    assert re.search(r"From publication to the last mail</dt><dd>0 s", report)
    assert "R-0001" in cast.takeuchi.sees("returns")


def test_after_a_standstill_it_is_out_at_once_and_says_how_late(time, cast):
    key = approved(cast)
    time.now = TIME_TOLD + timedelta(hours=3)  # nothing has run meanwhile
    assert "煙" not in product_page()
    time.passes(seconds=0)
    assert "煙" in product_page()
    assert [len(subjects(each)) for each in (cast.kashiwagi, cast.daichi)] == [1, 1]
    assert JournalEntry.objects.get(event="advisory.released").payload["late_seconds"] == 3 * 3600
    assert re.search(r"From publication to the page</dt><dd>3 h 0 min", cast.saeki.sees("safety_report", key))


def test_what_the_publisher_takes_back_leaves_the_page(time, cast):
    key = approved(cast)
    time.passes(days=2)
    assert "煙" in product_page()
    assert cast.saeki.does("safety_withdraw", key, words=" ").status_code == 422
    assert "煙" in product_page()

    assert cast.saeki.does("safety_withdraw", key, words="公表元が取り下げた").status_code == 302
    assert "煙" not in product_page()
    assert "煙" not in Client().get("/p/komorebi/notices").content.decode()
    assert Client().get("/notices/v1/komorebi/feed.json").json()["items"] == []
    time.passes(minutes=5)
    assert [len(subjects(each)) for each in (cast.kashiwagi, cast.daichi, cast.misaki)] == [2, 2, 0]


def test_what_is_taken_back_before_its_time_never_was(time, cast):
    key = approved(cast)
    assert cast.takeuchi.does("safety_withdraw", key, words="公表が取りやめになった").status_code == 302
    time.passes(days=3)
    nobody_else_knows(cast, key)
    assert not Notice.objects.exists()
