"""Words of the safety room: what an advisory says, where it stands, whom it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LANGUAGES: Final = ("ja", "en", "zh-Hans", "zh-Hant", "ko")
"""Languages in which a notice is written."""
REMIND_EVERY_DAYS: Final = 14
REMIND_MOST: Final = 3
"""How often whoever has not answered is reminded where nobody said otherwise: every so many days, at most so often."""


class AdvisoryState(TextChoices):
    """Where an advisory stands. Until it is released it is sealed: it exists only for those named on it."""

    DRAFT = "draft", pgettext_lazy("advisory", "Sealed, being written")
    APPROVED = "approved", pgettext_lazy("advisory", "Sealed, approved")
    RELEASED = "released", pgettext_lazy("advisory", "Released")
    WITHDRAWN = "withdrawn", pgettext_lazy("advisory", "Withdrawn")
    CLOSED = "closed", pgettext_lazy("advisory", "Closed")

    @property
    def is_sealed(self) -> bool:
        """Whether nobody but those named may learn of it."""
        return self in {AdvisoryState.DRAFT, AdvisoryState.APPROVED}


class Origin(TextChoices):
    """How an advisory began."""

    HAND = "hand", pgettext_lazy("origin", "Entered by hand")
    CASE = "case", pgettext_lazy("origin", "From a case")
    FEED = "feed", pgettext_lazy("origin", "From a publisher’s list")
    INSIDE = "inside", pgettext_lazy("origin", "From the shop’s own returns and cases")


class HazardClass(TextChoices):
    """Whether somebody has been hurt (危害), or may be (危険); requirement 6."""

    HARM = "harm", pgettext_lazy("hazard", "Injury has happened")
    DANGER = "danger", pgettext_lazy("hazard", "Danger")


class HazardType(TextChoices):
    """What happens to people or things."""

    FIRE = "fire", pgettext_lazy("hazard", "Fire or smoke")
    BURN = "burn", pgettext_lazy("hazard", "Burn")
    ELECTRIC = "electric", pgettext_lazy("hazard", "Electric shock")
    EXPLOSION = "explosion", pgettext_lazy("hazard", "Bursting or explosion")
    CUT = "cut", pgettext_lazy("hazard", "Cut or pinch")
    FALL = "fall", pgettext_lazy("hazard", "Fall or toppling")
    CHOKING = "choking", pgettext_lazy("hazard", "Choking or swallowing")
    POISON = "poison", pgettext_lazy("hazard", "Poisoning, gas")
    SKIN = "skin", pgettext_lazy("hazard", "Skin trouble")
    FOOD = "food", pgettext_lazy("hazard", "Food: allergen, germs, foreign matter")
    OTHER = "other", pgettext_lazy("hazard", "Another hazard")


class Severity(TextChoices):
    """How bad it may end."""

    DEADLY = "deadly", pgettext_lazy("severity", "May kill")
    SERIOUS = "serious", pgettext_lazy("severity", "May injure badly")
    MEDIUM = "medium", pgettext_lazy("severity", "May injure")
    MINOR = "minor", pgettext_lazy("severity", "Small injuries")


class RemedyKind(TextChoices):
    """What the buyer gets."""

    REFUND = "refund", pgettext_lazy("remedy", "Money back")
    EXCHANGE = "exchange", pgettext_lazy("remedy", "Exchange")
    REPAIR = "repair", pgettext_lazy("remedy", "Repair or inspection")
    PART = "part", pgettext_lazy("remedy", "A part is sent")
    NONE = "none", pgettext_lazy("remedy", "None; caution only")


class ProductTrouble(TextChoices):
    """Why a product as it was typed cannot be meant."""

    NAMELESS = "nameless", _("Name the product: by name, GTIN, product number or model number.")
    GTIN = "gtin", _("The GTIN (JAN) is mistyped: its check digit does not fit.")
    DAYS = "days", _("The last day of sale lies before the first.")
    LOTS = "lots", _("A range of lots needs its first and its last lot; write a single lot twice.")


class MatchReason(TextChoices):
    """Why a product of the shop may be the one that is meant."""

    GTIN = "gtin", _("Same GTIN")
    SKU = "sku", _("Same product number")
    MODEL = "model", _("Same model number")
    NAME = "name", _("Similar name")
    HAND = "hand", pgettext_lazy("match", "Chosen by hand")


class MatchState(TextChoices):
    """What a person said of a match."""

    PROPOSED = "proposed", pgettext_lazy("match", "To be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("match", "Confirmed")
    REJECTED = "rejected", pgettext_lazy("match", "Not this one")


class LookedAt(TextChoices):
    """What of an advisory somebody looked at."""

    ADVISORY = "advisory", pgettext_lazy("looked at", "The advisory")
    AUDIENCE = "audience", pgettext_lazy("looked at", "Whom it reaches")
    MAILS = "mails", pgettext_lazy("looked at", "The mails")
    PAGE = "page", pgettext_lazy("looked at", "The notice on the page")
    FILE = "file", pgettext_lazy("looked at", "A saved list")


class MailRound(TextChoices):
    """Which mail of an advisory it is."""

    FIRST = "first", pgettext_lazy("safety mail", "Notice")
    REMINDER = "reminder", pgettext_lazy("safety mail", "Reminder")
    CORRECTION = "correction", pgettext_lazy("safety mail", "Correction")
    WITHDRAWAL = "withdrawal", pgettext_lazy("safety mail", "Withdrawal")


class MailState(TextChoices):
    """Where one safety mail stands. `unsure`: the server was asked and nobody knows whether it took the mail.
    `dropped`: it was written and is not to leave any more."""

    WAITING = "waiting", pgettext_lazy("safety mail", "Waiting")
    SENDING = "sending", pgettext_lazy("safety mail", "Being sent")
    SENT = "sent", pgettext_lazy("safety mail", "Sent")
    DEFERRED = "deferred", pgettext_lazy("safety mail", "To be tried again")
    FAILED = "failed", pgettext_lazy("safety mail", "Refused by the mail server")
    UNSURE = "unsure", pgettext_lazy("safety mail", "Perhaps sent")
    BOUNCED = "bounced", pgettext_lazy("safety mail", "Came back")
    DROPPED = "dropped", pgettext_lazy("safety mail", "Not to be sent any more")


class Recipient(TextChoices):
    """Kinds of buyers whose mails differ, for the rehearsal."""

    SHOP = "shop", pgettext_lazy("recipient", "Bought in the shop")
    MARKET = "market", pgettext_lazy("recipient", "Bought on a marketplace")
    GIFT = "gift", pgettext_lazy("recipient", "Sent as a gift")
    SEVERAL = "several", pgettext_lazy("recipient", "Several orders")


class Standing(TextChoices):
    """Whether a buyer of an affected product is told, and if not, why."""

    BY_MAIL = "by_mail", pgettext_lazy("audience", "By mail")
    BY_PHONE = "by_phone", pgettext_lazy("audience", "By telephone")
    BY_LETTER = "by_letter", pgettext_lazy("audience", "By letter")
    UNREACHABLE = "unreachable", pgettext_lazy("audience", "No way to reach")
    CANCELLED = "cancelled", pgettext_lazy("audience", "Cancelled before it left")
    RETURNED = "returned", pgettext_lazy("audience", "Has sent it back")

    @property
    def is_told(self) -> bool:
        """Whether this buyer counts among those who have to be told."""
        return self not in {Standing.CANCELLED, Standing.RETURNED}


class Answer(TextChoices):
    """What a buyer says on the page of the notice."""

    STOPPED = "stopped", pgettext_lazy("answer", "I have stopped using it")
    NEVER_GOT = "never_got", pgettext_lazy("answer", "I never got it")
    GAVE_AWAY = "gave_away", pgettext_lazy("answer", "I gave it to somebody else")
    THREW_AWAY = "threw_away", pgettext_lazy("answer", "I have thrown it away")
    WANTS_REMEDY = "wants_remedy", pgettext_lazy("answer", "I want the remedy")


CALL_LASTS = timedelta(minutes=20)
"""How long a person counts as being called after somebody has said so and written nothing down."""
LATEST_NEXT_TRY = timedelta(days=30)


class TellState(TextChoices):
    """Where a buyer stands whom no mail reaches."""

    OPEN = "open", pgettext_lazy("to be told", "Still to be told")
    TOLD = "told", pgettext_lazy("to be told", "Told")
    DROPPED = "dropped", pgettext_lazy("to be told", "Not to be told any more")


class Outcome(TextChoices):
    """What came of a call or a letter. The first three tell; the others leave somebody still to be told."""

    ANSWERED = "answered", pgettext_lazy("outcome", "Told, and answered")
    TOLD = "told", pgettext_lazy("outcome", "Told, no answer yet")
    POSTED = "posted", pgettext_lazy("outcome", "Letter posted")
    NO_ONE = "no_one", pgettext_lazy("outcome", "Nobody picked up")
    WRONG = "wrong", pgettext_lazy("outcome", "Wrong number")
    RETURNED = "returned", pgettext_lazy("outcome", "Letter came back")

    @property
    def tells(self) -> bool:
        """Whether the person knows now."""
        return self in {Outcome.ANSWERED, Outcome.TOLD, Outcome.POSTED}


@dataclass(frozen=True, slots=True)
class CameBack:
    """A report that a mail did not arrive. `message_keys`: bare Message-IDs it may be about, none where the report says
    nothing; `kind` is a code of commerce.terms.BounceKind; not `is_final`: it is still tried."""

    message_keys: tuple[str, ...]
    address: str
    kind: str
    is_final: bool
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Affected:
    """A product as the publisher names it; at least one of the first four is filled. `lots`: ranges, both ends in."""

    name: str = ""
    gtin: str = ""
    sku: str = ""
    model_number: str = ""
    lots: tuple[tuple[str, str], ...] = ()
    sold_from: date | None = None
    sold_to: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so, entered once. `publish_at` is a moment with an offset, told in `publish_zone` (IANA)."""

    title: str
    hazard_class: HazardClass
    hazard_type: HazardType
    severity: Severity
    agency: str = ""
    source_url: str = ""
    source_read_on: date | None = None
    products: tuple[Affected, ...] = ()
    stop_using: bool = True
    must_come_back: bool = False
    remedy: RemedyKind = RemedyKind.NONE
    contact_name: str = ""
    contact_phone: str = ""
    contact_mail: str = ""
    contact_hours: str = ""
    publish_at: datetime | None = None
    publish_zone: str = "Asia/Tokyo"
    lead_language: str = "ja"
    picture: int | None = None  # id of a file of the shop, redrawn by us


