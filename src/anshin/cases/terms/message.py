"""Words of a message: its direction, where an outgoing one stands, what holds an incoming one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Direction(TextChoices):
    IN = "in", _("From the customer")
    OUT = "out", _("To the customer")


class Delivery(TextChoices):
    """Where an outgoing message stands. `received` is every incoming one."""

    RECEIVED = "received", _("Received")
    HELD = "held", _("Leaves in a moment")
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being handed over")
    SENT = "sent", _("Sent")
    DEFERRED = "deferred", _("Will be tried again")
    BOUNCED = "bounced", _("Came back")
    FAILED = "failed", _("Could not be sent")
    UNSURE = "unsure", _("Not known whether it left")
    TAKEN_BACK = "taken_back", _("Taken back")
    PAUSED = "paused", _("Stopped: the customer wrote first")
    APPROVAL = "approval", _("Waits for approval")


class Hold(TextChoices):
    """Why an incoming mail needs a person before it counts as an ordinary message."""

    NONE = "", _("Nothing")
    UNREADABLE = "unreadable", _("The mail could not be read")
    OVERSIZE = "oversize", _("The mail is too large")
    STORM = "storm", _("Too many mails from one address")


class Charset(TextChoices):
    """Character codes as which a person can have a mail read again."""

    UTF_8 = "utf-8", _("Unicode (UTF-8)")
    ISO_2022_JP = "iso-2022-jp", _("Japanese (JIS, ISO-2022-JP)")
    SHIFT_JIS = "cp932", _("Japanese (Shift_JIS)")
    EUC_JP = "euc-jp", _("Japanese (EUC-JP)")
    GB18030 = "gb18030", _("Chinese, simplified (GB18030)")
    BIG5 = "cp950", _("Chinese, traditional (Big5)")
    EUC_KR = "cp949", _("Korean (EUC-KR)")
    LATIN = "cp1252", _("Western European (Windows-1252)")
