"""Mail that the provider calls spam: put away as the mailbox's owner says, shown in the ledger, never lost."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from anshin.cases.models import Case, Message
from anshin.cases.terms import Status
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Arrival, Mailbox, SpamChoice
from anshin.channels.email.queries import IN_CASES
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.sheets import days
from anshin.channels.email.terms import Fate, Source, SpamJudge
from anshin.plumbing.journal.models import JournalEntry
from tests.channels.email.outside.letters import mail
from tests.project.former import former_executor

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
    SpamChoice.objects.create(shop=mailbox.shop, judge=judge, chosen_at=mailbox.created_at)
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


def test_the_owner_chooses_for_the_whole_shop_whose_words_count(client, owner, mailbox, now, monkeypatch):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)
    second = Mailbox.objects.create(shop=mailbox.shop, address="info@komorebi.example", created_at=now)
    client.force_login(owner.person)
    address = reverse("email:spam", args=[mailbox.shop.slug])

    wrong = client.post(address, {"judge": "everybody"})
    assert (wrong.status_code, SpamChoice.objects.count()) == (422, 0)
    client.post(address, {"judge": "rspamd"})
    client.post(address, {"judge": "rspamd"})

    assert list(SpamChoice.objects.values_list("shop_id", "judge")) == [(mailbox.shop_id, "rspamd")]
    facts = JournalEntry.objects.filter(event="email.spam_judge_chosen").values_list("payload", flat=True)
    assert list(facts) == [{"judge": "rspamd"}] * 2
    for each in (mailbox, second):
        page = client.get(reverse("email:mailbox", args=[mailbox.shop.slug, each.pk])).content.decode()
        assert "rspamd" in page
        assert "spam_judge" not in page
    below = HOP.encode() + mail(extra=BELOW)
    assert arrive(second, below, now).fate == Fate.SPAM


def test_another_shop_believes_whom_it_likes(mailbox, other_shop, now):
    judged_by(mailbox, SpamJudge.NOBODY)
    theirs = Mailbox.objects.create(shop=other_shop, address="info@tanuki.example", created_at=now)
    assert arrive(mailbox, ON_TOP + mail(), now).fate == Fate.TAKEN_IN
    assert arrive(theirs, ON_TOP + mail(), now).fate == Fate.SPAM


def test_who_does_not_run_the_shop_chooses_nothing(client, agent, mailbox):
    client.force_login(agent.person)
    answer = client.post(reverse("email:spam", args=[mailbox.shop.slug]), {"judge": "nobody"})
    assert (answer.status_code, SpamChoice.objects.count()) == (403, 0)


@pytest.mark.django_db(transaction=True)
def test_the_choices_of_mailboxes_become_the_shops():
    before, after = [("email", "0017_amazon_ses")], [("email", "0018_spam_choice")]
    executor = former_executor(connection)
    executor.migrate(before)
    try:
        apps = executor.loader.project_state(before).apps
        moment = timezone.now()
        wanted = {"one": ["rspamd", "nobody", "rspamd"], "two": ["on_top"], "three": ["nobody", "google"]}
        for slug, judges in wanted.items():
            shop = apps.get_model("shops", "Shop").objects.create(slug=slug, name=slug, created_at=moment)
            for number, judge in enumerate(judges):
                apps.get_model("email", "Mailbox").objects.create(
                    shop=shop, address=f"{number}@{slug}.example", created_at=moment, spam_judge=judge
                )
    finally:
        executor = former_executor(connection)
        executor.migrate(after)
        executor = former_executor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert set(SpamChoice.objects.values_list("shop__slug", "judge")) == {("one", "rspamd"), ("three", "nobody")}