@dataclass(frozen=True, slots=True)
class Words:
    """How it is said in one language."""

    product: str
    heading: str
    hazard: str
    what_to_do: str
    affected: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Facts and words as they were approved: what page and mail are drawn from. `version` is that of the facts."""

    version: int
    facts: Facts
    words: Mapping[str, Words]

    def language_for(self, language: str) -> str:
        """The language itself where it was written, else the lead language, which always is."""
        return language if language in self.words else self.facts.lead_language

    @property
    def missing(self) -> tuple[str, ...]:
        """Languages for which the lead language stands in."""
        return tuple(language for language in LANGUAGES if language not in self.words)


class FeedKind(TextChoices):
    """In which form a publisher's list comes."""

    RSS = "rss", pgettext_lazy("feed", "RSS or Atom")
    CSV = "csv", pgettext_lazy("feed", "CSV or TSV table")
    CPSC = "cpsc", pgettext_lazy("feed", "CPSC recalls (United States), JSON")
    SAFETY_GATE = "safety_gate", pgettext_lazy("feed", "EU Safety Gate export, JSON")
    OPENFDA = "openfda", pgettext_lazy("feed", "openFDA enforcement reports (United States), JSON")

    @property
    def is_mapped(self) -> bool:
        """Whether a person may say which column or element means what."""
        return self in {FeedKind.RSS, FeedKind.CSV}


