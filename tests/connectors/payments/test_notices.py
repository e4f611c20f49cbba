"""What Stripe posts is taken only when it is Stripe's, and says what it is about."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from anshin.commerce.models import PaymentAccount, PaymentNotice
from anshin.commerce.ports import NotYet, ProviderNotice
from anshin.commerce.terms import DisputeState, NoticeKind, NoticeOutcome, PaymentProvider
from anshin.connectors.payments import adapter, notices
from anshin.connectors.payments.notices import NotProved, dispute_of, notice_of, proved
from anshin.connectors.payments.receiving import LARGEST_NOTICE_BYTES
from anshin.plumbing import clock, secrets
from anshin.plumbing.jobs.models import Job
from tests.conftest import NOW

RECORDINGS = Path(adapter.__file__).parent / "recordings"
SECRET = "whsec_anshin_test_0123456789"
FAILED = (RECORDINGS / "event_refund_failed.json").read_bytes()


def recorded(name):
    return json.loads((RECORDINGS / f"{name}.json").read_text())


def signed(body, *, at=NOW, secret=SECRET):
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def test_what_stripe_signed_has_the_events_number():
    assert proved(SECRET, signed(FAILED), FAILED, now=NOW) == "evt_3SXanshinTestE1"


def test_the_signature_is_over_moment_dot_and_body():
    digest = "4a3ecf2abda8bdeade8bc0bb50254ec808244d728e0934a0d43051b16bea32af"
    at = datetime.fromtimestamp(12, UTC)
    assert proved("whsec_a", f"t=12,v1={digest}", b'{"id": "evt_1"}', now=at) == "evt_1"


def test_while_a_secret_is_rolled_one_of_several_signatures_is_enough():
    header = signed(FAILED, secret="whsec_old_one") + "," + signed(FAILED).partition(",")[2] + ",v0=abc"

    assert proved(SECRET, header, FAILED, now=NOW) == "evt_3SXanshinTestE1"


@pytest.mark.parametrize("minutes", [-5, 5])
def test_five_minutes_are_near_enough(minutes):
    assert proved(SECRET, signed(FAILED), FAILED, now=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("header", "body", "at"),
    [
        ("", FAILED, NOW),
        ("t=,v1=", FAILED, NOW),
        ("nonsense", FAILED, NOW),
        ("t=１,v1=ff", FAILED, NOW),
        (signed(FAILED).partition(",")[0], FAILED, NOW),
        (signed(FAILED) + "," + signed(FAILED), FAILED, NOW),
        (signed(FAILED, secret="whsec_other"), FAILED, NOW),
        (signed(FAILED).replace("v1=", "v0="), FAILED, NOW),
        (signed(FAILED), FAILED + b" ", NOW),
        (signed(FAILED), FAILED, NOW + timedelta(minutes=5, seconds=1)),
        (signed(FAILED), FAILED, NOW - timedelta(minutes=5, seconds=1)),
        (signed(b"[]"), b"[]", NOW),
        (signed(b"{}"), b"{}", NOW),
        (signed(b"\xff"), b"\xff", NOW),
        (signed(b'{"id": "../x"}'), b'{"id": "../x"}', NOW),
        (f"t={'9' * 400},v1=ff", FAILED, NOW),
    ],
)
def test_everything_else_is_not_proved(header, body, at):
    with pytest.raises(NotProved):
        proved(SECRET, header, body, now=at)


def test_without_a_secret_nothing_is_proved():
    with pytest.raises(NotProved):
        proved("", signed(FAILED, secret=""), FAILED, now=NOW)


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("event_refund_failed", ProviderNotice(NoticeKind.REFUND, "re_3SXanshinTestC3", "k1")),
        ("event_charge_refund_updated", ProviderNotice(NoticeKind.REFUND, "re_3SXanshinTestC3", "k1")),
        ("event_dispute_created", ProviderNotice(NoticeKind.DISPUTE, "du_3SXanshinTestD1")),
    ],
)
def test_a_notice_says_what_it_is_about(name, about):
    assert notice_of((RECORDINGS / f"{name}.json").read_bytes()) == about


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"data": 1}',
        b'{"data": {"object": []}}',
        b'{"data": {"object": {"object": "charge", "id": "ch_1"}}}',
        b'{"data": {"object": {"object": "refund", "id": "re_1/../../x"}}}',
        b'{"data": {"object": {"object": "refund"}}}',
    ],
)
def test_what_nobody_understands_is_about_something_else(body):
    assert notice_of(body) == ProviderNotice(NoticeKind.OTHER)


def test_a_refund_without_our_key_has_none():
    assert notice_of(b'{"data": {"object": {"object": "refund", "id": "re_1", "metadata": []}}}').key == ""


def test_a_dispute_in_our_words():
    found = dispute_of(recorded("dispute_needs_response"))

    assert (found.reference, found.charges) == ("du_3SXanshinTestD1", ("ch_3SXanshinTestC3", "pi_3SXanshinTestC3"))
    assert (found.amount_yen, found.state, found.reason) == (8_680, DisputeState.OPEN, "credit_not_processed")
    assert found.respond_by == datetime(2026, 12, 7, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("warning_needs_response", DisputeState.ENQUIRY),
        ("warning_closed", DisputeState.CLOSED),
        ("under_review", DisputeState.OPEN),
        ("won", DisputeState.WON),
        ("lost", DisputeState.LOST),
    ],
)
def test_each_status_of_a_dispute_has_a_word(status, state):
    assert dispute_of(recorded("dispute_needs_response") | {"status": status}).state == state


@pytest.mark.parametrize("change", [{"currency": "usd"}, {"amount": "8680"}, {"amount": 0}, {"status": "new"}])
def test_a_dispute_that_cannot_be_read_is_asked_after_again(change):
    with pytest.raises(NotYet):
        dispute_of(recorded("dispute_needs_response") | change)


@pytest.fixture
def door(shop, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    PaymentAccount.objects.create(
        shop=shop,
        provider=PaymentProvider.STRIPE,
        key_sealed=secrets.seal("sk_test_1"),
        key_end="st_1",
        changed_at=NOW,
        notice_secret_sealed=secrets.seal(SECRET),
    )

    def post(body=FAILED, *, header=None, slug=shop.slug):
        headers = {"stripe-signature": signed(body) if header is None else header}
        return client.post(f"/payments/stripe/{slug}", body, content_type="application/json", headers=headers)

    return post


@pytest.mark.django_db
class TestTheDoor:
    def test_a_notice_is_kept_as_it_came_with_the_job_that_reads_it(self, door, shop):
        assert door().status_code == 200

        kept = PaymentNotice.objects.get()
        assert (kept.shop, kept.number, bytes(kept.body)) == (shop, "evt_3SXanshinTestE1", FAILED)
        assert (kept.came_at, kept.read_at, kept.outcome) == (NOW, None, NoticeOutcome.WAITING)
        assert [job.task for job in Job.objects.filter(task__endswith="follow_notice")] == [
            "anshin.commerce.jobs.follow_notice"
        ]

    def test_the_same_notice_again_is_welcome_and_changes_nothing(self, door):
        assert [door().status_code, door().status_code] == [200, 200]

        assert PaymentNotice.objects.count() == 1
        assert Job.objects.filter(task__endswith="follow_notice").count() == 1

    @pytest.mark.parametrize("slug", ["komorebi", "nobody"])
    def test_what_is_not_proved_is_refused_and_leaves_nothing(self, door, slug):
        assert door(header="t=1,v1=ff", slug=slug).status_code == 400

        assert not PaymentNotice.objects.exists()
        assert not Job.objects.filter(task__endswith="follow_notice").exists()

    def test_another_shops_signature_does_not_count(self, door, shop):
        PaymentAccount.objects.update(notice_secret_sealed=secrets.seal("whsec_of_another_shop"))

        assert door().status_code == 400

    def test_a_flood_is_not_read(self, door):
        assert door(b"x" * (LARGEST_NOTICE_BYTES + 1)).status_code == 413

        assert not PaymentNotice.objects.exists()

    def test_it_is_not_for_reading(self, door, client, shop):
        assert client.get(f"/payments/stripe/{shop.slug}").status_code == 405

    def test_a_shop_without_a_signing_secret_hears_nothing(self, door):
        PaymentAccount.objects.update(notice_secret_sealed="")

        assert door(header=signed(FAILED, secret="")).status_code == 400
        assert not PaymentNotice.objects.exists()

    def test_a_signing_secret_that_cannot_be_read_is_our_trouble_so_stripe_comes_again(self, door):
        PaymentAccount.objects.update(notice_secret_sealed="sealed under a secret of before")

        assert door(header=signed(FAILED)).status_code == 503
        assert not PaymentNotice.objects.exists()


def test_the_tolerance_is_stripes():
    assert timedelta(minutes=5) == notices.TOLERANCE
