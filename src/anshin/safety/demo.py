"""This room's part of the demo shop: a notice under its seal, unknown to the owner, and one that is public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anshin.commerce.queries import product_by_sku
from anshin.safety import actions
from anshin.safety.actions.listing import list_for_lost_mail
from anshin.safety.models import AffectedProduct, SafetyMail
from anshin.safety.queries import matches_of, people_page
from anshin.safety.terms import (
    Affected,
    Facts,
    FeedKind,
    HazardClass,
    HazardType,
    LookedAt,
    MailRound,
    MailState,
    Outcome,
    RemedyKind,
    Severity,
    Words,
)
from anshin.shops.terms import Role

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.shops.models import Membership, Shop

_TOKYO = ZoneInfo("Asia/Tokyo")
_HUMIDIFIER = Facts(
    title="卓上加湿器「しずく」発煙のおそれ",
    hazard_class=HazardClass.DANGER,
    hazard_type=HazardType.FIRE,
    severity=Severity.SERIOUS,
    agency="全国くらし安全室",
    source_url="https://kurashi-anzen.example/2026/11/24/kasitsuki",
    source_read_on=date(2026, 11, 21),
    products=(Affected(name="卓上加湿器 しずく", model_number="KZ-20", lots=(("2509", "2511"),)),),
    remedy=RemedyKind.REFUND,
    contact_name="こもれび雑貨店 安全窓口",
    contact_phone="0120-00-0000",
    contact_mail="anzen@komorebi.example",
    contact_hours="毎日 9:00〜20:00",
    publish_at=datetime(2026, 11, 24, 10, 0, tzinfo=_TOKYO),
)
_HUMIDIFIER_WORDS = {
    "ja": Words(
        product="卓上加湿器「しずく」KZ-20",
        heading="使うのをやめてください",
        hazard="使用中に煙が出るおそれがあります。",
        affected="底のラベルのロットが2509から2511の品が対象です。",
        what_to_do="いますぐ電源を抜き、使うのをやめてください。",
        remedy="代金の全額をお返しします。品物の返送は要りません。",
    ),
    "en": Words(
        product="Desk humidifier “Shizuku” KZ-20",
        heading="Stop using it",
        hazard="Smoke may come out while it is in use.",
        affected="Lots 2509 to 2511 are affected. The lot stands on the label underneath.",
        what_to_do="Unplug it now and stop using it.",
        remedy="We pay back the full price. You need not send it back.",
    ),
}
_VASE = Facts(
    title="ガラスの花器L ひび割れのおそれ",
    hazard_class=HazardClass.HARM,
    hazard_type=HazardType.CUT,
    severity=Severity.MEDIUM,
    agency="全国くらし安全室",
    source_url="https://kurashi-anzen.example/2026/10/15/kabin",
    source_read_on=date(2026, 10, 13),
    products=(Affected(name="ガラスの花器 L", sku="VS-GL-L"),),
    remedy=RemedyKind.EXCHANGE,
    contact_name="こもれび雑貨店",
    contact_phone="0263-00-0000",
    publish_at=datetime(2026, 10, 15, 10, 0, tzinfo=_TOKYO),
)
_VASE_WORDS = {
    "ja": Words(
        product="ガラスの花器 L",
        heading="使う前に、ひびがないか確かめてください",
        hazard="水を入れたときに割れ、手を切った人がいます。",
        what_to_do="ひびのある品は使わず、当店へご連絡ください。",
        remedy="新しい品とお取り替えします。送料はいただきません。",
    ),
    "en": Words(
        product="Glass vase L",
        heading="Look for cracks before you use it",
        hazard="Some broke when filled with water; one person cut a hand.",
        what_to_do="Do not use a cracked vase. Please write to us.",
        remedy="We send a new one. You pay no postage.",
    ),
}
_FEEDS = (
    ("くらしの安全情報", FeedKind.RSS, "https://kurashi-anzen.example/rss", "全国くらし安全室", "Asia/Tokyo"),
    ("製品事故の一覧", FeedKind.CSV, "https://jiko.example/list.csv", "製品事故情報室", ""),
    ("CPSC", FeedKind.CPSC, "https://cpsc.example/RestWebServices/Recall?format=json", "CPSC", ""),
    ("リコール新着", FeedKind.RSS, "https://recall.example/new.rss", "", "Asia/Tokyo"),
)
_PREPARATIONS = (
    ("新しい注文を止める", timedelta(hours=-22)),
    ("在庫を棚から下げる", timedelta(hours=-21)),
    ("ページとメールの文を確かめる", None),
    ("電話の答え方を配る", None),
)


def fill(shop: Shop, *, staff: Mapping[str, Membership], now: datetime) -> None:
    """One public notice, and one that 竹内 wrote, to be approved by 佐伯; 倉田 knows because of the shelf."""
    writer, second, shelf = staff["takeuchi"], staff["saeki"], staff["kurata"]
    long_ago = datetime(2026, 10, 13, 11, 0, tzinfo=_TOKYO)
    vase = _drafted(shop, writer, _VASE, _VASE_WORDS, sku="VS-GL-L", at=long_ago)
    actions.name_insider(by=writer, advisory_id=vase.pk, membership_id=second.pk, now=long_ago)
    actions.approve(by=second, advisory_id=vase.pk, seen_version=1, now=long_ago + timedelta(hours=2))
    _long_told(vase, writer, datetime(2026, 10, 15, 10, 0, tzinfo=_TOKYO))
    begun = now - timedelta(hours=23)
    sealed = _drafted(shop, writer, _HUMIDIFIER, _HUMIDIFIER_WORDS, sku="HM-KZ20", at=begun)
    for member in (second, shelf):
        actions.name_insider(by=writer, advisory_id=sealed.pk, membership_id=member.pk, now=begun)
    for words, done in _PREPARATIONS:
        made = actions.add_preparation(by=writer, advisory_id=sealed.pk, words=words)
        if done is not None and made is not None:
            actions.tick(by=writer, advisory_id=sealed.pk, preparation_id=made.pk, is_done=True, now=now + done)
    for member, before in ((second, timedelta(minutes=3)), (writer, timedelta(minutes=25))):
        actions.look(by=member, key=sealed.key, what=LookedAt.ADVISORY, now=now - before)
    read_feeds(manager=second, now=now - timedelta(minutes=20))


def read_feeds(*, manager: Membership, now: datetime) -> None:
    """The lists that 佐伯 has read, as far as the practice world outside has them; one of them has moved away."""
    for name, kind, url, agency, zone in _FEEDS:
        language = "en" if kind == FeedKind.CPSC else "ja"
        facts = actions.FeedFacts(name=name, kind=kind, url=url, agency=agency, zone=zone, language=language)
        feed = actions.add_feed(by=manager, facts=facts, now=now)
        actions.fetch_feed(feed.pk, clock=lambda: now)


def _long_told(vase: Advisory, writer: Membership, at: datetime) -> None:
    """Released, mailed and reminded of weeks ago: nothing of it leaves when the demo begins."""
    manager = vase.insiders.get(membership__role=Role.MANAGER).membership
    actions.set_reminders(by=manager, advisory_id=vase.pk, every_days=14, most=2, now=at)
    actions.release_due(now=at)
    actions.announce(vase.pk, now=at)
    _mailed(vase, at)
    _some_came_back(vase, writer, at + timedelta(hours=1))
    for weeks in (2, 4):
        actions.remind_due(now=at + timedelta(weeks=weeks))
        _mailed(vase, at + timedelta(weeks=weeks))


def _some_came_back(vase: Advisory, writer: Membership, at: datetime) -> None:
    """Every second mail: 竹内 has called some of their readers."""
    first = SafetyMail.objects.filter(advisory=vase, round=MailRound.FIRST)
    sent = list(first.order_by("-rank", "pk"))[1::2]
    for mail in sent:
        SafetyMail.objects.filter(pk=mail.pk).update(state=MailState.BOUNCED, words="550 5.1.1 User unknown")
        list_for_lost_mail(mail, now=at)
    called = people_page(vase, "phone").items[:2]
    for person, outcome in zip(called, (Outcome.NO_ONE, Outcome.TOLD), strict=False):
        actions.approach(
            by=writer, advisory_id=vase.pk, person_id=person.pk, outcome=outcome, seen=0, now=at + timedelta(hours=4)
        )
    for person in people_page(vase, "phone").items[-1:]:  # an old number
        actions.approach(
            by=writer,
            advisory_id=vase.pk,
            person_id=person.pk,
            outcome=Outcome.WRONG,
            seen=0,
            now=at + timedelta(days=1),
        )


def _mailed(vase: Advisory, at: datetime) -> None:
    SafetyMail.objects.filter(advisory=vase, handed_at=None).update(state=MailState.SENT, handed_at=at, sent_at=at)


def _drafted(
    shop: Shop,
    by: Membership,
    facts: Facts,
    words: Mapping[str, Words],
    *,
    sku: str,
    at: datetime,
) -> Advisory:
    advisory = actions.draft(by=by, facts=facts, now=at)
    for language, said in words.items():
        actions.word(by=by, advisory_id=advisory.pk, language=language, words=said, now=at)
    product = product_by_sku(shop, sku)
    affected = AffectedProduct.objects.get(advisory=advisory)
    if product is not None:
        actions.choose(by=by, advisory_id=advisory.pk, affected_id=affected.pk, product_id=product.pk, now=at)
    for match in matches_of(advisory):
        if match.is_open:
            actions.decide(by=by, advisory_id=advisory.pk, match_id=match.pk, is_meant=False, now=at)
    return advisory