class FeedField(TextChoices):
    """What a column or element of a publisher's list may mean."""

    SOURCE_ID = "source_id", pgettext_lazy("feed", "Publisher’s number")
    TITLE = "title", pgettext_lazy("feed", "Title")
    URL = "url", pgettext_lazy("feed", "Web address")
    PUBLISHED = "published", pgettext_lazy("feed", "Published on")
    AGENCY = "agency", pgettext_lazy("feed", "Publisher")
    PRODUCT = "product", pgettext_lazy("feed", "Product")
    MODEL = "model", pgettext_lazy("feed", "Model number")
    GTIN = "gtin", pgettext_lazy("feed", "GTIN (JAN)")
    LOTS = "lots", pgettext_lazy("feed", "Lots or serial numbers")
    HAZARD = "hazard", pgettext_lazy("feed", "Hazard")
    WHAT_TO_DO = "what_to_do", pgettext_lazy("feed", "What to do")
    REMEDY = "remedy", pgettext_lazy("feed", "Remedy")
    CONTACT = "contact", pgettext_lazy("feed", "Contact")


class FeedTrouble(TextChoices):
    """Why a publisher's list could not be had or read."""

    FORBIDDEN = "forbidden", pgettext_lazy("feed", "The address is not open to everybody")
    UNREACHABLE = "unreachable", pgettext_lazy("feed", "The server cannot be reached")
    CERTIFICATE = "certificate", pgettext_lazy("feed", "The server’s certificate is not valid")
    TOO_SLOW = "too_slow", pgettext_lazy("feed", "The server does not answer in time")
    TOO_LARGE = "too_large", pgettext_lazy("feed", "The answer is too large")
    STATUS = "status", pgettext_lazy("feed", "The server answers with an error")
    NOT_A_FEED = "not_a_feed", pgettext_lazy("feed", "What came is no such list")


