"""Words of what is taken out: struck, erased, or kept for a period only."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StrikeReason(TextChoices):
    """Why something was struck out."""

    NUMBER = "number", _("A card number or My Number")
    WRONG_PERSON = "wrong_person", _("It was meant for somebody else")
    ASKED = "asked", _("The customer asked for it")
    OTHER = "other", _("Another reason")


class Unseen(TextChoices):
    """Why nobody could look into all of a file for numbers that should not be kept; as plumbing.documents names it."""

    LOCKED = "locked", _("locked with a password")
    DAMAGED = "damaged", _("damaged")
    TOO_LARGE = "too_large", _("too large or too complicated")
    KIND = "kind", _("a kind of file into which Anshin cannot look")
    PICTURES = "pictures", _("it has pages of pictures, or files of its own")


class ErasureGround(TextChoices):
    """Why a customer is erased. Source: 個人情報保護法 (平成15年法律第57号) 第35条, 第22条; e-Gov, read 2026-11-26."""

    REQUEST = "request", _("The person asked for it (APPI, article 35)")
    NO_NEED = "no_need", _("The data are no longer needed (APPI, article 22)")
    PERIOD = "period", _("Kept for long enough, as set by the owner (APPI, article 22)")
    OTHER = "other", _("Another reason")


class RetentionPurpose(TextChoices):
    """What is kept for a period only; each with the moment from which it counts."""

    ORIGINALS = "originals", _("Raw mails and files of closed cases")
    FILES = "files", _("Files that came with closed cases")
    REPORTS = "reports", _("Reports about mail that came back, of closed cases")
    COPIES = "copies", _("Contact forms as they were sent, of closed cases")
    TEXTS = "texts", _("Texts, names and notes of closed cases")
    CUSTOMERS = "customers", _("Customers without an open case or a new order")
    SPAM = "spam", _("Cases in the spam folder")


class PlaceKind(TextChoices):
    """Where something stands that is to be struck out."""

    TEXT = "text", _("Text of a message")
    SUBJECT = "subject", _("Subject or name")
    HTML = "html", _("Mail as designed")
    RAW = "raw", _("Mail as it came")
    FILE = "file", _("File")
    NOTE = "note", _("Note")
    DRAFT = "draft", _("Draft")
    FORM = "form", _("Contact form")
    LEDGER = "ledger", _("Mail outside of cases")
    ORDER = "order", _("Remark of an order")
    ORDER_FILE = "order_file", _("Imported order file")
    SURVEY = "survey", _("Words beside an answer to a survey")
    TROUBLE = "trouble", _("Words and files of a trouble with a delivery")
    RETURN = "return", _("Words and photos of a return")
    PROMISE = "promise", _("Sentence in the list of promises")
