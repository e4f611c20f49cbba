"""Why a mail came back, in one of few kinds, from the server's words and code; for the clerk who has to do something.

Telling words are asked first, in order, since servers are careless with codes; then the enhanced code; then words that
may mean many things; then the class of the code. A refusal with a code of class 4 means "not now".

Source: RFC 3463 and the IANA registry of enhanced status codes (read 2026-11-26); RFC 7372 (codes of authentication);
RFC 5321 section 4.2; "Email non-delivery reports and SMTP errors in
Exchange Online", Microsoft (read 2026-11-26). The wordings are from experience with such mails.
"""

import re
from typing import Final

from anshin.plumbing.mail import bounce_languages
from anshin.plumbing.mail.bounce_stages import Stage, kind_by_stage, stage_of
from anshin.plumbing.mail.carriers import MobileCarrier, carrier_of
from anshin.plumbing.mail.values import BounceKind

_CONTINUED: Final = re.compile(r"(?<=\S)\s+[245]\d\d[- ](?:[245]\.\d{1,3}\.\d{1,3}\s+)?(?=\S)")
_ENHANCED: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_NO_SUCH_DOMAIN: Final = re.compile(r"\bnxdomain\b|domain does ?n[o']t exist in dns", re.IGNORECASE)
"""What the name service says for good, also where the code beside it is of class 4."""
_SMTP: Final = re.compile(r"(?:^|[\s:<(])([45])\d\d(?:[ -]|$)")
_FOR_NOW: Final = re.compile(r"temporarily (?:deferred|rate|block|reject|refus|unavail)|rate limited", re.IGNORECASE)
"""A server that says so with a code of class 4 takes the mail later, whoever it is from."""

