"""Whether a mail pretends to come from somebody else; each finding names what and why, for a sentence on the screen.

Decisions on values only. A finding warns, it never hides a mail. Each rule stays silent where ordinary customers would
trip over it; tests/channels/email/judging/test_email_spoofing.py keeps a set of their mails.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from anshin.cases.terms import SenderSign, SenderWarning
from anshin.channels.email.judging.companies import (
    COMPANIES,
    CONSUMER_DOMAINS,
    GENUINE,
    NOT_CLAIMING,
    SENDING_SERVICES,
    Company,
)
from anshin.channels.email.judging.lookalikes import in_latin, lookalike_of
from anshin.plumbing.mail.authentication import SenderChecks
from anshin.plumbing.mail.domains import domain_of, readable_host, registrable
from anshin.plumbing.mail.values import ParsedMail

MOST_WARNINGS = 6
MOST_LINKS = 60
MOST_CHARS = 200_000
LONGEST_SHOWN = 200
SHORTEST_SHOP_NAME = 4
_ADDRESS = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
_LINK = re.compile(r"https?://(?:[^\s/@<>\"']{0,100}@)?([^\s/:?#<>\"'()\[\]、。」』]{4,253})", re.IGNORECASE)
_KANA_TWINS = str.maketrans("力二口卜八夕工一", "カニロトハタエー")
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff・_\-.]+")


@dataclass(frozen=True, slots=True)
class Sender:
    """What a mail says of who wrote it, and the hosts to which its links lead."""

    name: str
    mail: str
    reply_to: tuple[str, ...] = ()
    link_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ourselves:
    """The shop as a swindler would imitate it: its addresses in lower case, and its names."""

    addresses: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def domains(self) -> frozenset[str]:
        """Registered domains of its own; an address at a provider gives none."""
        found = {registrable(domain_of(address)) for address in self.addresses}
        return frozenset(found - {""} - CONSUMER_DOMAINS - SENDING_SERVICES)


def sender_of(mail: ParsedMail) -> Sender:
    """What the rules look at, taken from a parsed mail."""
    return Sender(
        name=mail.sender.name,
        mail=mail.sender.mail.lower(),
        reply_to=tuple(address.mail.lower() for address in mail.reply_to[:5] if address.mail),
        link_hosts=link_hosts(mail.text, mail.html),
    )


def link_hosts(text: str, html: str = "") -> tuple[str, ...]:
    """The hosts of the first 60 different links, in the order met."""
    parts = (text, unescape(html[:MOST_CHARS]))
    found = dict.fromkeys(host.lower().rstrip(".") for part in parts for host in _links(part))
    return tuple(found)[:MOST_LINKS]


def warnings_about(sender: Sender, *, checks: SenderChecks, ourselves: Ourselves) -> tuple[SenderWarning, ...]:
    """What speaks for a disguise, the gravest first; empty for an ordinary mail. At most six."""
    about_sender = [
        *_forged(sender, checks, ourselves),
        *_lookalike_sender(sender, ourselves),
        *_claimed_names(sender, ourselves),
        *_address_in_name(sender, ourselves),
    ]
    about_answers = list(_answers_elsewhere(sender, checks, ourselves, is_odd=bool(about_sender)))
    about_links = list(_lookalike_links(sender, ourselves))
    return tuple([*about_sender, *about_answers, *about_links][:MOST_WARNINGS])


def claims(name: str, words: Iterable[str]) -> bool:
    """Whether a display name bears one of these folded names, disguised letters included.

    Latin names count only by themselves, so that "Amazonas" claims nothing; Japanese ones anywhere.
    """
    seen = _seen(name)
    compact = seen.replace(" ", "")
    return any((_by_itself(word).search(seen) if word.isascii() else word in compact) for word in words if word)


def fold(text: str) -> str:
    """A name as it is compared: one width and case, no spaces and dots, disguised letters as what they resemble."""
    return _seen(text).replace(" ", "")


@lru_cache(maxsize=4096)
def _seen(text: str) -> str:
    plain = in_latin(unicodedata.normalize("NFKC", text[:LONGEST_SHOWN]).translate(_KANA_TWINS))
    return _BLANK.sub(" ", plain).strip()


@lru_cache(maxsize=512)
def _by_itself(word: str) -> re.Pattern[str]:
    """The word with or without blanks between its letters, and no letter or digit before or behind it."""
    return re.compile(f"(?<![a-z0-9]){' ?'.join(map(re.escape, word))}(?![a-z0-9])")


def _forged(sender: Sender, checks: SenderChecks, ourselves: Ourselves) -> Iterator[SenderWarning]:
    host = registrable(domain_of(sender.mail))
    if host in ourselves.domains or sender.mail in ourselves.addresses:
        if checks.disprove(sender.mail):
            yield _warning(SenderSign.OWN_ADDRESS_FORGED, address=sender.mail)
    elif checks.dmarc == "fail" and (company := _owner_of(host)):
        yield _warning(SenderSign.COMPANY_ADDRESS_FORGED, address=sender.mail, company=company.name)


def _lookalike_sender(sender: Sender, ourselves: Ourselves) -> Iterator[SenderWarning]:
    if found := lookalike_of(domain_of(sender.mail), own_domains=ourselves.domains):
        sign = SenderSign.LOOKALIKE_OF_COMPANY if found.company else SenderSign.LOOKALIKE_OF_SHOP
        yield _warning(sign, domain=_shown(domain_of(sender.mail)), genuine=found.genuine, company=found.company)


def _claimed_names(sender: Sender, ourselves: Ourselves) -> Iterator[SenderWarning]:
    host = registrable(domain_of(sender.mail))
    if host in ourselves.domains or sender.mail in ourselves.addresses or not sender.name:
        return
    domain = _shown(domain_of(sender.mail))
    if host not in SENDING_SERVICES and claims(sender.name, _long_enough(ourselves.names)):
        yield _warning(SenderSign.NAME_OF_SHOP, name=sender.name, domain=domain)
    elif company := _claimed_company(sender.name, host):
        yield _warning(SenderSign.NAME_OF_COMPANY, name=sender.name, domain=domain, company=company.name)


def _address_in_name(sender: Sender, ourselves: Ourselves) -> Iterator[SenderWarning]:
    """Somebody else's address as the display name. Two private addresses are one person who changed providers."""
    host = registrable(domain_of(sender.mail))
    for found in _ADDRESS.finditer(unicodedata.normalize("NFKC", sender.name[:LONGEST_SHOWN])):
        shown = found[0].lower()
        shown_host = registrable(domain_of(shown))
        is_private = shown_host in CONSUMER_DOMAINS and host in CONSUMER_DOMAINS
        if shown_host and shown_host != host and not is_private and host not in ourselves.domains:
            yield _warning(SenderSign.ADDRESS_IN_NAME, shown=shown, address=sender.mail)
            return


