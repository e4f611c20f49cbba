"""Addresses that are told what happens: at least once, always under the same id, signed; and what happens when not."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.terms import Resolution
from anshin.integrations import actions, queries, rules
from anshin.integrations.models import Attempt, Delivery, Telling, Webhook
from anshin.integrations.terms import DeliveryState, EventType, Failing, Told, WebhookState
from anshin.plumbing.jobs.actions import go_on, hold_after_restore
from anshin.plumbing.jobs.holding import begun_by_clock
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.cases.writing import arrive
from tests.integrations.conftest import URL

pytestmark = pytest.mark.django_db
NO_ANSWER = Told(None, Failing.UNREACHABLE, 10_000, "hooks.example: it cannot be reached")
BROKEN = Told(500, Failing.STATUS, 30, "oops")


def bodies(way):
    return [json.loads(body) for _url, body, _headers in way.sent]


def ids(way):
    return [headers["webhook-id"] for _url, _body, headers in way.sent]


def test_what_happens_is_told_with_numbers_and_nothing_about_a_person(shop, owner, hook, way, at):
    case = arrive(shop, "a@mail.example", at=at.now).case
    cases.close(by=owner, case_id=case.pk, resolution=Resolution.ANSWERED, now=at.now)
    at.on(seconds=1)
    told = {each["type"]: each for each in bodies(way)}
    assert set(told) == {"case.created", "message.received", "case.closed"}
    assert told["case.created"] == {
        "type": "case.created",
        "timestamp": "2026-11-20T05:00:00Z",
        "shop": "komorebi",
        "data": {"case_number": 1},
    }
    assert told["case.closed"]["data"] == {"case_number": 1, "resolution": "answered"}
    everything = "".join(body.decode() for _url, body, _headers in way.sent)
    assert "柏木" not in everything and "kashiwagi" not in everything


def test_only_what_an_address_wants_goes_there_and_nothing_from_before(shop, owner, way, at):
    arrive(shop, "before@mail.example", at=at.now)
    at.on(seconds=1)
    actions.add_webhook(by=owner, name="", url=URL, types=[EventType.CASE_CREATED], now=at.now)
    at.on(seconds=1)
    case = arrive(shop, "a@mail.example", at=at.now).case
    cases.set_urgent(by=owner, case_id=case.pk, is_urgent=True, now=at.now)
    at.on(seconds=1)
    assert [each["type"] for each in bodies(way)] in ([], ["case.created"])
    assert all(each["data"]["case_number"] == case.number for each in bodies(way))


def test_another_shop_hears_nothing(shop, other_shop, stranger, hook, way, at):
    arrive(other_shop, "a@mail.example", at=at.now)
    at.on(seconds=1)
    assert way.sent == [] and not Telling.objects.exists()


def test_a_shop_without_addresses_pays_no_query_for_them(shop, at, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not queries.listens(shop.pk)


def test_each_try_is_signed_with_the_secret_and_for_a_day_with_the_former_too(shop, owner, way, at):
    hook, first = actions.add_webhook(by=owner, name="", url=URL, types=[EventType.CASE_CREATED], now=at.now)
    second = actions.rotate_secret(by=owner, webhook_id=hook.pk, now=at.now)
    arrive(shop, "a@mail.example", at=at.now)
    at.on(seconds=1)
    _url, body, headers = way.sent[0]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body

    def signed(secret):
        raw = base64.b64decode(secret.removeprefix("whsec_"))
        assert secret.startswith("whsec_") and len(raw) == 32
        return "v1," + base64.b64encode(hmac.new(raw, content, hashlib.sha256).digest()).decode()

    assert headers["webhook-signature"] == f"{signed(second)} {signed(first)}"
    assert headers["webhook-timestamp"] == str(int(at.now.timestamp()))
    at.on(hours=24)
    assert queries.secrets_of(Webhook.objects.get(), now=at.now) == [second]
    assert first not in Webhook.objects.get().secret


def test_the_signature_is_that_of_the_specification():
    """The example of the reference libraries' own tests, computed here by hand from the description."""
    secret = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(1_674_087_231, UTC)
    raw = hmac.new(b"0123456789abcdef0123456789abcdef", b'msg_1.1674087231.{"a":1}', hashlib.sha256).digest()
    assert rules.signature([secret], key="msg_1", at=at, body=b'{"a":1}') == "v1," + base64.b64encode(raw).decode()