_SENDER = r"sender|from|envelope|return[- ]path|mail from"
TELLING_WORDS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        # What the receiver chose stands before everything: it may name spoofing or domains without meaning ours.
        (
            r"受信拒否|着信拒否|拒否設定|拒否リスト|指定受信|指定拒否|受信(?:リスト|許可)|"
            r"フィルター?(?:設定|により|によって|で)|"
            r"受け?取り?(?:を|が)?拒否|受信を(?:拒否|制限)|(?:by|of|due to) (?:the )?recipient'?s? (?:settings|filter)|"
            r"recipient(?:'s)? (?:settings|filters?\b|rejects\b|refuses\b|has (?:blocked|refused)|does not want)|"
            r"(?:recipient|user|mailbox)\b.{0,60}"
            r"(?:do(?:es)? ?n[o']t|will not|won't|refuses to) accept .{0,30}\bfrom\b|"
            r"delivery restriction|notauthenticatedforgroup|"
            r"not (?:allowed|authorized|permitted) to (?:send|post|write)\b"
            r"(?! (?:e-?mails? |mails? )?(?:directly|on behalf|as|from|using)\b)",
            BounceKind.REFUSED,
        ),
        (
            r"\bdmarc\b|\bspf\b|\bdkim\b|unauthenticated (?:e-?mail|sender)|"
            rf"(?:{_SENDER})\b.{{0,80}}(?:does not (?:exist|resolve)|not found|not verif|verif\w+ failed|unresolvable)|"
            r"verification failed for|sender (?:address )?verif|banned sender|"
            r"(?:messages?|mails?|e-?mails?|connections?) from (?:\[|your ip|ip )?(?:\d{1,3}\.){3}\d|"
            r"block(?:ed|ing)\b.{0,80}\b(?:ip|\d{1,3}(?:\.\d{1,3}){3})\b|"
            r"spamhaus|\bdnsbl\b|\brbl\b|blac?k ?list|block ?list|barracuda|spamcop|(?<!not )listed (?:at|in|by|on)\b|"
            r"dnsbl-lookup|(?:client host|service).{0,80}block(?:ed|ing)|banned sending|ip (?:address )?.{0,60}blocked|"
            r"(?:refused|denied|rejected|not accept\w*) .{0,20}from (?:this|your) (?:ip|host|server|network)\b|"
            r"(?:poor|bad|low) (?:ip |domain |sender )?reputation|reverse dns|\bptr\b|"
            r"relay(?:ing)? (?:access )?(?:denied|not (?:allowed|permitted))|unable to relay|"
            r"authentication (?:is )?required|sender (?:domain )?authentication|authentication (?:has )?fail|"
            r"not authorized to send|\b(?:helo|ehlo)\b.{0,40}(?:valid|reject|refus|bad|match|does not)|"
            r"not rfc ?532[12]|送信ドメイン認証|ブラックリスト|"
            r"\b553 \S+\.\S+ does not exist",
            BounceKind.POLICY,
        ),
        # How much the sender may send; its words are those of full mailboxes.
        (
            r"(?:sending|submission|daily|hourly)\b.{0,20}\b(?:limits?|quota)\b|limit for sending mail|"
            r"(?:emails?|messages?|mails?|failures) per (?:hour|day|minute)",
            BounceKind.TRY_LATER,
        ),
        (
            r"over ?(?:the )?quota|overquota|quota.{0,20}(?:exceed|full|reach)|remaining quota|disk quota|"
            r"(?:exceed|over|beyond|reach)\w*.{0,30}\bquota\b|"
            r"(?:storage|disk|space|spool).{0,30}(?:full|exceed|exhaust|used up)|"
            r"over (?:its|his|her|their) .{0,20}storage|"
            r"(?:mail ?box|inbox|mail (?:drop|spool)).{0,60}(?:\bfull\b|exceed)|full (?:mail ?box|inbox)|"
            r"\bis full\b|"
            r"exceed\w* .{0,30}(?:local limit|storage|mail ?box)|out of storage|"
            r"(?:not enough|insufficient) .{0,20}space|"
            r"too much mail data|no space left|mail ?box.{0,30}over (?:its|the) limit|"
            r"(?:メール|受信)ボックス.{0,30}(?:容量|いっぱい|一杯|満杯|上限|超)|"
            r"容量(?:超過|オーバー|不足|が)|満杯|空き(?:容量)?(?:が|は)?(?:な|あり|不足)",
            BounceKind.MAILBOX_FULL,
        ),
        (
            r"(?:message|mail|file|attachment|size|データ).{0,40}(?:too (?:large|big)|exceed\w*.{0,40}(?:size|limit|"
            r"maximum))|size (?:limit|exceeds)|sizelimit|exceed\w* .{0,30}(?:size|maximum)|"
            r"too (?:large|big) (?:message|mail)|(?:message|mail|size).{0,40}over (?:the )?(?:size )?limit|"
            r"(?:サイズ|大きさ).{0,30}(?:超|大き|上限|制限)|大きすぎ",
            BounceKind.TOO_LARGE,
        ),
        (
            r"(?:host|domain)(?: or domain)?(?: name)? (?:not found|unknown|lookup failed|"
            r"does ?n[o']t exist)|"
            r"(?:unknown|no such|invalid) (?:host|domain)|unknown mail domain|find any host|nxdomain|"
            r"name service error|dns query failed|"
            r"does ?n[o']t exist in dns|domain .{0,80}(?:does ?n[o']t exist|could ?n[o']t be found|not found)|"
            r"(?:no|non-existent|null) mx\b|mx records? .{0,40}(?:not|no|non-?existent)\b|"
            r"does not accept (?:any )?(?:e-?)?mails?\b(?! from)|unrouteable|"
            r"ドメイン.{0,40}(?:存在し|見つか|ありません|不明)|ホスト.{0,20}(?:見つか|不明|存在し)",
            BounceKind.UNKNOWN_DOMAIN,
        ),
        (
            r"user unknown|unknown (?:user|recipient|address|mailbox|account|local)|unknown or illegal|"
            r"no such (?:\w+ )?(?:user|mailbox|recipient|account|address|person)|"
            r"no mailbox (?:here|by)|does ?n[o']t have an? |not listed in|"
            r"not (?:a )?(?:known|valid|local) (?:user|mailbox|recipient)|"
            r"no (?:such |valid )?(?:account|mailbox|user|recipient|address)\b(?: was| is)? "
            r"(?:found|exists?|here|by|with)\b|"
            r"(?:user|mailbox|recipient|account|address|alias|member)\b.{0,90}"
            r"(?:not (?:be )?(?:found|registered|recogni[sz]ed)|unknown|does ?n[o']t exist|no longer|disabled|inactive|"
            r"suspended|closed|deactivated|cancell?ed|deleted|removed|discontinued|terminated|not exist|expired)|"
            r"(?:couldn'?t|could not|can(?:'t|not)) (?:be )?f(?:ind|ound)|"
            r"invalid (?:recipient|mailbox|user|address)|recipientnotfound|"
            r"(?:宛て?先|あて先|アドレス|受信者|ユーザー?|メールボックス|アカウント).{0,40}"
            r"(?:存在し|見つか|ありません|不明|使われて|利用停止|解約|無効|誤り|正しく(?:ない|あり))|アドレス不明|宛先不明|で見つかりません",
            BounceKind.UNKNOWN_USER,
        ),
        # Nobody was there to refuse the mail itself.
        (
            r"failing for a long time|retry time(?:out)?\b|"
            r"connection refused(?! (?:by|due|because|for|from))|"
            r"connection (?:lost|reset|dropped|timed out)|message expired",
            BounceKind.TRY_LATER,
        ),
    )
)
VAGUE_WORDS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"mailbox (?:is )?unavailable|メールボックスが利用でき", BounceKind.UNKNOWN_USER),
        (
            r"\bspam\b|unsolicited|unwanted|\bjunk\b|\bugly\b|virus|malware|infected|phish|"
            r"blocked senders?|(?:organi[sz]ation|compan)\w*.{0,20}(?:polic|rules?)|rules\.reject|"
            r"content.{0,20}(?:reject|filter|block|denied)|"
            r"(?:message|mail|e-?mail).{0,40}(?:reject|refused|filtered|blocked|denied|not accepted)|"
            r"(?:rejected|refused|blocked) (?:by|due to|because|for)|local policy|policy (?:violation|reasons?)|"
            r"restricted|迷惑メール|拒否され|ブロックされ",
            BounceKind.REFUSED,
        ),
        (
            r"temporar|(?:re)?try (?:again|later|in )|timed? ?out|timeout|deferred|gr[ea]y ?list|too many|rate limit|"
            r"connection (?:refused|lost|reset|dropped|closed)|lost connection|not respond|no answer|busy|throttl|"
            r"(?:expired|too long in|been in the queue)|undelivered after|could not be delivered within|"
            r"network is unreachable|no route to host|insufficient system|"
            r"一時的|しばらく|混雑|混み合|タイムアウト|応答が?(?:な|し|あり)|"
            r"時間以上|再送(?:を続|し)",
            BounceKind.TRY_LATER,
        ),
        (r"\bblocked\b|\bdenied\b", BounceKind.REFUSED),
    )
)

