"""What a returned mail says: which address failed, why, whether for good, and which of our mails it was.

For the channel that marks the message. Machine-readable reports (RFC 3464) first, then the free text of the
Japanese carriers, Yahoo! JAPAN and common servers.

Source: RFC 3464 (delivery status), RFC 3463 (status codes). The wording of the free-text reports is from
experience with such mails, not from published specifications.
"""

import re
from collections.abc import Mapping

from anshin.plumbing.mail import charsets
from anshin.plumbing.mail.bounce_kinds import kind_of
from anshin.plumbing.mail.bounce_languages import SUBJECTS as SUBJECTS_ELSEWHERE
from anshin.plumbing.mail.headers import message_ids
from anshin.plumbing.mail.values import Bounce, BounceKind, MailPart, ParsedMail, unique

MAX_READ_CHARS = 50_000

_DAEMONS = ("mailer-daemon", "mailer_daemon", "mail-daemon", "mailerdaemon")
_REPORTERS = (*_DAEMONS, "postmaster", "mmp-postmaster", "bounce")
_SUBJECT = re.compile(
    r"undeliver|returned mail|returned to sender|delivery (?:status notification|failure|has failed|report)|"
    r"mail delivery (?:failed|failure|problem)|delivery failed|failure notice|mail system error|"
    r"could not send message|mail could not be delivered|"
    r"(?:配信|配送|送信|送達)(?:不能|失敗|エラー|遅延|でき(?:ません|なかった)|されません)|エラーメール|"
    r"(?:戻って|返送され)(?:きた|ました|た)メール|delayed mail|message delayed",
    re.IGNORECASE,
)
_SUBJECT_OF_SERVERS = re.compile(r"不達|届(?:き|けでき|けられ)(?:ません|なかった)|届かなかった")
"""Customers write so, too: “商品が届きません”. It counts only under a server's name, not with an empty return path."""
_ADDRESS = r"<?((?:\"[^\"\s<>]{1,62}\"|[!#-&*+\-./0-9=?A-Z^-~]{1,64})@[A-Za-z0-9.-]{1,190}[A-Za-z0-9])>?"
_PLACES = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"RCPT TO:\s*{_ADDRESS}",
        rf"^\s*<{_ADDRESS}>?:",  # qmail, Yahoo! JAPAN
        rf"^\s*(?:final-recipient:\s*rfc822;|recipient(?: address)?:|to:)\s*{_ADDRESS}",
        rf"could not be delivered to:?\s*{_ADDRESS}",
        rf"(?:following (?:recipients?|addresses)|"
        rf"(?:宛先|あて先|送信先|受信者|アドレス))[^\n]{{0,120}}[\s:：(（「]+{_ADDRESS}",
        rf"^\s*{_ADDRESS}\s*$",
        rf"^\s*{_ADDRESS}\b",
    )
)
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_SMTP = re.compile(r"(?:^|[\s:<(])([45]\d\d)(?:[ -]|$)", re.MULTILINE)
_REASON = re.compile(
    r"unknown|no such|does(?:n't| not) (?:have|exist)|not found|invalid|disabled|over ?quota|mailbox full|"
    r"is full|temporar|rejected|refused|unavailable|timed? ?out|expired|not accept|limited|suspended|blocked|"
    r"存在しません|見つかりません|ありません|受信でき|容量|制限|拒否|エラー|一時的|(?:配送|配信|お?届け).{0,10}(?:中止|ません|ない)",
    re.IGNORECASE,
)
_DELAY_ONLY = re.compile(
    r"warning (?:message )?only|do not need to resend|will (?:continue to try|keep trying|retry|be retried)|"
    r"delivery attempts will continue|(?:配送|配信|再送|送信).{0,20}続け|"
    r"(?:再送|再度お?送).{0,20}必要(?:は|が)?あ?(?:りません|ない)",
    re.IGNORECASE,
)
_WORDINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), code)
    for pattern, code in (
        (r"unknown user|user unknown|no such user|doesn't have a|存在しません|見つかりません|unrouteable", "5.1.1"),
        (r"account is disabled|account.{0,20}suspended|利用停止", "5.2.1"),
        (r"over ?quota|mailbox full|is full|容量", "4.2.2"),
    )
)
_ID_LINE = re.compile(r"^[> \t]{0,8}Message-ID:\s{0,4}(<[^<>\s]{3,300}>)", re.IGNORECASE | re.MULTILINE)
_COPY_BELOW = re.compile(
    r"^(?:--- Below this line is a copy|-{2,}\s*(?:original message|this is a copy|the body of)|-{50}|"
    r"Content-Type: message/rfc822|Return-Path:|Received: from)",
    re.IGNORECASE | re.MULTILINE,
)


