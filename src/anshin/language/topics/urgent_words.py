"""Why a message is urgent, as one sentence in Japanese or English; for commands, mails and everything without pages."""

from datetime import date
from types import MappingProxyType
from typing import Final

from anshin.language.dates import weekday_ja
from anshin.language.topics.urgency import Urgency, UrgentKind

_JA: Final = MappingProxyType(
    {
        UrgentKind.INJURY: "けがや体の不調が書かれています",
        UrgentKind.FIRE: "煙・火・異常な熱のことが書かれています",
        UrgentKind.GAS: "ガス漏れのおそれが書かれています",
        UrgentKind.TAKEOVER: "アカウントやカードを他人に使われたおそれがあります",
        UrgentKind.LEGAL: "弁護士・役所・警察などからの連絡、または法的な手続きの話です",
        UrgentKind.GIFT_DATE: "贈り物や行事の日が近づいています",
        UrgentKind.PROMISED_TODAY: "約束の日が今日です",
    }
)
_EN: Final = MappingProxyType(
    {
        UrgentKind.INJURY: "Tells of an injury or illness",
        UrgentKind.FIRE: "Tells of smoke, fire or dangerous heat",
        UrgentKind.GAS: "Tells of a gas leak",
        UrgentKind.TAKEOVER: "Somebody else may be using the account or the card",
        UrgentKind.LEGAL: "From a lawyer or an authority, or about legal steps",
        UrgentKind.GIFT_DATE: "The day of a gift or event is near",
        UrgentKind.PROMISED_TODAY: "The promised day is today",
    }
)


def reason_ja(urgency: Urgency) -> str:
    """The reason in Japanese, with the day and the words that say so."""
    day = f"({_day_ja(urgency.on)})" if urgency.on and urgency.kind is UrgentKind.GIFT_DATE else ""
    return f"{_JA[urgency.kind]}{day}。「{urgency.evidence}」"


def reason_en(urgency: Urgency) -> str:
    """The reason in English, with the day and the words that say so."""
    day = f" ({urgency.on.isoformat()})" if urgency.on and urgency.kind is UrgentKind.GIFT_DATE else ""
    return f"{_EN[urgency.kind]}{day}: “{urgency.evidence}”"


def _day_ja(day: date) -> str:
    return f"{day.month}月{day.day}日({weekday_ja(day)})"