_BY_CODE: Final = {
    (1, 1): BounceKind.UNKNOWN_USER,
    (1, 2): BounceKind.UNKNOWN_DOMAIN,
    (1, 3): BounceKind.UNKNOWN_USER,
    (1, 6): BounceKind.UNKNOWN_USER,
    (1, 7): BounceKind.POLICY,
    (1, 8): BounceKind.POLICY,
    (1, 10): BounceKind.UNKNOWN_USER,
    (2, 1): BounceKind.UNKNOWN_USER,
    (2, 2): BounceKind.MAILBOX_FULL,
    (2, 3): BounceKind.TOO_LARGE,
    (3, 4): BounceKind.TOO_LARGE,
    (4, 1): BounceKind.UNKNOWN_USER,  # 5.4.1 is Exchange Online's "recipient address rejected"
    (4, 4): BounceKind.UNKNOWN_DOMAIN,
    (4, 7): BounceKind.TRY_LATER,
    **{(4, detail): BounceKind.TRY_LATER for detail in (300, 316, 317)},  # Exchange Online: nobody answered for days
    **{(4, detail): BounceKind.UNKNOWN_DOMAIN for detail in (310, 312)},
    (7, 9): BounceKind.POLICY,
    (7, 28): BounceKind.TRY_LATER,  # too much mail at once
    **{(7, detail): BounceKind.POLICY for detail in (20, 21, 22, 23, 24, 25, 26, 27, 29, 30)},
}
_ABOUT_SENDERS: Final = range(500, 800)
"""Exchange Online's details of 5.7 about banned, unknown and spamming senders and their addresses on the net."""
_WHATEVER_THE_CLASS: Final = frozenset({BounceKind.MAILBOX_FULL, BounceKind.TOO_LARGE, BounceKind.POLICY})