def _answers_elsewhere(
    sender: Sender, checks: SenderChecks, ourselves: Ourselves, *, is_odd: bool
) -> Iterator[SenderWarning]:
    """An answer address at another domain is ordinary by itself; it counts beside something else that is wrong."""
    host = registrable(domain_of(sender.mail))
    for address in sender.reply_to:
        other = registrable(domain_of(address))
        if not other or other == host or other in ourselves.domains:
            continue
        if found := lookalike_of(domain_of(address), own_domains=ourselves.domains):
            sign = SenderSign.LOOKALIKE_OF_COMPANY if found.company else SenderSign.LOOKALIKE_OF_SHOP
            yield _warning(sign, domain=_shown(domain_of(address)), genuine=found.genuine, company=found.company)
        elif is_odd or checks.disprove(sender.mail):
            yield _warning(SenderSign.ANSWERS_ELSEWHERE, address=address, sender=sender.mail)
        return


def _lookalike_links(sender: Sender, ourselves: Ourselves) -> Iterator[SenderWarning]:
    host = registrable(domain_of(sender.mail))
    for link in sender.link_hosts:
        if registrable(link) == host:
            continue
        found = lookalike_of(link, own_domains=ourselves.domains)
        if found and found.how != "ending":
            genuine, company = found.genuine, found.company
            yield _warning(SenderSign.LOOKALIKE_LINK, domain=_shown(link), genuine=genuine, company=company)
            return


@lru_cache(maxsize=2048)
def _claimed_company(name: str, host: str) -> Company | None:
    """The company whose name stands in a display name although another domain writes."""
    if host in GENUINE and host not in CONSUMER_DOMAINS:
        return None
    folded = fold(name)
    if any(fold(word) in folded for word in NOT_CLAIMING):
        return None
    found = (company for company in COMPANIES if claims(name, _folded(company.names)))
    return next((company for company in found if host not in company.domains), None)


def _owner_of(host: str) -> Company | None:
    """The company that writes from this domain and lets no others have addresses there."""
    if host in CONSUMER_DOMAINS:
        return None
    return next((company for company in COMPANIES if host in company.domains), None)


@lru_cache(maxsize=256)
def _folded(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold(name) for name in names)


def _long_enough(names: Collection[str]) -> list[str]:
    return [name for name in _folded(tuple(names)) if len(name) >= SHORTEST_SHOP_NAME]


def _links(text: str) -> Iterator[str]:
    return (found[1] for found in _LINK.finditer(text[:MOST_CHARS]))


def _shown(host: str) -> str:
    """The host as it looks, with its punycode behind it where the two differ."""
    looks = readable_host(host)
    ascii_form = host if host.isascii() else ".".join(_as_punycode(label) for label in host.split("."))
    return (looks if looks == ascii_form else f"{looks} ({ascii_form})")[:LONGEST_SHOWN]


def _as_punycode(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _warning(sign: SenderSign, **values: str) -> SenderWarning:
    return SenderWarning(sign, {name: value[:LONGEST_SHOWN] for name, value in values.items()})
