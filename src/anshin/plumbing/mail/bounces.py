"""What a returned mail says: which address failed, why, whether for good, and which of our mails it was.

For the channel that marks the message. Machine-readable reports (RFC 3464) first, then the free text of the
Japanese carriers, Yahoo! JAPAN and common servers.

Source: RFC 3464 (delivery status), RFC 3463 (status codes). The wording of the free-text reports is from
experience with such mails, not from published specifications.
"""

import re
from collections.abc import Mapping

from anshin.plumbing.mail import charsets
from anshin.plumbing.mail.headers import message_ids
from anshin.plumbing.mail.values import Bounce, MailPart, ParsedMail, unique

MAX_READ_CHARS = 50_000

_DAEMONS = ("mailer-daemon", "mailer_daemon", "mail-daemon", "mailerdaemon")
_REPORTERS = (*_DAEMONS, "postmaster", "mmp-postmaster", "delivery", "bounce")
_SUBJECT = re.compile(
    r"undeliver|returned mail|returned to sender|delivery (?:status notification|failure|has failed|report)|"
    r"mail delivery (?:failed|failure|problem)|delivery failed|failure notice|mail system error|"
    r"could not send message|mail could not be delivered|"
    r"配信(?:不能|できません|エラー|失敗)|(?:配送|送信|送達)(?:不能|失敗|エラー|できません)|エラーメール|送信されませんでした",
    re.IGNORECASE,
)
_ADDRESS = r"<?([^\s<>()\[\]\"',;:]{1,64}@[A-Za-z0-9.-]{1,190}[A-Za-z0-9])>?"
_PLACES = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"RCPT TO:\s*{_ADDRESS}",
        rf"^\s*<{_ADDRESS}>?:",  # qmail, Yahoo! JAPAN
        rf"^\s*(?:final-recipient:\s*rfc822;|recipient(?: address)?:|to:)\s*{_ADDRESS}",
        rf"could not be delivered to:?\s*{_ADDRESS}",
        rf"(?:following (?:recipients?|addresses)|(?:宛先|あて先|送信先|受信者|アドレス))[^\n]{{0,120}}\s+{_ADDRESS}",
        rf"^\s*{_ADDRESS}\s*$",
        rf"^\s*{_ADDRESS}\b",
    )
)
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_SMTP = re.compile(r"(?:^|[\s:<(])([45]\d\d)(?:[ -]|$)", re.MULTILINE)
_REASON = re.compile(
    r"unknown|no such|does(?:n't| not) (?:have|exist)|not found|invalid|disabled|over ?quota|mailbox full|"
    r"is full|temporar|rejected|refused|unavailable|timed? ?out|expired|not accept|limited|suspended|blocked|"
    r"存在しません|見つかりません|ありません|受信でき|容量|制限|拒否|エラー|一時的",
    re.IGNORECASE,
)
_PASSING = re.compile(
    r"over ?quota|mailbox (?:is )?full|is full|temporar|timed? ?out|expired|try again|deferred|delayed|"
    r"warning message|容量|一時的|しばらく",
    re.IGNORECASE,
)
_DELAY_ONLY = re.compile(
    r"warning message only|do not need to resend|will (?:continue to try|keep trying|retry)", re.IGNORECASE
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
    return (_from_words(mail),)


def is_reporter(mail: ParsedMail) -> bool:
    """Whether a mail server seems to speak: its name, or the empty return path together with the subject."""
    local = mail.sender.mail.partition("@")[0].lower()
    spoken = _SUBJECT.search(mail.subject) is not None
    empty_path = any(value.strip() == "<>" for value in mail.header_all("Return-Path"))
    if mail.header("X-Failed-Recipients"):
        return True
    return (local.startswith(_DAEMONS) and (spoken or empty_path or _mentions_failure(mail))) or (
        spoken and (empty_path or local.startswith(_REPORTERS))
    )


def _mentions_failure(mail: ParsedMail) -> bool:
    head = mail.text[:5_000]
    return any(pattern.search(head) for pattern in (_SMTP, _ENHANCED, _REASON))


def _has_report(mail: ParsedMail) -> bool:
    return any(part.content_type.endswith("delivery-status") for part in mail.attachments)


def _from_reports(mail: ParsedMail) -> tuple[Bounce, ...]:
    originals = _original_ids(mail)
    found: list[Bounce] = []
    for part in mail.attachments:
        if part.content_type in ("message/delivery-status", "message/global-delivery-status"):
            found.extend(_from_fields(fields, originals) for fields in _field_groups(part.content) if _failed(fields))
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


def _from_fields(fields: Mapping[str, str], originals: tuple[str, ...]) -> Bounce:
    recipient = fields.get("original-recipient") or fields.get("final-recipient", "")
    status = _ENHANCED.search(fields.get("status", ""))
    code = status.group(1) if status else ""
    delayed = fields.get("action", "").lower().startswith("delayed")
    return Bounce(
        failed_address=recipient.rpartition(";")[2].strip().strip("<>"),
        status=code,
        diagnostic=re.sub(r"^(?:smtp|x-[\w-]+);\s*", "", fields.get("diagnostic-code", ""), flags=re.IGNORECASE),
        original_message_ids=originals,
        given_up=not delayed,
        permanent=not delayed and not code.startswith("4"),
    )


def _from_words(mail: ParsedMail) -> Bounce:
    text = mail.text[:MAX_READ_CHARS]
    cut = _COPY_BELOW.search(text)
    report = text[: cut.start()] if cut else text
    status = _status(report)
    delayed = _DELAY_ONLY.search(report) is not None
    passing = status.startswith("4") or (not status.startswith("5.1") and _PASSING.search(report) is not None)
    return Bounce(
        failed_address=_failed_address(mail, report),
        status=status,
        diagnostic=_diagnostic(report),
        original_message_ids=_original_ids(mail),
        given_up=not delayed,
        permanent=not delayed and not passing,
    )


def _failed_address(mail: ParsedMail, report: str) -> str:
    told = mail.header("X-Failed-Recipients").split(",")[0].strip().strip("<>")
    if told:
        return told
    not_it = {mail.sender.mail.lower(), *(address.mail.lower() for address in mail.to)}
    for place in _PLACES:
        for found in place.finditer(report):
            if found.group(1).lower() not in not_it:
                return found.group(1)
    return ""


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
