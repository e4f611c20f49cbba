"""A process that hands safety mails over is killed with -9: every buyer has one mail row and one mail in the sink."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest

from anshin.channels.email.models import Mailbox
from anshin.channels.email.ports import transport
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Security
from anshin.commerce.models import ContactPoint, Customer, Order, OrderLine, Product
from anshin.plumbing import clock
from anshin.safety import actions
from anshin.safety.actions.calling import LANES
from anshin.safety.models import Advisory, Edition, SafetyMail
from anshin.safety.rules import content, reaching
from anshin.safety.terms import Content, Facts, HazardClass, HazardType, MailState, Severity, Words
from anshin.shops.models import Membership, Person, Shop
from tests.channels.email.outside import shared_database
from tests.channels.email.outside.smtp_server import Letterbox, running

pytestmark = pytest.mark.kill
BUYERS = 12
KILLS = ((0, 0), (2, 1))
"""At which mail of which lane: three fall to each lane, of which two leave together and then one."""
UNSURE = {"before_the_dot": 2, "between_the_dots": 3, "after_the_answer": 3}
"""Those that lay at their dots, of two in the first lane and one in the second; before the dots those two of the second
lane whose answers were to be committed together with the third's mark. Between two dots the server has the first mail
and not the second, and nobody knows of either."""


@pytest.fixture
def advisory(folder, now):
    """Public, with twelve buyers, all written down."""
    shop = Shop.objects.create(slug="komorebi", name="こもれび", created_at=now)
    Mailbox.objects.create(
        shop=shop, address="shop@komorebi.example", smtp_host="127.0.0.1", smtp_security=Security.PLAIN, created_at=now
    )
    people = [Person.objects.create(email=f"{name}@komorebi.example", name=name) for name in ("a", "b")]
    author, second = (
        Membership.objects.create(shop=shop, person=each, role="manager", created_at=now) for each in people
    )
    product = Product.objects.create(shop=shop, sku="KZ-20", name="しずく")
    for number in range(BUYERS):
        _buyer(shop, product, number, now - timedelta(days=number + 1))
    facts = Facts("しずく", HazardClass.DANGER, HazardType.FIRE, Severity.SERIOUS, publish_at=now)
    words = Words("しずく", "使うのをやめてください", "煙が出ます。", "電源を抜いてください。")
    found = Advisory.objects.create(
        shop=shop,
        key="k",
        number=1,
        state="released",
        title="しずく",
        agency="安全室",
        source_url="https://a.example/",
        source_read_on=now.date(),
        hazard_class="danger",
        hazard_type="fire",
        severity="serious",
        publish_at=now,
        author=author,
        approved_by=second,
        approved_at=now,
        approved_version=1,
        created_at=now,
        released_at=now,
    )
    Edition.objects.create(
        shop=shop,
        advisory=found,
        version=1,
        content=content.to_json(Content(1, facts, {"ja": words})),
        reach=reaching.to_json([reaching.Sought((product.pk,), ("KZ-20",))]),
        author=author,
        approved_by=second,
        approved_at=now,
        live_at=now,
    )
    actions.announce(found.pk, now=now)
    return found


def _buyer(shop, product, number, at):
    customer = Customer.objects.create(shop=shop, name=f"買い手 {number}", created_at=at)
    mail = f"buyer{number}@example.jp"
    ContactPoint.objects.create(shop=shop, customer=customer, kind="mail", value=mail, key=mail, created_at=at)
    order = Order.objects.create(
        shop=shop, number=f"KM-{number}", number_key=f"km{number}", customer=customer, ordered_at=at
    )
    OrderLine.objects.create(
        shop=shop, order=order, position=1, sku="KZ-20", name="しずく", quantity=1, unit_price_yen=1, product=product
    )


def kill_at(point, number, lane, advisory, folder, files):
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.channels.email.outside.safety_process"),
            *(str(advisory.pk), str(lane), point, str(number)),
        ],
        cwd=shared_database.ROOT,
        env=shared_database.environment(folder, files),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "here\n"
    finally:
        process.kill()
        process.wait(30)
        process.stdout.close()


@pytest.mark.parametrize("point", ["before_the_dot", "between_the_dots", "after_the_answer"])
def test_killed_again_and_again_everybody_gets_one(advisory, folder, kept_files, point):
    letterbox = Letterbox()
    with running(letterbox) as port:
        Mailbox.objects.update(smtp_port=port)
        for number, lane in KILLS:
            kill_at(point, number, lane, advisory, folder, kept_files)
        with transport.filled_with(SmtpTransport()):
            for lane in range(LANES):
                actions.send_mails(advisory.pk, lane, clock=clock.now)
    everybody = {f"buyer{number}@example.jp" for number in range(BUYERS)}
    assert Counter(SafetyMail.objects.values_list("address", flat=True)) == Counter(everybody)
    got = Counter(recipients[0] for _sender, recipients, _raw in letterbox.got)
    assert set(got.values()) == {1}
    states = dict(SafetyMail.objects.values_list("address", "state"))
    assert set(states.values()) <= {MailState.SENT, MailState.UNSURE}
    unsure = {address for address, state in states.items() if state == MailState.UNSURE}
    assert everybody - set(got) <= unsure  # whoever may have got none is shown, whoever was not asked about gets his
    assert len(unsure) == UNSURE[point]
    assert len(everybody - set(got)) == (1 if point == "between_the_dots" else 0)
