"""What an alert about a mailbox says, in the reader's language: in one line, and with its reason and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anshin.channels.email.models import MailAlert
from anshin.channels.email.terms import Alert, Trouble, sentence
from anshin.plumbing.pages import dates


def title(alert: MailAlert) -> str:
    """What is wrong, in one line. One query where the mailbox is not loaded."""
    words = {
        Alert.FAILING: _("Mail is not being fetched: %(address)s"),
        Alert.DIFFER: _("Not all mail is shown: %(address)s"),
        Alert.SILENT: _("Unusually silent: %(address)s"),
    }
    return words[Alert(alert.kind)] % {"address": alert.mailbox.address}


def reason(alert: MailAlert, *, language: str, now: datetime) -> str:
    """Why it was raised and what to do, in a few sentences. Times are those of Django's current zone."""
    return _REASONS[Alert(alert.kind)](alert, language, now)


def letter_of(alert: MailAlert, *, now: datetime) -> Callable[[str], tuple[str, str]]:
    """Subject and text of the letter, for `shops.actions.tell_owners`."""

    def words(language: str) -> tuple[str, str]:
        with timezone.override(ZoneInfo(alert.mailbox.shop.zone)):
            return title(alert), reason(alert, language=language, now=now)

    return words


def _failing(alert: MailAlert, language: str, now: datetime) -> str:
    since = dates.when(datetime.fromisoformat(alert.facts["since"]), now=now, language=language)
    code = alert.facts["trouble"]
    why = sentence(Trouble(code)) if code in Trouble.values else ""
    told = _("Trouble since: %(since)s. Nothing is lost: new mail stays on the server.")
    return " ".join(part for part in (told % {"since": since}, why) if part)


def _differ(alert: MailAlert, language: str, now: datetime) -> str:
    facts, said = alert.facts, []
    if count := facts["missing"]:
        on = dates.day(date.fromisoformat(facts["first_on"]), today=timezone.localdate(now), language=language)
        words = ngettext(
            "%(number)s mail lies on the mail server and could not be brought in (day: %(on)s).",
            "%(number)s mails lie on the mail server and could not be brought in (first day: %(on)s).",
            count,
        )
        said.append(words % {"number": count, "on": on})
    if count := facts["late"]:
        words = ngettext(
            "%(number)s mail is kept here and has not been read for more than half an hour.",
            "%(number)s mails are kept here and have not been read for more than half an hour.",
            count,
        )
        said.append(words % {"number": count})
    said.append(_("Nothing is lost. Compare the mailbox now; if that does not help, look at the background work."))
    return " ".join(said)


def _silent(alert: MailAlert, language: str, now: datetime) -> str:
    facts = alert.facts
    since = dates.when(datetime.fromisoformat(facts["since"]), now=now, language=language)
    words = _(
        "Last mail: %(since)s. In the %(open)s of opening time since then about %(expected)s mails usually come"
        ", and without any it is usually no longer than %(pause)s. Send a mail to this address from outside. If it does"
        " not arrive, ask your mail provider, and look at forwarding and filters of the mailbox."
    )
    return words % {
        "since": since,
        "open": _span(facts["open_minutes"]),
        "expected": facts["expected_count"],
        "pause": _span(facts["usual_pause_minutes"]),
    }


def _span(minutes: int) -> str:
    if minutes < 60:
        return _("%(minutes)s minutes") % {"minutes": minutes}
    return _("%(hours)s hours %(minutes)s minutes") % {"hours": minutes // 60, "minutes": minutes % 60}


_REASONS: dict[Alert, Callable[[MailAlert, str, datetime], str]] = {
    Alert.FAILING: _failing,
    Alert.DIFFER: _differ,
    Alert.SILENT: _silent,
}
