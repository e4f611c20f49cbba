"""What the mailbox's own server found out about a sender (SPF, DKIM, DMARC), read only where it can be believed.

Anybody can write an Authentication-Results header into a mail. Believed is only the one that the receiving server put
on top: its name is known, and above it stand no hops but that server's own.

Source: RFC 8601 (Authentication-Results; 2.2 syntax, 4.1 and 5 on whom to believe), RFC 7208 (SPF), RFC 6376 (DKIM),
RFC 7489 (DMARC), RFC 8617 (ARC). Exchange Online writes the header without the server's name.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields

from anshin.plumbing.mail.domains import domain_of, registrable

MOST_RESULTS = 50
MOST_CHARS = 10_000
MOST_HEADERS = 200
KNOWN_RESULTS = frozenset({"none", "neutral", "pass", "fail", "softfail", "policy", "temperror", "permerror"})
_HEADER = "authentication-results"
_OTHER_WORDS = {"hardfail": "fail", "bestguesspass": "none"}
_RESULT = re.compile(r"\s*([a-z][a-z0-9-]{0,30})(?:\s*/\s*\d{1,3})?\s*=\s*([a-z]{1,20})", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(smtp|header)\s*\.\s*([a-z][a-z0-9-]{0,30})\s*=\s*([^\s;]{1,320})", re.IGNORECASE)
_REASON = re.compile(r"\breason\s*=\s*\S*", re.IGNORECASE)
_BY = re.compile(r"(?:^|\s)by\s+([a-z0-9][a-z0-9.-]{0,252})", re.IGNORECASE)
_SENDERS_OWN = frozenset({"dkim-signature", "from", "subject", "date", "message-id"})

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result; `domain` is what it speaks of: the envelope's for SPF, the signer's for DKIM."""

    method: str
    result: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One Authentication-Results header. `server` is its authserv-id, "" where none is written."""

    server: str
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class SenderChecks:
    """What the believed server `by` says of a sender. Results are words of RFC 8601, "" where it says nothing."""

    by: str = ""
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    arc: str = ""
    spf_domain: str = ""
    dkim_domain: str = ""

    def as_values(self) -> dict[str, str]:
        """What is said, as plain values to keep with the message; empty when nothing is known."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in said.items() if value}

    def prove(self, sender_mail: str) -> bool:
        """Whether the domain of this address did send the mail: DMARC, or an aligned signature or path."""
        own = registrable(domain_of(sender_mail))
        signed = self.dkim == "pass" and bool(own) and registrable(self.dkim_domain) == own
        came_from_it = self.spf == "pass" and bool(own) and registrable(self.spf_domain) == own
        return self.dmarc == "pass" or (self.dmarc != "fail" and (signed or came_from_it))

    def disprove(self, sender_mail: str) -> bool:
        """Whether a check failed and none speaks for the address. Saying nothing is no disproof."""
        if self.prove(sender_mail):
            return False
        return self.dmarc == "fail" or self.spf in {"fail", "softfail"} or self.dkim == "fail"


NO_CHECKS = SenderChecks()


def checks_from(values: Mapping[str, object]) -> SenderChecks:
    """The checks that `as_values` gave; unknown names are left out."""
    known = {field.name for field in fields(SenderChecks)}
    return SenderChecks(**{name: str(value) for name, value in values.items() if name in known})


def read_statement(value: str) -> Statement | None:
    """The header's value taken apart; None for what is none. Never raises.

    Limits: 10,000 characters, 50 results; results that RFC 8601 does not know are left out.
    """
    first, *rest = _pieces(value[:MOST_CHARS])
    if "=" in first:  # as Exchange Online writes it
        server, rest = "", [first, *rest]
    else:
        words = first.split()
        server = words[0].lower()[:253] if words else ""
        if not server:
            return None
    found = [result for piece in rest[:MOST_RESULTS] if (result := _result(piece))]
    return Statement(server, tuple(found))


def believed_checks(headers: Headers, *, server: str, sender_mail: str, hosts: Sequence[str] = ()) -> SenderChecks:
    """What the server called `server` (or a host below that name) states on top of the mail; empty without it.

    `headers` in the order of the mail; `hosts` are further names of the same side, such as the IMAP server's. Several
    headers of that server in a row count together; whatever stands below a hop or a header of the sender does not.
    """
    top = _top_statements(headers, hosts=(server, *hosts))
    believed = []
    for statement in top:
        if not _is_below(statement.server or _implied_server(headers), server):
            break
        believed.append(statement)
    return _put_together(believed, server, sender_mail) if believed else NO_CHECKS


