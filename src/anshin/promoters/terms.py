"""Words of the promoters room, and the values that its actions take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VALID_DAYS = 183
"""How long a check holds: half a year, for followers can be bought at any time. The shop's caution, no law's."""
MOST_FOLLOWERS = 2_000_000_000
LONGEST_ADDRESS = 400
LONGEST_WORDS = 1000


class Platform(TextChoices):
    """Where a promoter publishes."""

    INSTAGRAM = "instagram", "Instagram"
    YOUTUBE = "youtube", "YouTube"
    TIKTOK = "tiktok", "TikTok"
    X = "x", _("X (Twitter)")
    BLOG = "blog", _("Blog")
    OTHER = "other", _("Something else")


class Verdict(TextChoices):
    """What a check of a promoter's followers came to."""

    VERIFIED = "verified", pgettext_lazy("promoter", "Verified")
    UNVERIFIED = "unverified", pgettext_lazy("promoter", "Not verified")
    PASSED_OVER = "passed_over", pgettext_lazy("promoter", "Passed over")


class Standing(TextChoices):
    """What holds of a promoter on a day: without a check, or after it has run out, nobody is verified."""

    VERIFIED = "verified", pgettext_lazy("promoter", "Verified")
    UNVERIFIED = "unverified", pgettext_lazy("promoter", "Not verified")
    PASSED_OVER = "passed_over", pgettext_lazy("promoter", "Passed over")


class Reason(TextChoices):
    """Why a promoter was not verified, or was passed over."""

    BOUGHT_FOLLOWERS = "bought_followers", _("Followers look bought")
    FEWER_FOLLOWERS = "fewer_followers", _("Far fewer followers than stated")
    FEW_REACTIONS = "few_reactions", _("Too few reactions for so many followers")
    ODD_REACTIONS = "odd_reactions", _("Reactions do not look as if people wrote them")
    NOT_THEIR_OWN = "not_their_own", _("It is not sure that the account is theirs")
    FIGURES_WITHHELD = "figures_withheld", _("Does not show the platform’s own figures")
    HIDES_ADVERTISING = "hides_advertising", _("Earlier posts hide that they are advertising")
    UNFIT = "unfit", _("Does not suit the shop or its products")
    OTHER = "other", _("Another reason, in words")


class Disclosure(TextChoices):
    """With which words a post says that it is advertising.

    Source: 令和5年内閣府告示第19号 (in force since 2023-10-01) and its 運用基準, 消費者庁, 2023-03-28,
    https://www.caa.go.jp/notice/entry/032672/ (read 2026-11-27).
    """

    PR = "pr", _("“PR”")
    AD = "ad", _("“広告” (advertisement)")
    PUBLICITY = "publicity", _("“宣伝” (publicity)")
    PROMOTION = "promotion", _("“プロモーション” (promotion)")
    PROVIDED = "provided", _("A sentence that the shop provided the product")


class Seen(TextChoices):
    """Whether the words that were agreed stand in the published post."""

    NOT_LOOKED = "not_looked", _("Nobody has looked yet")
    SHOWN = "shown", _("The words stand there")
    MISSING = "missing", _("The words are missing")


@dataclass(frozen=True, slots=True)
class Looked:
    """One check as it is written down. `reactions` per post, of `posts` posts: both, or neither."""

    account_id: int
    followers: int
    posts: int | None
    reactions: int | None
    evidence: str
    verdict: str
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """One sample as it is written down. `sku` is the shop's own number of the product."""

    sku: str
    sent_on: date
    disclosure: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """What became of a sample: where it was published, when, and whether the agreed words stand there."""

    address: str
    posted_on: date
    seen: str
