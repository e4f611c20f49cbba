"""Every mail of other projects' test suites goes in: no exception, no loss, what is unreadable is seen."""

import json
from pathlib import Path

import pytest

from anshin.cases.models import Case
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Arrival
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Source
from anshin.plumbing.files.store import read_bytes

CORPUS = Path(__file__).resolve().parents[5] / "shared" / "corpus" / "mail"
NOT_MAILS = {".md", ".json"}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the mail corpus is not at {CORPUS}"),
]


def files():
    return sorted(file for file in CORPUS.rglob("*") if file.is_file() and file.suffix not in NOT_MAILS)


def test_every_file_goes_in_without_loss_and_has_a_place_where_it_is_seen(mailbox, now):
    raws = {file: file.read_bytes() for file in files()}
    stored = {file: store(mailbox=mailbox, raw=raw, source=Source.IMPORT, now=now) for file, raw in raws.items()}
    for each in stored.values():
        take_in(each.arrival.pk, now=now)

    arrivals = {row.pk: row for row in Arrival.objects.select_related("raw_blob", "message__case")}
    assert len(raws) >= 200
    failed = []
    for file, each in stored.items():
        arrival = arrivals[each.arrival.pk]
        same_body = raws[file].replace(b"\r\n", b"\n").partition(b"\n\n")[2].rstrip() in read_bytes(
            arrival.raw_blob
        ).replace(b"\r\n", b"\n")
        is_seen = arrival.message is not None or arrival.fate in {Fate.LOOP, Fate.BOUNCE}
        if arrival.fate == Fate.STORED or not is_seen or not same_body or arrival.reason_code == "taking_in_failed":
            failed.append((str(file.relative_to(CORPUS)), arrival.fate, arrival.reason_code))
        if arrival.fate == Fate.QUARANTINED and not arrival.message.case.hold:
            failed.append((str(file.relative_to(CORPUS)), "not held"))
    assert failed == []
    assert Case.objects.exclude(hold="").count() >= 1


def test_what_the_expectations_name_is_in_the_message(mailbox, now):
    base = CORPUS / "imap_tools/tests/messages_data"
    pairs = [
        (expected, CORPUS / "imap_tools/tests/messages" / expected.relative_to(base).with_name(f"{name}.eml"))
        for expected in sorted(base.rglob("*.expected.json"))
        if (name := expected.name.removesuffix(".expected.json"))
    ]
    different = []
    for expected_file, file in pairs:
        expected = json.loads(expected_file.read_text())
        arrival = store(mailbox=mailbox, raw=file.read_bytes(), source=Source.IMPORT, now=now).arrival
        take_in(arrival.pk, now=now)
        arrival.refresh_from_db()
        if arrival.message is None:
            different.append((file.name, arrival.fate))
            continue
        names = {part["filename"] for part in expected.get("attachments", []) if part.get("filename")}
        kept = set(arrival.message.attachments.values_list("name", flat=True))
        forwards = any(name.endswith(".eml") for name in kept)  # an embedded mail stays whole, with its own files
        if len(names) > len(kept) and not forwards:
            different.append((file.name, sorted(names), sorted(kept)))
        wanted = (expected.get("from_") or "").lower()
        if "@" in wanted and arrival.fate == Fate.TAKEN_IN and arrival.message.sender_mail.lower() not in wanted:
            different.append((file.name, wanted, arrival.message.sender_mail))
    assert len(pairs) > 20
    assert different == []