def server_on_top(headers: Headers, *, hosts: Sequence[str]) -> str:
    """The registered domain of the server whose statement stands on top, if it may be the mailbox's own; else "".

    It may when it shares its domain with the last hop or with one of `hosts`. To be believed it must be seen again and
    again: one mail alone proves nothing, because a server that writes no statement lets the sender's own stand on top.
    """
    top = _top_statements(headers, hosts=hosts)
    if not top:
        return ""
    named = registrable(top[0].server or _implied_server(headers))
    own = {registrable(host) for host in (*hosts, _last_hop(headers))}
    return named if named and named in own else ""


def own_part(headers: Headers, *, hosts: Sequence[str]) -> Headers:
    """The headers above which only hops of the mailbox's side stand, up to the first line of somebody else.

    `hosts` are names of that side; the last hop always belongs to it, since nobody can write above it.
    """
    own = {registrable(host) for host in (*hosts, _last_hop(headers))} - {""}
    top = headers[:MOST_HEADERS]
    for place, (name, value) in enumerate(top):
        lowered = name.lower()
        if lowered in _SENDERS_OWN or (lowered == "received" and _is_foreign(value, own)):
            return top[:place]
    return top


def _top_statements(headers: Headers, *, hosts: Sequence[str]) -> list[Statement]:
    """The statements on the mailbox's side, up to one that cannot be read."""
    found: list[Statement] = []
    for name, value in own_part(headers, hosts=hosts):
        if name.lower() == _HEADER:
            statement = read_statement(value)
            if statement is None:
                break
            found.append(statement)
    return found


def _is_foreign(received: str, own: Collection[str]) -> bool:
    """Whether a host of a registered domain that is none of `own` wrote this hop; bare and numeric names are inside."""
    domain = registrable(_hop(received))
    return bool(domain) and domain not in own


def _last_hop(headers: Headers) -> str:
    """The host that received the mail last: the topmost Received cannot be the sender's."""
    return next((_hop(value) for name, value in headers[:MOST_HEADERS] if name.lower() == "received"), "")


def _implied_server(headers: Headers) -> str:
    return registrable(_last_hop(headers))


def _hop(received: str) -> str:
    found = _BY.search(" ".join(_pieces(received[:MOST_CHARS])))
    return found[1].lower() if found else ""


def _is_below(server: str, wanted: str) -> bool:
    server, wanted = server.lower().strip("."), wanted.lower().strip(".")
    return bool(wanted) and (server == wanted or server.endswith(f".{wanted}"))


def _put_together(statements: Sequence[Statement], server: str, sender_mail: str) -> SenderChecks:
    results = [result for statement in statements for result in statement.results]
    spf, dkim = _best(results, "spf", sender_mail), _best(results, "dkim", sender_mail)
    return SenderChecks(
        by=(statements[0].server or server)[:253],
        spf=spf.result,
        dkim=dkim.result,
        dmarc=_first(results, "dmarc").result,
        arc=_first(results, "arc").result,
        spf_domain=spf.domain,
        dkim_domain=dkim.domain,
    )


def _first(results: Sequence[Result], method: str) -> Result:
    return next((each for each in results if each.method == method), Result(method, ""))


def _best(results: Sequence[Result], method: str, sender_mail: str) -> Result:
    """Of several (there may be many signatures) a pass for the sender's own domain, else any pass, else the first."""
    own = registrable(domain_of(sender_mail))
    passed = [each for each in results if each.method == method and each.result == "pass"]
    aligned = [each for each in passed if own and registrable(each.domain) == own]
    return next(iter([*aligned, *passed]), _first(results, method))


def _result(piece: str) -> Result | None:
    found = _RESULT.match(piece)
    if found is None:
        return None
    method, word = found[1].lower(), found[2].lower()
    word = _OTHER_WORDS.get(word, word)
    if word not in KNOWN_RESULTS:
        return None
    said = {f"{kind}.{name}".lower(): value for kind, name, value in _PROPERTY.findall(_REASON.sub("", piece))}
    wanted = ("header.d", "header.i") if method == "dkim" else ("smtp.mailfrom", "smtp.helo", "header.from")
    named = next((said[name] for name in wanted if said.get(name)), "")
    return Result(method, word, (domain_of(named) or named.lower())[:253] if named else "")


def _pieces(value: str) -> list[str]:
    """The parts between semicolons, without comments (they nest) and quotation marks: one walk, whatever is sent."""
    pieces: list[list[str]] = [[]]
    depth, is_quoted, is_escaped = 0, False, False
    for sign in value:
        if is_escaped:
            is_escaped = False
        elif sign == "\\" and (is_quoted or depth):
            is_escaped = True
            continue
        elif sign == '"' and not depth:
            is_quoted = not is_quoted
            continue
        elif not is_quoted and sign in "()":
            depth = depth + 1 if sign == "(" else max(0, depth - 1)
            pieces[-1].append(" ")
            continue
        elif sign == ";" and not is_quoted and not depth:
            pieces.append([])
            continue
        if not depth:
            pieces[-1].append("_" if is_quoted and sign.isspace() else sign)
    return ["".join(piece) for piece in pieces]
