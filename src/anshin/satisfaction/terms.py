"""Words of the satisfaction room: five answers, and why a customer is not asked."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Score(IntegerChoices):
    """How a customer felt helped; 4 and 5 count as satisfied (CSAT, the usual top-two share)."""

    VERY_BAD = 1, _("Very dissatisfied")
    BAD = 2, _("Dissatisfied")
    FAIR = 3, _("Neither")
    GOOD = 4, _("Satisfied")
    VERY_GOOD = 5, _("Very satisfied")


class NotAsked(TextChoices):
    """Why the customer of a finished case is not asked."""

    NOT_FINISHED = "not_finished", _("The case is open again")
    NO_ANSWER = "no_answer", _("We wrote nothing to the customer")
    NO_ADDRESS = "no_address", _("Mail does not reach the customer")
    UNFIT = "unfit", _("The case is about something after which one does not ask")
    ASKED_LATELY = "asked_lately", _("The same customer was asked a short time ago")
    SWITCHED_OFF = "switched_off", _("The question was switched off meanwhile")


class Filter(TextChoices):
    """Which answers a list shows."""

    ALL = "all", _("All")
    LOW = "low", _("Dissatisfied")
    WORDS = "words", _("With words")


FEWEST_HOURS, MOST_HOURS = 0, 14 * 24
LONGEST_COMMENT = 2000
"""Characters of what a customer adds."""
SATISFIED = (Score.GOOD, Score.VERY_GOOD)
DISSATISFIED = (Score.VERY_BAD, Score.BAD)
LANGUAGES = {"ja": "日本語", "en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "ko": "한국어"}
"""In which customers are asked, each by its own name."""
