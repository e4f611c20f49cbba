"""An advisory under its seal: a humidifier that smokes, known from a publisher, due in three days."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from anshin.commerce.models import ContactPoint, Customer, Order, OrderLine, Product, Shipment
from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.safety import actions
from anshin.safety.fakes import RecordingPost
from anshin.safety.models import AffectedProduct, ProductMatch
from anshin.safety.ports import safety_post
from anshin.safety.terms import (
    Affected,
    Facts,
    HazardClass,
    HazardType,
    MatchReason,
    MatchState,
    RemedyKind,
    Severity,
    Words,
)
from tests.staff.conftest import signed_in, still  # noqa: F401  the desk's, for the screens

JA = Words(
    product="卓上加湿器「しずく」",
    heading="使うのをやめてください",
    hazard="使用中に煙が出るおそれがあります。",
    affected="底のラベルのロットが2509から2511の品が対象です。",
    what_to_do="電源を抜き、使うのをやめてください。",
    remedy="代金の全額をお返しします。品物の返送は要りません。",
)
EN = Words(
    product="Shizuku desk humidifier",
    heading="Stop using it",
    hazard="It may smoke while in use.",
    what_to_do="Unplug it and stop using it.",
)


@pytest.fixture
def publish_at(now):
    return now + timedelta(days=3)


@pytest.fixture
def facts(publish_at):
    return Facts(
        title="卓上加湿器「しずく」発煙のおそれ",
        hazard_class=HazardClass.DANGER,
        hazard_type=HazardType.FIRE,
        severity=Severity.SERIOUS,
        agency="全国くらし安全室",
        source_url="https://kurashi-anzen.example/2026/11/24",
        source_read_on=date(2026, 11, 20),
        products=(Affected(name="しずく", model_number="KZ-20", lots=(("2509", "2511"),)),),
        remedy=RemedyKind.REFUND,
        contact_name="こもれび雑貨店 安全窓口",
        contact_phone="0120-000-000",
        publish_at=publish_at,
    )


@pytest.fixture
def humidifier(shop):
    return Product.objects.create(shop=shop, sku="KZ-20-W", name="卓上加湿器 しずく", price_yen=5980)


@pytest.fixture
def sealed(agent, facts, now):
    """Drafted by the agent; nobody else knows."""
    return actions.draft(by=agent, facts=facts, now=now)


@pytest.fixture
def ready(sealed, agent, manager, humidifier, now):
    """Worded, matched, and the manager is named: may be approved."""
    actions.word(by=agent, advisory_id=sealed.pk, language="ja", words=JA, now=now)
    actions.name_insider(by=agent, advisory_id=sealed.pk, membership_id=manager.pk, now=now)
    ProductMatch.objects.create(
        shop=sealed.shop,
        affected=AffectedProduct.objects.get(advisory=sealed),
        product=humidifier,
        reason=MatchReason.HAND,
        certainty=100,
        state=MatchState.CONFIRMED,
        decided_by=agent,
        decided_at=now,
    )
    sealed.refresh_from_db()
    return sealed


@pytest.fixture
def approved(ready, manager, now):
    return actions.approve(by=manager, advisory_id=ready.pk, seen_version=ready.facts_version, now=now)


@pytest.fixture
def bought(shop, humidifier, now):
    """Makes an order: who, how they can be reached, what and which lot, when, and what became of it."""
    numbers = itertools.count(1)

    def make(**told):
        number = next(numbers)
        name, at = told.get("name", f"買い手 {number}"), told.get("at", now - timedelta(days=30))
        customer = told.get("customer") or Customer.objects.create(
            shop=shop, name=name, language=told.get("language", ""), created_at=at
        )
        for kind in ("mail", "phone"):
            value = told.get(kind, f"buyer{number}@example.jp" if kind == "mail" and "customer" not in told else "")
            if value:
                ContactPoint.objects.create(
                    shop=shop, customer=customer, kind=kind, value=value, key=value.lower(), created_at=at
                )
        order = Order.objects.create(
            shop=shop,
            channel=told.get("channel", "own"),
            number=f"KM-{number:05}",
            number_key=f"km{number:05}",
            customer=customer,
            ordered_at=at,
            cancelled_at=told.get("cancelled_at"),
            is_gift=told.get("is_gift", False),
            recipient_lines=told.get("place", ""),
        )
        product = told.get("product", humidifier)
        OrderLine.objects.create(
            shop=shop,
            order=order,
            position=1,
            sku=told.get("sku", humidifier.sku),
            name=humidifier.name,
            quantity=told.get("quantity", 1),
            unit_price_yen=5980,
            lot=told.get("lot", ""),
            product=product,
        )
        if told.get("shipped_at"):
            Shipment.objects.create(shop=shop, order=order, carrier="yamato", shipped_at=told["shipped_at"])
        return order

    return make


@pytest.fixture
def safe_post():
    with safety_post.filled_with(RecordingPost()) as fake:
        yield fake


@pytest.fixture
def run_at(monkeypatch):
    """Runs what is due at a moment that the clock shows, too."""

    def run(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        return run_due_jobs(moment)

    return run