def test_a_failure_is_tried_again_after_growing_waits_under_the_same_id(shop, hook, way, at):
    way.answers = [BROKEN, BROKEN]
    arrive(shop, "a@mail.example", at=at.now)
    Webhook.objects.update(types=["case.created"])
    at.on(seconds=1)
    assert len(way.sent) == 1
    at.on(seconds=4)
    assert len(way.sent) == 1
    at.on(seconds=2)
    assert len(way.sent) == 2
    at.on(minutes=5)
    at.on(minutes=1)
    assert len(way.sent) == 3 and len(set(ids(way))) == 1
    assert len({body for _url, body, _headers in way.sent}) == 1
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.DELIVERED and delivery.tries == 3
    assert list(Attempt.objects.order_by("id").values_list("status", "failing")) == [
        (500, "status"),
        (500, "status"),
        (200, ""),
    ]


def test_one_that_takes_nothing_for_three_days_is_stopped_and_the_owner_told(shop, owner, hook, way, at):
    Webhook.objects.update(types=["case.created"])
    way.answers = [BROKEN] * 30
    arrive(shop, "a@mail.example", at=at.now)
    for _each in range(90):
        at.on(hours=1)
    assert 8 <= len(way.sent) <= 10
    assert Webhook.objects.get().state == WebhookState.STOPPED
    assert Delivery.objects.get().state == DeliveryState.HELD
    assert JournalEntry.objects.filter(event="integration.webhook_stopped").count() == 1
    notices = Job.objects.filter(task="anshin.shops.jobs.send_notice")
    assert [job.kwargs["link"] for job in notices] == [f"http://localhost:8000/s/komorebi/settings/webhooks/{hook.pk}"]
    way.answers = []
    assert actions.resume_webhook(by=owner, webhook_id=hook.pk, now=at.now) == 1
    at.on(seconds=1)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED and len(set(ids(way))) == 1


def test_gone_stops_it_at_once(shop, hook, way, at):
    way.answers = [Told(410, Failing.STATUS, 5, "")]
    arrive(shop, "a@mail.example", at=at.now)
    at.on(seconds=1)
    assert Webhook.objects.get().state == WebhookState.STOPPED
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.HELD}
    assert len(way.sent) == 1


def test_while_nothing_answers_only_one_of_many_is_tried(shop, hook, way, at):
    Webhook.objects.update(types=["case.created"])
    way.answers = [NO_ANSWER] * 50
    for number in range(6):
        arrive(shop, f"{number}@mail.example", at=at.now, subject=f"別件{number}")
    at.on(seconds=1)
    assert len(way.sent) == 1
    at.on(seconds=6)
    assert len(way.sent) == 2
    way.answers = []
    at.on(minutes=10)
    at.on(minutes=10)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}


def test_the_other_sides_wish_to_wait_is_heeded(shop, hook, way, at):
    Webhook.objects.update(types=["case.created"])
    way.answers = [Told(429, Failing.STATUS, 5, "slow down", 3600)]
    arrive(shop, "a@mail.example", at=at.now)
    at.on(seconds=1)
    at.on(minutes=59)
    assert len(way.sent) == 1
    at.on(minutes=8)
    assert len(way.sent) == 2


def test_paused_keeps_what_happens_and_sends_it_when_resumed(shop, owner, hook, way, at):
    Webhook.objects.update(types=["case.created"])
    actions.pause_webhook(by=owner, webhook_id=hook.pk, now=at.now)
    arrive(shop, "a@mail.example", at=at.now)
    at.on(hours=5)
    assert way.sent == []
    assert actions.resume_webhook(by=owner, webhook_id=hook.pk, now=at.now) == 1
    at.on(seconds=1)
    assert len(way.sent) == 1


def test_after_a_restore_nothing_leaves_by_itself_and_a_person_sends_it(shop, owner, hook, way, at):
    Webhook.objects.update(types=["case.created"])
    way.answers = [BROKEN]
    arrive(shop, "a@mail.example", at=at.now)
    at.on(seconds=1)
    assert actions.hold_after_restore() == 1
    at.on(hours=10)
    assert len(way.sent) == 1
    assert actions.resume_webhook(by=owner, webhook_id=hook.pk, now=at.now) == 1
    at.on(seconds=1)
    assert len(way.sent) == 2 and len(set(ids(way))) == 1


def test_after_a_restore_what_the_clock_began_is_told_when_somebody_says_go_on(shop, hook, way, at):
    hold_after_restore([], shop_ids=[shop.pk], backup_at=at.now, now=at.now)
    with begun_by_clock():
        arrive(shop, "a@mail.example", at=at.now)
        at.on(seconds=1)
    assert way.sent == [] and Delivery.objects.filter(state=DeliveryState.WAITING).count() == 2
    go_on(shop.pk, by="安住 千里", now=at.now)
    at.on(seconds=1)
    assert {each["type"] for each in bodies(way)} == {"case.created", "message.received"}


