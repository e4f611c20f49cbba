"""What is known of a mail's sender, in words: the receiving server's checks as a quiet line, doubts as warnings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.cases.terms import BY_HAND, SenderSign

if TYPE_CHECKING:
    from anshin.cases.models import Message, SpamMark

_FILTERS = {
    "rspamd": "rspamd",
    "spamassassin": "SpamAssassin",
    "microsoft": "Microsoft 365",
    "yahoo": "Yahoo!",
    "google": "Google",
    "barracuda": "Barracuda",
}
_METHODS = ("spf", "dkim", "dmarc")
Values = Mapping[str, str]


def checks_words(message: Message) -> str:
    """ "Sender checked: SPF passed · DKIM passed · DMARC failed", "" when the server stated nothing."""
    checks: Mapping[str, str] = message.sender_checks
    said = [f"{method.upper()} {_result(checks[method])}" for method in _METHODS if checks.get(method)]
    if checks.get("arc") == "pass" and checks.get("dmarc") == "fail":
        said.append(f"ARC {_result('pass')}")
    words = [_("Sender checked: %(results)s") % {"results": " · ".join(said)}] if said else []
    if by := checks.get("spam"):
        words.append(_("called spam by %(filter)s") % {"filter": _filter(by, checks.get("spam_score", ""))})
    return " · ".join(words)


def checks_failed(message: Message) -> bool:
    """Whether the line deserves a second look: what DMARC, the sum of the others, says."""
    checks: Mapping[str, str] = message.sender_checks
    return checks.get("dmarc") == "fail"


def checks_are_odd(message: Message) -> bool:
    """Whether the line is worth showing unasked: something failed, or a filter called the mail spam."""
    checks: Mapping[str, str] = message.sender_checks
    return bool(checks.get("spam")) or any(checks.get(method) in {"fail", "softfail"} for method in _METHODS)


def spam_words(mark: SpamMark | None) -> str:
    """Why a case lies in the spam folder, as a sentence."""
    if mark is None:
        return _("This case is in the spam folder.")
    if mark.reason == BY_HAND and mark.marked_by:
        return _("%(name)s put this case into the spam folder.") % {"name": mark.marked_by.person}
    if mark.reason == BY_HAND:
        return _("Somebody put this case into the spam folder.")
    return _("Your mail provider (%(filter)s) calls this mail spam.") % {"filter": _filter(mark.reason, mark.score)}


def filter_name(code: str) -> str:
    """A spam filter's own name, the same in both languages."""
    return _FILTERS.get(code, code)


def warning_words(message: Message) -> list[str]:
    """One sentence for each doubt, the gravest first; none once somebody has said that the sender is to be believed."""
    if message.believed_at:
        return []
    return [
        _SENTENCES[SenderSign(each["sign"])](each) for each in message.sender_warnings if each["sign"] in _SENTENCES
    ]


def _filter(code: str, score: str) -> str:
    return f"{filter_name(code)} {score}".strip()


def _result(word: str) -> str:
    return {
        "pass": pgettext("sender check", "passed"),
        "fail": pgettext("sender check", "failed"),
        "softfail": pgettext("sender check", "doubtful"),
        "none": pgettext("sender check", "not set up"),
        "neutral": pgettext("sender check", "undecided"),
        "policy": pgettext("sender check", "undecided"),
    }.get(word, pgettext("sender check", "could not be checked"))


def _own_address_forged(said: Values) -> str:
    return (
        _("The mail names our own address %(address)s as its sender, but the checks say that we did not send it.")
        % said
    )


def _company_address_forged(said: Values) -> str:
    return (
        _("The mail names %(address)s as its sender, but the checks say that it does not come from %(company)s.") % said
    )


def _lookalike_of_shop(said: Values) -> str:
    return _("%(domain)s looks like our domain %(genuine)s, but is another one.") % said


def _lookalike_of_company(said: Values) -> str:
    return _("%(domain)s looks like %(genuine)s of %(company)s, but is another one.") % said


def _lookalike_link(said: Values) -> str:
    if not said.get("company"):
        return _("A link leads to %(domain)s, which looks like our domain %(genuine)s but is another one.") % said
    return _("A link leads to %(domain)s, which looks like %(genuine)s of %(company)s but is another one.") % said


def _name_of_shop(said: Values) -> str:
    return _("The sender calls itself “%(name)s” like us, but writes from %(domain)s, which is not ours.") % said


def _name_of_company(said: Values) -> str:
    return _("The sender calls itself “%(name)s”, but %(domain)s does not belong to %(company)s.") % said


def _address_in_name(said: Values) -> str:
    return _("The sender’s name shows the address %(shown)s, but the mail comes from %(address)s.") % said


def _answers_elsewhere(said: Values) -> str:
    return _("An answer would go to %(address)s and not to %(sender)s, from where the mail claims to come.") % said


_SENTENCES: Mapping[str, Callable[[Values], str]] = {
    SenderSign.OWN_ADDRESS_FORGED: _own_address_forged,
    SenderSign.COMPANY_ADDRESS_FORGED: _company_address_forged,
    SenderSign.LOOKALIKE_OF_SHOP: _lookalike_of_shop,
    SenderSign.LOOKALIKE_OF_COMPANY: _lookalike_of_company,
    SenderSign.LOOKALIKE_LINK: _lookalike_link,
    SenderSign.NAME_OF_SHOP: _name_of_shop,
    SenderSign.NAME_OF_COMPANY: _name_of_company,
    SenderSign.ADDRESS_IN_NAME: _address_in_name,
    SenderSign.ANSWERS_ELSEWHERE: _answers_elsewhere,
}