def read_bounces(mail: ParsedMail) -> tuple[Bounce, ...]:
    """One entry for each address that failed or is delayed; empty when the mail reports no such thing."""
    reported = _from_reports(mail)
    if reported:
        return reported
    if _has_report(mail) or not is_reporter(mail):
        return ()
    return _from_words(mail)


def is_reporter(mail: ParsedMail) -> bool:
    """Whether a mail server seems to speak: its name, or the empty return path together with the subject."""
    local = mail.sender.mail.partition("@")[0].lower()
    spoken = any(subject.search(mail.subject) for subject in (_SUBJECT, SUBJECTS_ELSEWHERE))
    empty_path = any(value.strip() == "<>" for value in mail.header_all("Return-Path"))
    if mail.header("X-Failed-Recipients"):
        return True
    if local.startswith(_DAEMONS) and (spoken or empty_path or _mentions_failure(mail)):
        return True
    if local.startswith(_REPORTERS):
        return (
            spoken or _SUBJECT_OF_SERVERS.search(mail.subject) is not None or (empty_path and _mentions_failure(mail))
        )
    return spoken and empty_path


def _mentions_failure(mail: ParsedMail) -> bool:
    head = mail.text[:5_000]
    return any(pattern.search(head) for pattern in (_SMTP, _ENHANCED, _REASON))


def _has_report(mail: ParsedMail) -> bool:
    return any(part.content_type.endswith("delivery-status") for part in mail.attachments)


def _from_reports(mail: ParsedMail) -> tuple[Bounce, ...]:
    originals, told = _original_ids(mail), _report_text(mail)
    found: list[Bounce] = []
    for part in mail.attachments:
        if part.content_type in ("message/delivery-status", "message/global-delivery-status"):
            groups = [fields for fields in _field_groups(part.content) if _failed(fields)]
            found.extend(_from_fields(fields, originals, told, is_alone=len(groups) == 1) for fields in groups)
    return tuple(dict.fromkeys(found))


def _field_groups(content: bytes) -> list[dict[str, str]]:
    """The groups of fields of a report, names in lower case; continuation lines joined."""
    text = charsets.decode(content[:MAX_READ_CHARS]).text.replace("\r\n", "\n").replace("\r", "\n")
    groups: list[dict[str, str]] = []
    for block in re.split(r"\n[ \t]*\n", text):
        fields: dict[str, str] = {}
        name = ""
        for line in block.split("\n"):
            if line[:1] in (" ", "\t") and name:
                fields[name] += " " + line.strip()
            elif ":" in line:
                name = line.partition(":")[0].strip().lower()
                fields.setdefault(name, line.partition(":")[2].strip())
        groups.append(fields)
    return groups


def _failed(fields: Mapping[str, str]) -> bool:
    action = fields.get("action", "").split(" ", 1)[0].lower()
    if "final-recipient" not in fields and "original-recipient" not in fields:
        return False
    return action in ("failed", "delayed") or (not action and fields.get("status", "")[:1] in ("4", "5"))


def _from_fields(fields: Mapping[str, str], originals: tuple[str, ...], told: str, *, is_alone: bool) -> Bounce:
    """`told` are the words for people beside the fields, asked for why only when the fields do not say it."""
    recipient = (fields.get("original-recipient") or fields.get("final-recipient", "")).rpartition(";")[2]
    address = recipient.strip().strip("<>")
    status = _ENHANCED.search(fields.get("status", ""))
    code = status.group(1) if status else ""
    said = fields.get("diagnostic-code", "")
    words = re.sub(r"^(?:smtp|x-[\w-]+);\s*", "", said, flags=re.IGNORECASE)
    given_up = not fields.get("action", "").lower().startswith("delayed")
    about = told if is_alone else _paragraphs_with(address, told)
    return Bounce(
        failed_address=address,
        status=code,
        diagnostic=words,
        original_message_ids=originals,
        given_up=given_up,
        kind=_kind((words, about), code, address, given_up=given_up, told=f"{said}\n{about}"),
    )


