"""Words of the visits room: how a customer came in, and why a hand-over by the shop's own site was refused."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LANGUAGES: Final = {"ja": "日本語", "en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "ko": "한국어"}
"""In which customers are spoken to, each by its own name."""
CODE_DIGITS: Final = 6
CODE_LASTS: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
"""Wrong codes after which the right one is refused, too."""
IDLE_ENDS: Final = timedelta(minutes=30)
VISIT_ENDS: Final = timedelta(hours=12)
HAND_OVER_LASTS: Final = timedelta(minutes=10)
"""How far ahead the end of a hand-over may lie."""
FEWEST_REMINDER_DAYS, MOST_REMINDER_DAYS = 1, 14
MOST_PHOTOS: Final = 6
DRAFT_KEPT: Final = timedelta(days=30)
LONGEST_WORDS: Final = 2000
LONGEST_WANTED: Final = 200


class CameBy(TextChoices):
    """How a customer proved who they are."""

    CODE = "code", _("Code by mail")
    HAND_OVER = "hand_over", _("Signed in at the shop’s own site")


class HandOverFault(TextChoices):
    """Why a hand-over by the shop's own site was refused."""

    NOT_SET_UP = "not_set_up", _("The shop has no key for handing over")
    BROKEN = "broken", _("Not signed with the shop’s key")
    INCOMPLETE = "incomplete", _("Something is missing in it")
    OTHER_SHOP = "other_shop", _("Made for another shop")
    OVER = "over", _("Its time is over")
    TOO_LONG = "too_long", _("Made for longer than ten minutes")
    USED = "used", _("Used before")
    UNKNOWN = "unknown", _("Nobody with this mail address has ordered")


@dataclass(frozen=True, slots=True)
class HandOver:
    """What a signed hand-over says. `ends` in seconds since 1970; `nonce` is used once."""

    shop: str
    mail: str
    ends: int
    nonce: str


@dataclass(frozen=True, slots=True)
class TermsQuestion:
    """Of which order, or of a basket with which products' numbers, the lines about returns are wanted."""

    order: str
    skus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """The lines about returns for an order confirmation, and the version of the policy they are from; both "" where
    none is in force."""

    text: str
    policy: str


@dataclass(frozen=True, slots=True)
class Part:
    """So many pieces of one position of the order, with what the customer told about them: reason, sub-reason,
    condition and wish are codes of the returns room, "" while not told. `key` names the part within its draft."""

    key: int
    position: int
    quantity: int
    reason: str = ""
    sub_reason: str = ""
    condition: str = ""
    accessories: tuple[str, ...] = ()
    wish: str = ""
    wanted: str = ""

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Part":
        """The part as a draft keeps it."""
        return cls(**(stored | {"accessories": tuple(stored.get("accessories", ()))}))

    def stored(self) -> dict[str, Any]:
        """What `read` takes."""
        return asdict(self) | {"accessories": list(self.accessories)}


class DraftFault(TextChoices):
    """What is missing or wrong in a request for a return, before it is sent."""

    NO_ITEM = "no_item", _("No item was chosen")
    TOO_MANY = "too_many", _("More than was bought, or than is left")
    NO_REASON = "no_reason", _("No reason was chosen")
    NO_SUB_REASON = "no_sub_reason", _("It was not said what differs from the picture")
    NO_CONDITION = "no_condition", _("It was not said whether it was used")
    NO_PHOTO = "no_photo", _("A photo is needed")
    NO_WISH = "no_wish", _("No wish was chosen")
    NO_VARIANT = "no_variant", _("It was not said for what to exchange")


class PhotoFault(TextChoices):
    """Why a photo was not kept, or what is to be known about it."""

    TOO_LARGE = "too_large", _("The photo is too large")
    NOT_A_PHOTO = "not_a_photo", _("This is no photo")
    BROKEN = "broken", _("The photo is damaged")
    TOO_MANY = "too_many", _("There are photos enough")
    KEPT_UNSEEN = "kept_unseen", _("Kept, but the browser cannot show it (HEIC)")
