"""Mail that the provider calls spam: put away as the mailbox's owner says, shown in the ledger, never lost."""

import pytest
from django.urls import reverse
from django.utils import timezone

from anshin.cases.models import Case, Message
from anshin.cases.terms import Status
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Arrival
from anshin.channels.email.queries import IN_CASES
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.sheets import days
from anshin.channels.email.terms import Fate, Source, SpamJudge
from tests.channels.email.outside.letters import mail

pytestmark = pytest.mark.django_db

HOP = "Received: from a.example by mx.komorebi.example with ESMTPS; Sun, 22 Nov 2026 11:00:00 +0900\r\n"
ON_TOP = f"{HOP}X-Spamd-Result: default: True [15.20 / 15.00]\r\n".encode()
BELOW = "X-Spamd-Result: default: True [15.20 / 15.00]\r\n"


def arrive(mailbox, raw, now, *, source=Source.IMAP) -> Arrival:
    arrival = store(mailbox=mailbox, raw=raw, source=source, now=now).arrival
    take_in(arrival.pk, now=now)
    arrival.refresh_from_db()
    return arrival


def judged_by(mailbox, judge: SpamJudge):
    mailbox.spam_judge = judge
    mailbox.save()
    return mailbox


def test_marks_on_top_put_a_strangers_mail_away(mailbox, now):
    arrival = arrive(mailbox, ON_TOP + mail(), now)

    message = Message.objects.get()
    assert (arrival.fate, arrival.reason_code, arrival.message_id) == (Fate.SPAM, "rspamd", message.pk)
    assert message.case.status == Status.SPAM
    assert message.sender_checks == {"spam": "rspamd", "spam_score": "15.20"}
    assert message.raw_blob is not None
    assert Fate.SPAM in IN_CASES


@pytest.mark.parametrize(
    ("judge", "raw", "status"),
    [
        (SpamJudge.ON_TOP, HOP.encode() + mail(extra=BELOW), Status.OPEN),
        (SpamJudge.RSPAMD, HOP.encode() + mail(extra=BELOW), Status.SPAM),
        (SpamJudge.SPAMASSASSIN, ON_TOP + mail(), Status.OPEN),
        (SpamJudge.NOBODY, ON_TOP + mail(), Status.OPEN),
        (SpamJudge.ON_TOP, HOP.encode() + mail(), Status.OPEN),
    ],
)
def test_the_owner_says_whose_marks_count(mailbox, now, judge, raw, status):
    arrival = arrive(judged_by(mailbox, judge), raw, now)

    assert Case.objects.get().status == status
    assert arrival.fate == (Fate.SPAM if status == Status.SPAM else Fate.TAKEN_IN)


def test_imported_mail_is_not_judged(mailbox, now):
    arrival = arrive(mailbox, ON_TOP + mail(), now, source=Source.IMPORT)

    assert (arrival.fate, Case.objects.get().status) == (Fate.TAKEN_IN, Status.OPEN)


def test_the_same_mail_again_stays_one_spam_case(mailbox, now):
    arrive(mailbox, ON_TOP + mail(), now)
    again = arrive(mailbox, ON_TOP + mail(), now)

    assert Message.objects.count() == 1
    assert again.message_id == Message.objects.get().pk


def test_the_sheet_counts_spam_as_shown_and_the_ledger_says_so(client, owner, mailbox, now, monkeypatch):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)
    arrive(mailbox, ON_TOP + mail(), now, source=Source.OUTSIDE)
    client.force_login(owner.person)

    line = days.line_of(mailbox.shop, mailbox, timezone.localdate(now), now=now)
    page = client.get(reverse("email:ledger", args=[mailbox.shop.slug, mailbox.pk])).content.decode()

    assert (line.received_count, line.shown_count, line.elsewhere, line.is_equal) == (1, 1, (), True)
    assert "迷惑メールに入りました" in page


def test_the_owner_chooses_in_the_settings_whose_words_count(client, owner, mailbox, now, monkeypatch):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)
    client.force_login(owner.person)
    address = reverse("email:mailbox", args=[mailbox.shop.slug, mailbox.pk])
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert values["spam_judge"] == "on_top"

    wrong = client.post(address, values | {"spam_judge": "everybody"})
    mailbox.refresh_from_db()
    assert (wrong.status_code, mailbox.spam_judge) == (422, SpamJudge.ON_TOP)
    client.post(address, values | {"spam_judge": "rspamd", "authserv_id": " MX.Komorebi.Example "})

    mailbox.refresh_from_db()
    assert (mailbox.spam_judge, mailbox.authserv_id) == (SpamJudge.RSPAMD, "mx.komorebi.example")
