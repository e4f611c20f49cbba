"""From a real Dovecot: what was struck or erased does not come back, however often the mailbox is read anew."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from anshin.cases import actions
from anshin.cases.fakes import RecordingOutbox
from anshin.cases.models import Message
from anshin.cases.ports import outbox
from anshin.cases.terms import ErasureGround, Resolution, StrikeReason
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.fetching.inboxes import fetch
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.source_models import Post, PostAddress
from anshin.channels.email.terms import Source
from anshin.plumbing.files.store import keep, path_of
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.shops.models import Shop
from tests.channels.email.outside import outsider
from tests.channels.email.outside.dovecot_server import Dovecot
from tests.channels.email.outside.letters import mail
from tests.conftest import member

pytestmark = [pytest.mark.django_db]

CARD = "4111-1111-1111-1111"


def holds(text: str) -> bool:
    return CARD in text


@pytest.fixture(autouse=True)
def post() -> Iterator[RecordingOutbox]:
    with outbox.filled_with(RecordingOutbox()) as fake:
        yield fake


def read(mailbox: Mailbox, now: datetime) -> None:
    mailbox.refresh_from_db()
    assert fetch(mailbox, now=now).trouble is None
    run_due_jobs(now)


@pytest.mark.dovecot
@pytest.mark.parametrize("message_id", ["<1@example.jp>", None])
def test_struck_words_stay_away_after_every_change_of_uidvalidity(
    imap_mailbox: Mailbox, dovecot: Dovecot, shop: Shop, kept_files: Path, now: datetime, message_id: str | None
) -> None:
    dovecot.put(mail(f"番号は {CARD} です。", message_id=message_id))
    dovecot.put(mail("別の件です。", message_id="<2@example.jp>", sender="b@example.jp"))
    read(imap_mailbox, now)
    message = Message.objects.get(text__contains=CARD)
    by = member(shop, "manager", "saeki@komorebi.example", "佐伯 みお")
    actions.strike(by=by, message_id=message.pk, texts=[CARD], file_ids=[], reason=StrikeReason.NUMBER, now=now)
    for hour in (1, 2):
        dovecot.number_anew()
        read(imap_mailbox, now + timedelta(hours=hour))

    assert outsider.traces(holds, kept_files) == []
    assert (Arrival.objects.count(), Message.objects.count()) == (2, 2)
    message.refresh_from_db()
    assert message.text == "番号は ████ です。"


@pytest.mark.dovecot
def test_an_erased_person_stays_away_after_a_change_of_uidvalidity(
    imap_mailbox: Mailbox, dovecot: Dovecot, shop: Shop, kept_files: Path, now: datetime
) -> None:
    dovecot.put(mail(f"番号は {CARD} です。", message_id=None))
    read(imap_mailbox, now)
    case = Message.objects.get().case
    by = member(shop, "manager", "saeki@komorebi.example", "佐伯 みお")
    actions.close(by=by, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    assert case.customer_id is not None
    actions.erase_customer(
        by=by, customer_id=case.customer_id, ground=ErasureGround.REQUEST, requested_on=now.date(), now=now
    )
    dovecot.number_anew()
    read(imap_mailbox, now + timedelta(hours=1))

    assert outsider.traces(lambda text: holds(text) or "misaki" in text or "髙橋" in text, kept_files) == []
    assert (Arrival.objects.count(), Message.objects.count()) == (1, 1)


def test_the_providers_post_goes_with_the_mail_that_it_brought(
    mailbox: Mailbox, shop: Shop, kept_files: Path, now: datetime
) -> None:
    raw = mail(f"番号は {CARD} です。")
    stored = store(mailbox=mailbox, raw=raw, source=Source.POST, now=now)
    take_in(stored.arrival.pk, now=now)
    posted = keep(shop.pk, b'{"mail": "' + raw.hex().encode() + b'"}', now=now)
    other = keep(shop.pk, b'{"mail": "another"}', now=now)
    address = PostAddress.objects.create(shop=shop, mailbox=mailbox, poster="mailgun", key="k", created_at=now)
    for key, blob, read_at in (("a", posted, now), ("b", other, now - timedelta(hours=1))):
        Post.objects.create(
            shop=shop, address=address, delivery_key=key, body_blob=blob, posted_at=now, read_at=read_at
        )
    by = member(shop, "manager", "saeki@komorebi.example", "佐伯 みお")
    message = Message.objects.get()
    actions.strike(by=by, message_id=message.pk, texts=[CARD], file_ids=[], reason=StrikeReason.NUMBER, now=now)
    run_due_jobs(now)

    assert not path_of(posted.sha256).exists()
    assert path_of(other.sha256).exists()
    assert Post.objects.filter(delivery_key__in=["a", "b"]).count() == 2
