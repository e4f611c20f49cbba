"""What planted rows must hold beyond a mark and a number: values that constraints and pages ask for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from typing import Any

from django.db import models
from PIL import Image

from anshin.cases.models import Counter
from anshin.shops.models import Membership, Person
from anshin.shops.terms import Role

COUNTED = ("due", "snoozed", "closed", "spam")
NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Planted:
    """A shop of the outsider test: the one number of all its rows, and the mark that all its texts carry."""

    slug: str
    number: int
    mark: str

    @property
    def key(self) -> str:
        """The word under which whatever has a word instead of a number is found."""
        return f"key-{self.number}"

    @property
    def mail(self) -> str:
        """A mail address."""
        return f"{self.mark}@{self.slug}.example"


def its(planted: Planted) -> int:
    """The row of the other table."""
    return planted.number


def _other(planted: Planted) -> int:
    """A second row of a table, where one has to be somebody else's."""
    return planted.number + 1


def more_rows(planted: Planted) -> Iterator[models.Model]:
    """What one row in every table is too little for: a colleague, and counters of every heap that a case may leave."""
    other, shop_id = _other(planted), planted.number
    yield Person(pk=other, email=f"other-{planted.mail}", name=planted.mark)
    yield Membership(pk=other, shop_id=shop_id, person_id=other, role=Role.MANAGER, created_at=NOW)
    for place, status in enumerate(COUNTED, start=1):
        yield Counter(pk=planted.number + place, shop_id=shop_id, status=status, count=9)


def picture(planted: Planted) -> bytes:
    """A small picture, as we draw them ourselves; another shop's differs in its one colour."""
    out = BytesIO()
    Image.new("RGB", (8, 8), (planted.number % 251, 90, 90)).save(out, "WEBP")
    return out.getvalue()


def _sha256(planted: Planted) -> str:
    return hashlib.sha256(picture(planted)).hexdigest()


Shape = Mapping[str, Callable[[Planted], Any] | Any]
_MOMENT = NOW.isoformat()
_LATER = NOW.date() + timedelta(days=100)
SHAPES: Mapping[str, Shape] = {
    "files.Blob": {"sha256": _sha256, "size_bytes": lambda planted: len(picture(planted)), "kind": "image/webp"},
    "files.Thumbnail": {"longest_side_px": 480, "made": its},
    "journal.JournalEntry": {"actor_kind": "staff", "actor_id": its, "event": "case.opened", "case_id": its},
    "shops.Shop": {"slug": lambda planted: planted.slug, "order_formats": ["KM-#####"]},
    "shops.Person": {"joined_at": NOW},
    "shops.OpeningHours": {"opens": time(9, 0), "closes": time(18, 0)},
    "commerce.Order": {"customer": its},
    "commerce.OrderImport": {"rows_refused": 1},
    "commerce.Refund": {"proof": its, "proof_name": lambda planted: planted.mark, "customer": its, "way": "bank"},
    "cases.RetentionPeriod": {"days": 365},
    "cases.Case": {"customer": its},
    "cases.Message": {"html_blob": its, "raw_blob": its},
    "cases.Reveal": {"until_at": NOW + timedelta(minutes=10)},
    "cases.Counter": {"status": "open", "count": 9},
    "cases.BounceReport": {"raw_blob": its},
    "replies.Macro": {"texts": lambda planted: {"ja": planted.mark}},
    "replies.MacroVersion": {
        "content": lambda planted: {
            "name": planted.mark, "topics": [], "texts": {}, "closes_with": "", "adds_tags": [],
        },
    },
    "routing.Skill": {"kind": "word"},
    "routing.Escalation": {
        "summary": lambda planted: {
            "customer": planted.mark, "orders": [], "topics": [], "opened_at": _MOMENT, "message_count": 1,
            "asked": planted.mark, "asked_at": _MOMENT, "answered": "", "answered_at": "", "promises": [], "files": [],
            "due_at": "",
        },
    },
    "email.Mailbox": {"sign_in": "google"},
    "email.MailAlert": {"facts": {"since": _MOMENT, "trouble": ""}},
    "delivery.PackingRecord": {"photo": its},
    "delivery.PackingImport": {"rows_refused": 1},
    "delivery.EvidenceFile": {"kind": "arrived"},
    "delivery.Snapshot": {
        "facts": lambda planted: {
            "shop_name": planted.mark, "number": planted.mark, "channel": "", "ordered_at": _MOMENT,
            "cancelled_at": None, "buyer_name": planted.mark, "recipient_name": "", "recipient_postcode": "",
            "recipient_address": "", "recipient_phone": "", "lines": [], "payments": [], "parcels": [],
            "shipping_yen": 0, "fee_yen": 0,
            "discount_yen": 0, "total_yen": 0,
        },
    },
    "returns.Return": {
        "customer": its, "approval": "approved", "parcel": "awaited", "inspection": "not_yet", "money": "not_yet",
        "exchange": "none", "verdict": "allowed", "wish": "refund", "payer": "shop", "waits_for": "customer",
    },
    "returns.Step": {"axis": "approval", "state": "approved"},
    "returns.Settlement": {"refund": its},
    "returns.BulkRun": {"file": its},
    "safety.Advisory": {
        "origin": "hand", "agency": "meti", "source_url": "https://source.example/", "source_read_on": NOW.date(),
        "hazard_class": "danger", "hazard_type": "fire", "severity": "serious", "state": "released", "number": its,
        "released_at": NOW, "publish_at": NOW, "approved_by": _other, "approved_at": NOW, "picture": its,
    },
    "safety.PersonToTell": {"way": "by_phone"},
    "safety.LetterBundle": {"letters": 1},
    "promoters.Promoter": {"verdict": "verified", "verified_until": _LATER},
    "promoters.Account": {"address": lambda planted: f"https://social.example/{planted.mark}"},
    "promoters.Verification": {"valid_from": NOW.date(), "valid_until": _LATER},
    "promoters.Sample": {
        "valid_from": NOW.date(), "valid_until": _LATER, "sent_on": NOW.date(), "posted_on": NOW.date(),
        "post_address": lambda planted: f"https://social.example/p/{planted.mark}", "seen": "shown",
    },
    "integrations.Webhook": {"types": ["case.created"]},
    "integrations.Telling": {"type": "case.created"},
}  # fmt: skip
