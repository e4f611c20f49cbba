"""Words of what was out of the ordinary in a message that came."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Remark(TextChoices):
    """What was out of the ordinary in a message that came, as a sentence for the person who reads it."""

    EMPTY = "empty", _("This mail is empty. Ask the sender to write again if you know who it was.")
    NO_HEADERS = "no_headers", _("What arrived does not look like a mail. Its beginning is shown as it came.")
    NO_SENDER = "no_sender", _("This mail names no sender. To answer, enter an address yourself.")
    READER_FAILED = "reader_failed", _("We could not read this mail. What we could make out is shown below.")
    TAKING_IN_FAILED = "taking_in_failed", _("We could not take this mail in as usual. Its text is shown below.")
    BYTES_DAMAGED = "bytes_damaged", _("The kept original of this mail is damaged. Restore it from a backup.")
    OVERSIZE = "oversize", _("This mail is larger than 50 MB, so only its beginning was fetched.")
    UNFETCHABLE = "unfetchable", _("The mail server did not hand this mail out. Look for it in the mailbox itself.")
    CONNECTION_BREAKS = "connection_breaks", _("The connection always broke at this mail. Look in the mailbox itself.")
    NO_MESSAGE_ID = "message_id_missing", _("The sender’s software gave this mail no identification (Message-ID).")
    ODD_DATE = "date_odd", _("The date in this mail (%(about)s) cannot be right. The time of arrival is shown.")
    TOO_MANY_PARTS = "too_many_parts", _("This mail has more than 1,000 parts. The rest is kept as one last file.")
    NESTED_TOO_DEEP = "nested_too_deep", _("Parts lie over 40 deep in each other. The innermost are kept as a file.")
    TEXT_TOO_LONG = "text_too_long", _("The text is longer than 2 MB. Its beginning is shown, the whole is a file.")
    TEXT_DAMAGED = "text_damaged", _("Some characters were damaged on the way and are shown as �.")
    SUBJECT_DAMAGED = "encoded_word_damaged", _("Subject or names were damaged on the way.")
    HEADER_TOO_LONG = "header_too_long", _("A line at the head of this mail is far too long. Its beginning is shown.")
    TOO_MANY_HEADERS = "too_many_headers", _("The head of this mail has thousands of lines; the last are not shown.")
    NUL_IN_HEADER = "nul_in_header", _("The head of this mail holds a forbidden character, shown as �.")
    UNPACKS_ENORMOUSLY = "zip_bomb", _("Do not open “%(about)s”. Unpacked it becomes enormous (a zip bomb).")
    ARCHIVES_INSIDE = "archives_inside", _("“%(about)s” holds compressed files in a compressed file. Open with care.")


HELD_BECAUSE = frozenset(
    {
        Remark.EMPTY,
        Remark.NO_HEADERS,
        Remark.NO_SENDER,
        Remark.READER_FAILED,
        Remark.TAKING_IN_FAILED,
        Remark.BYTES_DAMAGED,
        Remark.OVERSIZE,
        Remark.UNFETCHABLE,
        Remark.CONNECTION_BREAKS,
    }
)
"""Remarks for which a person must look at a message before it counts as an ordinary one."""

ONLY_BEGINNING = frozenset({Remark.OVERSIZE, Remark.UNFETCHABLE, Remark.CONNECTION_BREAKS})
"""Remarks of messages of which only the beginning is here: reading them again is useless."""