def _paragraphs_with(address: str, told: str) -> str:
    return "\n".join(each for each in re.split(r"\n[ \t]*\n", told) if address.lower() in each.lower())


def _kind(sayings: tuple[str, ...], status: str, address: str, *, given_up: bool, told: str = "") -> BounceKind:
    """The first of the sayings that tells why decides."""
    if not given_up:
        return BounceKind.TRY_LATER
    found = (kind_of(words, status=status, address=address, told=told) for words in sayings)
    return next((kind for kind in found if kind is not BounceKind.UNKNOWN), BounceKind.UNKNOWN)


def _from_words(mail: ParsedMail) -> tuple[Bounce, ...]:
    report = _report_text(mail)
    originals = _original_ids(mail)
    given_up = _DELAY_ONLY.search(report) is None
    found: list[Bounce] = []
    for address, words in _failed_addresses(mail, report):
        status = _status(words)
        found.append(
            Bounce(
                failed_address=address,
                status=status,
                diagnostic=_diagnostic(words),
                original_message_ids=originals,
                given_up=given_up,
                kind=_kind((words,), status, address, given_up=given_up),
            )
        )
    return tuple(found)


def _report_text(mail: ParsedMail) -> str:
    """What the server wrote above the copy of our mail."""
    text = mail.text[:MAX_READ_CHARS]
    cut = _COPY_BELOW.search(text)
    return text[: cut.start()] if cut else text


def _failed_addresses(mail: ParsedMail, report: str) -> list[tuple[str, str]]:
    """Each failed address with the words about it: all of the report when there is one, its own paragraph else."""
    not_it = {mail.sender.mail.lower(), *(address.mail.lower() for address in mail.to)}
    for place in _PLACES:
        hits = [hit for hit in place.finditer(report) if hit.group(1).lower() not in not_it]
        starts = {hit.group(1).lower(): hit for hit in reversed(hits)}
        if len(starts) > 1:
            ordered = sorted(starts.values(), key=re.Match.start)
            ends = [hit.start() for hit in ordered[1:]] + [len(report)]
            return [(hit.group(1), report[hit.start() : end]) for hit, end in zip(ordered, ends, strict=True)]
        if hits:
            return [(hits[0].group(1), report)]
    told = mail.header("X-Failed-Recipients").split(",")[0].strip().strip("<>")
    return [(told, report)]


def _status(report: str) -> str:
    """An enhanced code where the words have one, else one made from the words or the three digits, else ""."""
    enhanced = _ENHANCED.search(report)
    if enhanced:
        return enhanced.group(1)
    for wording, code in _WORDINGS:
        if wording.search(report):
            return code
    digits = _SMTP.search(report)
    return f"{digits.group(1)[0]}.0.0" if digits else ""


def _diagnostic(report: str) -> str:
    """The server's words, at most 500 characters: the line with a code, else the first that names a reason."""
    lines = [line.strip() for line in report.split("\n") if line.strip()]
    coded = [line for line in lines if _ENHANCED.search(line) or _SMTP.search(line)]
    reasoned = [line for line in lines if _REASON.search(line)]
    return next(iter([*coded, *reasoned, *lines]), "")[:500]


def _original_ids(mail: ParsedMail) -> tuple[str, ...]:
    """Ids of the returned mail: from its copy or its headers, from the words, from the report's references."""
    found: list[str] = []
    for part in mail.attachments:
        if part.content_type in ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"):
            found.extend(_ids_of_copy(part))
    found.extend(_ids_in_text(mail.text[:MAX_READ_CHARS]))
    found.extend([*mail.in_reply_to, *mail.references])
    return unique(found)


def _ids_of_copy(part: MailPart) -> tuple[str, ...]:
    head = part.content[:MAX_READ_CHARS].replace(b"\r\n", b"\n").lstrip(b"\n").split(b"\n\n", 1)[0]
    return _ids_in_text(charsets.decode(head).text)


def _ids_in_text(text: str) -> tuple[str, ...]:
    return message_ids(" ".join(_ID_LINE.findall(text)))
