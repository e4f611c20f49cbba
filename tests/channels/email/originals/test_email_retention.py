"""What is kept for a period only goes at night, and nothing else does."""

from datetime import datetime, timedelta

import pytest

from anshin.cases import actions
from anshin.cases.models import Case, Message, Note, RetentionPeriod
from anshin.cases.terms import Resolution, RetentionPurpose
from anshin.channels.email.arriving.storing import Place, store
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.originals.striking import ERASED
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Source
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from anshin.shops.models import Membership
from tests.channels.email.outside.letters import mail
from tests.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("post")]

ORIGINALS, TEXTS, SPAM = RetentionPurpose.ORIGINALS, RetentionPurpose.TEXTS, RetentionPurpose.SPAM
OLD = timedelta(days=400)


@pytest.fixture
def cases(mailbox: Mailbox, owner: Membership, now: datetime) -> list[Case]:
    """Four cases of 400 days ago: closed, closed and to be kept, open, in the spam folder; and one closed today."""
    found = []
    for number, age in enumerate([OLD, OLD, OLD, OLD, timedelta()]):
        at = now - age
        raw = letter(number)
        stored = store(mailbox=mailbox, raw=raw, source=Source.IMAP, now=at, place=Place(7, number + 1, len(raw), at))
        take_in(stored.arrival.pk, now=at)
        found.append(Case.objects.get(messages__message_key=f"{number}@example.jp"))
        actions.add_note(by=owner, case_id=found[-1].pk, text="メモ", now=at)
    for place in (0, 1, 4):
        at = now - (OLD if place < 4 else timedelta())
        actions.close(by=owner, case_id=found[place].pk, resolution=Resolution.ANSWERED, now=at)
    actions.set_tags(by=owner, case_id=found[1].pk, names=["保存"], now=now)
    actions.mark_spam(by=owner, case_id=found[3].pk, now=now - OLD)
    return found


def letter(number: int) -> bytes:
    return mail(
        f"{number}番の本文",
        subject=f"件名{number}",
        sender=f"a{number}@example.jp",
        message_id=f"<{number}@example.jp>",
    )


def texts() -> list[str]:
    return list(Message.objects.order_by("message_key").values_list("text", flat=True))


def raws() -> list[bool]:
    """Whether the raw mail of each is still there, as the ledger has it."""
    return [read_bytes(row.raw_blob) != ERASED for row in Arrival.objects.order_by("dedupe_key")]


def night(owner: Membership, now: datetime, **days: int) -> int:
    wanted = {purpose: days.get(purpose.value, 0) for purpose in RetentionPurpose}
    actions.set_retention(by=owner, days=wanted, now=now)
    count = actions.apply_retention(now=now)
    run_due_jobs(now)
    return count


def test_nothing_goes_unless_a_period_is_set(cases, owner, now) -> None:  # type: ignore[no-untyped-def]
    assert night(owner, now) == 0
    assert texts() == [f"{n}番の本文" for n in range(5)]
    assert not JournalEntry.objects.filter(event="case.retention_applied").exists()


def test_texts_of_closed_cases_go_and_their_figures_stay(cases, owner, now) -> None:  # type: ignore[no-untyped-def]
    assert night(owner, now, texts=365) == 1
    assert texts() == ["（消去済み）", "1番の本文", "2番の本文", "3番の本文", "4番の本文"]
    assert raws() == [False, True, True, True, True]
    assert list(Note.objects.order_by("case_id").values_list("text", flat=True)) == ["（消去済み）"] + ["メモ"] * 4
    case = Case.objects.get(pk=cases[0].pk)
    assert (case.subject, case.resolution, case.closed_at, case.emptied_at) == (
        "（消去済み）", "answered", now - OLD, now,
    )  # fmt: skip


def test_originals_go_and_texts_stay(cases, owner, now) -> None:  # type: ignore[no-untyped-def]
    assert night(owner, now, originals=365) == 1
    assert texts() == [f"{n}番の本文" for n in range(5)]
    assert raws() == [False, True, True, True, True]
    assert Message.objects.filter(raw_blob=None).count() == 1


def test_spam_goes(cases, owner, now) -> None:  # type: ignore[no-untyped-def]
    assert night(owner, now, spam=90) == 1
    assert texts() == ["0番の本文", "1番の本文", "2番の本文", "（消去済み）", "4番の本文"]


def test_the_next_night_finds_nothing_more(cases, owner, now, kept_files) -> None:  # type: ignore[no-untyped-def]
    assert night(owner, now, texts=365, originals=365, spam=365) == 3
    assert actions.apply_retention(now=now + timedelta(days=1)) == 0
    assert {path.name for path in kept_files.rglob("*") if path.is_file()} == set(
        Blob.objects.values_list("sha256", flat=True)
    )


def test_the_journal_has_one_summary_a_purpose_and_a_fact_a_case(cases, owner, now) -> None:  # type: ignore[no-untyped-def]
    night(owner, now, texts=365, spam=90)
    applied = JournalEntry.objects.filter(event="case.retention_applied").order_by("id")
    assert [entry.payload for entry in applied] == [
        {"purpose": "spam", "case_count": 1},
        {"purpose": "texts", "case_count": 1},
    ]
    emptied = JournalEntry.objects.filter(event="case.emptied")
    assert {entry.case_id for entry in emptied} == {cases[0].pk, cases[3].pk}


def test_what_went_does_not_come_back_when_it_is_fetched_again(cases, owner, mailbox, now) -> None:  # type: ignore[no-untyped-def]
    night(owner, now, texts=365)
    raw = letter(0)
    again = store(mailbox=mailbox, raw=raw, source=Source.IMAP, now=now, place=Place(8, 1, len(raw), now))
    other = Mailbox.objects.create(shop=mailbox.shop, address="info@komorebi.example", created_at=now)
    copy = store(mailbox=other, raw=raw, source=Source.IMAP, now=now, place=Place(1, 1, len(raw), now))
    assert (again.is_new, copy.arrival.fate) == (False, Fate.DUPLICATE)
    assert texts()[0] == "（消去済み）"
    assert raws().count(False) == 2


def test_portions_reach_every_case(cases, owner, now, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from anshin.cases.actions import retaining

    monkeypatch.setattr(retaining, "AT_ONCE", 1)
    Case.objects.filter(pk__in=[cases[1].pk, cases[2].pk]).update(
        status="closed", resolution="answered", closed_at=now - OLD
    )
    cases[1].case_tags.all().delete()
    assert night(owner, now, texts=365) == 3


def test_the_preview_counts_and_changes_nothing(cases, owner, now) -> None:  # type: ignore[no-untyped-def]
    found = actions.preview_retention(by=owner, days={ORIGINALS: 365, TEXTS: 0, SPAM: 90}, now=now)
    assert found == {ORIGINALS: 1, SPAM: 1}
    assert texts() == [f"{n}番の本文" for n in range(5)]
    assert not RetentionPeriod.objects.exists()


def test_another_shop_keeps_its_own(cases, owner, other_shop, now) -> None:  # type: ignore[no-untyped-def]
    stranger = member(other_shop, "owner", "o@tanuki.example", "狸")
    assert night(stranger, now, texts=30, originals=30, spam=30) == 0
    assert texts() == [f"{n}番の本文" for n in range(5)]


@pytest.mark.parametrize("role", ["manager", "agent", "warehouse"])
def test_only_the_owner_sets_periods(cases, shop, role, now) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotAllowed):
        night(member(shop, role, "a@komorebi.example", "小暮"), now, texts=30)
    assert not RetentionPeriod.objects.exists()