def test_one_or_everything_since_a_time_goes_again_under_its_own_id(shop, owner, hook, way, at):
    Webhook.objects.update(types=["case.created"])
    for number in range(3):
        arrive(shop, f"{number}@mail.example", at=at.now, subject=f"別件{number}")
        at.on(hours=1)
    first = ids(way)
    assert len(set(first)) == len(first) == Telling.objects.filter(type="case.created").count()
    actions.send_again(by=owner, webhook_id=hook.pk, delivery_id=Delivery.objects.first().pk, now=at.now)
    at.on(seconds=1)
    assert ids(way) == [*first, first[0]]
    since = Telling.objects.order_by("at")[1].at
    assert actions.send_all_again(by=owner, webhook_id=hook.pk, since=since, now=at.now) == len(first) - 1
    at.on(seconds=1)
    assert sorted(ids(way)[len(first) + 1 :]) == sorted(first[1:])


def test_a_new_address_hears_of_the_past_when_somebody_sends_it(shop, owner, hook, way, at):
    Webhook.objects.update(types=["case.created"])
    arrive(shop, "a@mail.example", at=at.now)
    at.on(hours=1)
    second, _secret = actions.add_webhook(
        by=owner, name="", url="https://two.example/", types=[EventType.CASE_CREATED], now=at.now
    )
    assert actions.send_all_again(by=owner, webhook_id=second.pk, since=at.now - timedelta(hours=2), now=at.now) == 1
    at.on(seconds=1)
    assert len(set(ids(way))) == 1 and way.sent[-1][0] == "https://two.example/"


def test_the_reaction_run_twice_tells_once(shop, hook, way, at):
    arrive(shop, "a@mail.example", at=at.now)
    entry = JournalEntry.objects.get(event="case.opened")
    first, second = actions.tell(entry, now=at.now), actions.tell(entry, now=at.now)
    assert first == second and Delivery.objects.filter(telling=first).count() == 1


def test_a_job_that_dies_after_the_answer_sends_it_again_under_the_same_id(shop, hook, way, at, monkeypatch):
    Webhook.objects.update(types=["case.created"])
    from anshin.integrations.actions import sending

    whole, dying = sending._settle, [True]

    def settle(*args, **values):
        if dying and dying.pop():
            raise ConnectionError("the process ends here")
        return whole(*args, **values)

    monkeypatch.setattr(sending, "_settle", settle)
    arrive(shop, "a@mail.example", at=at.now)
    at.on(seconds=1)
    at.on(seconds=30)
    assert len(way.sent) == 2 and len(set(ids(way))) == 1
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/", "ftp://x.example", "hooks.example", "https://", "https://u:p@x.example/", "https://x y/",
     "https://例え.jp/", "https://x.example:99999/", "javascript:alert(1)"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(owner, now, url):
    with pytest.raises(actions.BadWebhook):
        actions.add_webhook(by=owner, name="", url=url, types=[EventType.CASE_CREATED], now=now)
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:192.168.0.1"])
def test_an_address_that_leads_inside_is_not_saved(hook, owner, now, monkeypatch, address):
    monkeypatch.setattr("anshin.plumbing.web.reach.resolve", lambda _host, _port: ["203.0.114.5", address])
    facts = {"by": owner, "name": "", "url": "https://inside.example/", "types": [EventType.CASE_CREATED], "now": now}
    with pytest.raises(actions.BadWebhook):
        actions.add_webhook(**facts)
    with pytest.raises(actions.BadWebhook):
        actions.change_webhook(webhook_id=hook.pk, **facts)
    assert [each.url for each in Webhook.objects.all()] == [URL]


def test_only_the_owner_of_the_shop_touches_its_addresses(hook, manager, stranger, now):
    verbs = [
        lambda by: actions.pause_webhook(by=by, webhook_id=hook.pk, now=now),
        lambda by: actions.rotate_secret(by=by, webhook_id=hook.pk, now=now),
        lambda by: actions.send_test(by=by, webhook_id=hook.pk, now=now),
        lambda by: actions.remove_webhook(by=by, webhook_id=hook.pk, now=now),
    ]
    type(stranger).objects.filter(pk=stranger.pk).update(role="owner")
    stranger.refresh_from_db()
    for verb in verbs:
        with pytest.raises(NotAllowed):
            verb(manager)
    for verb in verbs[:3]:
        with pytest.raises(actions.UnknownWebhook):
            verb(stranger)
    actions.remove_webhook(by=stranger, webhook_id=hook.pk, now=now)
    assert Webhook.objects.filter(pk=hook.pk, state=WebhookState.ACTIVE).exists()


def test_what_was_told_is_forgotten_after_a_month(shop, hook, way, at):
    arrive(shop, "a@mail.example", at=at.now)
    at.on(seconds=1)
    assert actions.forget_tellings(now=at.now + timedelta(days=29)) == 0
    count = Telling.objects.count()
    assert actions.forget_tellings(now=at.now + timedelta(days=31)) == count
    assert not Delivery.objects.exists() and not Attempt.objects.exists()