class ItemState(TextChoices):
    """What became of one entry of a publisher's list. That a notice was begun from it is known only to its insiders."""

    NEW = "new", pgettext_lazy("feed item", "New")
    MATCHED = "matched", pgettext_lazy("feed item", "May be ours")
    PUT_ASIDE = "put_aside", pgettext_lazy("feed item", "Put aside")
    UNREADABLE = "unreadable", pgettext_lazy("feed item", "Not understood")


class AsideReason(TextChoices):
    """Why an entry was put aside."""

    UNSOLD = "unsold", pgettext_lazy("feed item", "No product of the shop has its name, model number or GTIN")
    OTHER_PRODUCT = "other_product", pgettext_lazy("feed item", "Another product than ours")
    NO_HAZARD = "no_hazard", pgettext_lazy("feed item", "Not about safety")
    KNOWN = "known", pgettext_lazy("feed item", "Dealt with already")
    OTHER = "other", pgettext_lazy("feed item", "Another reason")


class SignKind(TextChoices):
    """What in the shop's own work points to an accident."""

    INJURY = "injury", pgettext_lazy("sign", "A customer writes of an injury or illness")
    FIRE = "fire", pgettext_lazy("sign", "A customer writes of fire, smoke or gas")
    DEFECT = "defect", pgettext_lazy("sign", "It comes back as defective too often")


class WarningState(TextChoices):
    """What became of an early warning."""

    OPEN = "open", pgettext_lazy("early warning", "To be judged")
    REPORTED = "reported", pgettext_lazy("early warning", "Reported")
    NOT_SERIOUS = "not_serious", pgettext_lazy("early warning", "Not a serious product accident")


class ReportedTo(TextChoices):
    """To whom an accident was reported."""

    CAA = "caa", pgettext_lazy("reported to", "Consumer Affairs Agency (as maker or importer)")
    MAKER = "maker", pgettext_lazy("reported to", "Maker or importer (as retailer)")
    NITE = "nite", pgettext_lazy("reported to", "NITE (not a serious accident)")
