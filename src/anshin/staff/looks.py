"""How a state looks wherever it is shown: its colour and its icon."""

from anshin.cases.terms import Status

CASE_LOOKS = {
    Status.OPEN: ("accent", "message-circle"),
    Status.WAITING: ("info", "hourglass"),
    Status.SNOOZED: ("", "alarm-clock"),
    Status.CLOSED: ("good", "check"),
    Status.SPAM: ("", "ban"),
}
