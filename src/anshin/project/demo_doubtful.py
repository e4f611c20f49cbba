"""Four mails of the demo that no desk is spared: two swindles, one advertisement, and a customer whom the provider's
filter took for one. They arrive as bytes, with what the mail server wrote on top, like all mail of the demo.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from anshin.project.demo_mail import as_received


@dataclass(frozen=True, slots=True)
class _Letter:
    """One mail: `minutes` before now, `results` and `marks` as the mail server wrote them."""

    minutes: int
    name: str
    mail: str
    subject: str
    text: str
    results: str
    marks: str = ""
    reply_to: str = ""


_LETTERS = (
    _Letter(
        190,
        "株式会社ラッキー企画",
        "info@lucky-kikaku.example",
        "【先着50店舗】検索順位が必ず上がる方法を無料公開",
        "貴店のサイトを拝見し、ご連絡いたしました。\n\n今だけ無料で、検索順位が必ず上がる方法を公開しています。\n"
        "https://lucky-kikaku.example/free\n\n配信停止はこちらから。",
        "spf=pass smtp.mailfrom=lucky-kikaku.example; dkim=none; dmarc=none header.from=lucky-kikaku.example",
        "X-Spamd-Result: default: True [18.40 / 15.00]; BAYES_SPAM(5.10)[99.9%]",
    ),
    _Letter(
        95,
        "三枝 ちひろ",
        "chihiro.saegusa@mail.example",
        "贈り物用の包装について",
        "はじめまして。\n\n来月、母の還暦祝いに木のトレイを贈りたいのですが、のしと包装は無料でしょうか。\n"
        "名入れをお願いできる場合は、何日ほどかかるかも教えてください。\n\n三枝",
        "spf=softfail smtp.mailfrom=mail.example; dkim=none; dmarc=none header.from=mail.example",
        "X-Spamd-Result: default: True [15.10 / 15.00]; FREEMAIL_FROM(0.00)[mail.example]",
    ),
    _Letter(
        52,
        "楽天市場 店舗サポート",
        "support@rakuten-security.example",
        "【重要】店舗アカウントの本人確認のお願い",
        "平素よりお世話になっております。\n\n貴店のアカウントで通常と異なるログインを確認しました。\n"
        "24時間以内に下記から本人確認を行ってください。確認がない場合、店舗を一時停止します。\n\n"
        "https://rakuten-security.example/login\n\n楽天市場 店舗サポート",
        "spf=pass smtp.mailfrom=rakuten-security.example; dkim=none; dmarc=none header.from=rakuten-security.example",
    ),
    _Letter(
        18,
        "{shop_name} 店長",
        "{shop_mail}",
        "至急：仕入先への振込をお願いします",
        "お疲れさまです。\n\n外出中で電話に出られません。仕入先の口座が変わったので、今日中に振込をお願いします。\n"
        "口座番号を送るので、このメールに返信してください。",
        "spf=fail smtp.mailfrom={domain}; dkim=none; dmarc=fail header.from={domain}",
        reply_to="tencho.office@freemail.example",
    ),
)
"""`{shop_name}`, `{shop_mail}` and its `{domain}` are filled in."""


def doubtful_mails(shop_name: str, shop_mail: str, *, now: datetime) -> list[tuple[datetime, bytes]]:
    """(when it came, its bytes), the oldest first."""
    return [
        (now - timedelta(minutes=letter.minutes), _raw(letter, place, shop_mail, now))
        for place, letter in enumerate(_letters(shop_name, shop_mail))
    ]


def _letters(shop_name: str, shop_mail: str) -> list[_Letter]:
    known = {"shop_name": shop_name, "shop_mail": shop_mail, "domain": shop_mail.rpartition("@")[2]}

    def filled(text: str) -> str:
        return text.format(**known)

    return [
        replace(letter, name=filled(letter.name), mail=filled(letter.mail), results=filled(letter.results))
        for letter in _LETTERS
    ]


def _raw(letter: _Letter, place: int, shop_mail: str, now: datetime) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(letter.name, addr_spec=letter.mail)
    mail["To"] = shop_mail
    if letter.reply_to:
        mail["Reply-To"] = letter.reply_to
    mail["Subject"] = letter.subject
    mail["Date"] = now - timedelta(minutes=letter.minutes)
    mail["Message-ID"] = f"<demo.doubtful.{place}@{letter.mail.rpartition('@')[2]}>"
    mail.set_content(letter.text + "\n")
    return as_received(mail.as_bytes(), shop_mail=shop_mail, results=letter.results, marks=letter.marks)