def kind_of(words: str, *, status: str, address: str, told: str = "") -> BounceKind:
    """Why the mail to `address` came back. `words` is what the server said; `status` an RFC 3463 code or ""; `told`
    what else the report says for people, which may name the step at which it was refused."""
    flat = _CONTINUED.sub(" ", " ".join(words.split()))
    code = _code(status) or _code(flat)
    kind = _said(TELLING_WORDS, flat) or _said(bounce_languages.JAPANESE, flat) or _coded(code)
    kind = kind or _said(bounce_languages.OTHERS, flat) or _said(VAGUE_WORDS, flat) or BounceKind.UNKNOWN
    digits = _SMTP.search(flat)
    is_passing = code[0] == "4" if code else digits is not None and digits.group(1) == "4"
    if is_passing and not _NO_SUCH_DOMAIN.search(flat):
        return BounceKind.TRY_LATER if kind not in _WHATEVER_THE_CLASS or _FOR_NOW.search(flat) else kind
    if kind is BounceKind.UNKNOWN and code and code[1] == 7:
        return BounceKind.REFUSED
    if kind is BounceKind.UNKNOWN:
        return kind_by_stage(f"{words}\n{told}")
    return _as_carriers_mean_it(kind, f"{words}\n{told}", status, address)


def _said(wordings: tuple[tuple[re.Pattern[str], BounceKind], ...], words: str) -> BounceKind | None:
    return next((kind for wording, kind in wordings if wording.search(words)), None)


def _coded(code: tuple[str, int, int] | None) -> BounceKind | None:
    if code is None:
        return None
    if code[1] == 7 and code[2] in _ABOUT_SENDERS:
        return BounceKind.POLICY
    return _BY_CODE.get(code[1:])


def _as_carriers_mean_it(kind: BounceKind, words: str, status: str, address: str) -> BounceKind:
    """docomo and au call a refusal by the phone's own settings "user unknown", too: with 5.2.0, or after the text."""
    if kind is not BounceKind.UNKNOWN_USER:
        return kind
    if carrier_of(address) not in {MobileCarrier.DOCOMO, MobileCarrier.AU}:
        return kind
    is_refusal = status == "5.2.0" or stage_of(words) is Stage.CONTENT
    return BounceKind.REFUSED if is_refusal else kind


def _code(text: str) -> tuple[str, int, int] | None:
    """The last enhanced code that says more than x.0.0, since a relay's own stands before that of the far server."""
    found = [(hit[1], int(hit[2]), int(hit[3])) for hit in _ENHANCED.finditer(text)]
    telling = [code for code in found if code[1:] != (0, 0)]
    return telling[-1] if telling else (found[-1] if found else None)
