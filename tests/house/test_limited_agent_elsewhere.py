"""What a limited agent hears beside the pages: live updates, letters, keys for programs; and what a page costs."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anshin.cases import actions as cases
from anshin.cases.terms import Party
from anshin.commerce.actions import take_in_order
from anshin.commerce.terms import Buyer, IncomingOrder, Recipient, SalesChannel
from anshin.integrations.actions import BadKey, make_key
from anshin.integrations.terms import Scope
from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.live import presence
from anshin.plumbing.live.models import LiveEvent
from anshin.routing import actions as routing
from anshin.shops.actions import grant_role, set_opening_hours
from anshin.shops.fakes import RecordingPostbox
from anshin.shops.ports import postbox
from anshin.shops.terms import Role
from tests.cases.writing import KASHIWAGI, arrive
from tests.staff.limited import LINES, PHONE, RECIPIENT, SECRETS, TEXT, everything_known

pytestmark = pytest.mark.django_db
REASON = f"柏木由紀子様({PHONE})が怒っています。{LINES}の件です。"


@pytest.fixture(autouse=True)
def _letters_leave():
    with postbox.filled_with(RecordingPostbox()):
        yield


@pytest.fixture
def case(shop, limited, manager, now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=1))
    found = everything_known(shop, now)
    cases.assign(by=manager, case_id=found.pk, owner=limited, now=now)
    found.refresh_from_db()
    return found


def secrets_in(said):
    return [secret for secret in SECRETS if secret in str(said)]


def notices(member):
    rows = Job.objects.filter(task="anshin.shops.jobs.send_notice", kwargs__membership_id=member.pk)
    return [job.kwargs for job in rows.order_by("pk")]


def test_the_stream_carries_numbers_and_no_words_of_customers(shop, case, limited, manager, agent, post, now):
    who = {"person_id": limited.person_id, "name": str(limited.person), "is_writing": True}
    presence.touch(shop_id=shop.pk, subject=f"case:{case.pk}", now=now, **who)
    arrive(shop, "again@mail.example", sender=KASHIWAGI, text=TEXT, refers_to=("limited@mail.example",), at=now)
    cases.add_note(by=agent, case_id=case.pk, text=REASON, now=now)
    cases.set_tags(by=agent, case_id=case.pk, names=["柏木様"], now=now)
    asked = routing.escalate(by=manager, case_id=case.pk, receiver_id=limited.pk, reason=REASON, now=now)
    routing.give_back_escalation(by=limited, escalation_id=asked.pk, words=REASON, now=now)
    routing.hand_over(by=agent, text=REASON, receiver_id=limited.pk, on=now.date(), now=now)
    cases.reply(by=agent, case_id=case.pk, text=TEXT, to=[KASHIWAGI], read_at_version=9, now=now)
    run_due_jobs(now + timedelta(minutes=1))

    told = list(LiveEvent.objects.values_list("channel", "kind", "payload"))
    assert {"case.message", "case.note", "escalation.asked", "handover.changed"} <= {
        kind for _channel, kind, _payload in told
    }
    assert [(event, found) for event in told if (found := secrets_in(event))] == []


def test_the_shops_own_name_stays_though_somebody_writes_in_it(shop, limited, now):
    for n, name in enumerate((shop.name, f"{shop.name} 支払い担当", f"{shop.name}事務局")):
        arrive(shop, f"claims{n}", at=now, sender=Party(name, f"office{n}@mail.example"), text="お支払いください。")
    page = signed_in(limited).get(f"/s/{shop.slug}/inbox/all").content.decode()
    assert f"<span>{shop.name}</span>" in page
    assert "office0" not in page


def test_a_handover_note_names_nobody_whether_the_case_is_linked_or_only_meant(shop, case, limited, agent, now):
    long = "、".join(["よろしくお願いします"] * 8)
    meant = f"柏木さん({PHONE})の件、{long} #{case.number}"
    for text in (f"#{case.number} 柏木さんに折り返し", "三雲様から電話、折り返し", meant):
        routing.hand_over(by=agent, text=text, receiver_id=limited.pk, on=now.date(), now=now)
    client = signed_in(limited)
    for page in ("handover", "inbox/mine", "inbox/closed", "account"):
        said = client.get(f"/s/{shop.slug}/{page}").content.decode()
        assert "三雲" not in said, page
        assert secrets_in(said) == [], page
    assert "折り返し" in client.get(f"/s/{shop.slug}/handover").content.decode()


def test_a_letter_about_an_escalation_has_marks(shop, case, limited, manager, agent, now):
    routing.escalate(by=manager, case_id=case.pk, receiver_id=limited.pk, reason=REASON, now=now)
    (letter,) = notices(limited)
    assert secrets_in(letter) == []
    assert "が怒っています" in letter["text"]
    assert f"#{case.number}" in letter["subject"]


def test_a_letter_about_what_is_given_back_has_marks_even_while_the_customer_is_shown(
    shop, case, limited, manager, now
):
    cases.reveal_customer(by=limited, case_id=case.pk, reason="確認", now=now)
    asked = routing.escalate(by=limited, case_id=case.pk, receiver_id=manager.pk, reason="返金してよいですか", now=now)
    routing.give_back_escalation(by=manager, escalation_id=asked.pk, words=REASON, now=now)
    (letter,) = notices(limited)
    assert secrets_in(letter) == []


def test_who_knows_customers_gets_the_whole_letter(shop, case, agent, manager, now):
    routing.escalate(by=manager, case_id=case.pk, receiver_id=agent.pk, reason=REASON, now=now)
    assert notices(agent)[0]["text"] == REASON


def test_a_call_at_night_names_nobody_to_a_limited_agent(shop, owner, manager, agent, limited, monkeypatch, post):
    night = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # Saturday, 02:00 in Tokyo
    monkeypatch.setattr(clock, "now", lambda: night)
    set_opening_hours(by=owner, hours={day: (time(9), time(18)) for day in range(5)}, now=night)
    for member in (limited, agent):
        routing.set_on_call(by=manager, member=member, is_on_call=True, now=night)
    text = "届いたカセットコンロからガスが漏れています。シューという音がして、ガスの臭いがします。"
    arrive(shop, "gas@x", at=night, sender=KASHIWAGI, subject="柏木由紀子です、ガス漏れ", text=text)
    run_due_jobs(night)

    assert "柏木由紀子です、ガス漏れ" in notices(agent)[0]["text"]
    (letter,) = notices(limited)
    assert secrets_in(letter) == []
    assert "●●です、ガス漏れ" in letter["text"]


def test_a_draft_that_a_limited_agent_inherits_tells_nobody(client, shop, case, owner, agent, limited, now):
    saved = {"version": 0, "read_at_version": case.version, "now": now}
    for is_note in (False, True):
        cases.save_draft(by=agent, case_id=case.pk, is_note=is_note, text=f"{REASON}\nお待ちください。", **saved)
    cases.hand_on(by=owner, leaving=agent, to=limited, now=now)
    client.force_login(limited.person)
    page = client.get(f"/s/{shop.slug}/c/{case.number}").content.decode()
    assert page.count("お待ちください。") == 2
    assert secrets_in(page) == []
    assert "{{customer.name}}様" in page


def test_no_key_works_for_a_limited_agent(client, shop, case, owner, agent, limited, now):
    def make(member):
        return make_key(by=owner, name="連携", scopes=tuple(Scope), member=member, expires_at=None, now=now)[1]

    with pytest.raises(BadKey):
        make(limited)
    secret = make(agent)
    ask = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert "柏木" in client.get(f"/api/v1/cases/{case.number}/messages", **ask).content.decode()
    grant_role(membership=agent, role=Role.LIMITED, by=owner, now=now)
    answer = client.get(f"/api/v1/cases/{case.number}/messages", **ask)
    assert (answer.status_code, secrets_in(answer.content.decode())) == (401, [])


def test_what_marks_cost_does_not_grow_with_the_rows(shop, limited, agent, case, now):
    pages = [f"/s/{shop.slug}/{page}" for page in ("inbox/all", "orders", "search?q=バッグ", f"c/{case.number}")]
    eyes, others = signed_in(limited), signed_in(agent)

    def price():
        return {page: queries_of(eyes, page) - queries_of(others, page) for page in pages}

    more(shop, range(2), now)
    few = price()
    more(shop, range(2, 22), now)
    assert "バッグの件 21" in eyes.get(pages[0]).content.decode()
    assert price() == few
    assert all(0 < cost <= 16 for cost in few.values()), few


def signed_in(member):
    client = Client()
    client.force_login(member.person)
    return client


def more(shop, numbers, now):
    """For each number a buyer with an order and a case, and another message in the limited agent's case."""
    for n in numbers:
        mail, number = f"other{n}@mail.example", f"KM-3{n:04}"
        buyer = Buyer(name=f"三雲 {n}子", mail=mail, phone=f"0800-000-2{n:03}")
        to = Recipient(RECIPIENT, "180-0004", LINES, PHONE)
        order = IncomingOrder(channel=SalesChannel.OWN, number=number, ordered_at=now, buyer=buyer, recipient=to)
        take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=now)
        sender = Party(f"三雲 {n}子", mail)
        arrive(shop, f"k{n}", at=now, sender=sender, subject=f"バッグの件 {n}", text=number, order_number=number)
        arrive(shop, f"m{n}", at=now, sender=KASHIWAGI, text=TEXT, refers_to=("limited@mail.example",))
    run_due_jobs(now)


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)
