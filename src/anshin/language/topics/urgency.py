"""Whether a message cannot wait, and why: danger, a taken-over account, a lawyer's letter, a day that is near."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from anshin.language.dates import read_dates
from anshin.language.terms import Grounds, Leaning, ReadDate
from anshin.language.topics.denials import denies
from anshin.language.topics.features import Said
from anshin.language.topics.urgency_cues import (
    BOUGHT,
    EVENT,
    HURRY,
    KINDS,
    NOT_KEPT,
    OVER,
    PROMISE,
    TODAY_IS,
)

NEAR_DAYS: Final = 14
"""A gift or event within so many days is near, if the message says that it hurries."""
HURRIED_DAYS: Final = 3
"""Within so many days it is near in any case."""
NOTHING_LEARNT: Final[Mapping[str, float]] = MappingProxyType({})
_LONGEST_EVIDENCE: Final = 60
_SAYS_NOTHING: Final = -9.0
_MAY_NAME_A_DAY: Final = re.compile(
    r"[0-9日週月曜朝晩夜末天后後周号號拜拝期욜날뒤남모오내]|ようび|きょう|あした|あす|あさって|おととい|きのう|ゆうべ|イブ|式|三|祭|句|夕|みそか|クリスマス|バレンタイン|ハロウィ"
    r"|圣诞|节|節|이브|크리스마스|성탄|데이|요일|추석|한가위|구정|어제|그저께|聴日|聽日|听日|day|week|month|tomorrow|tonight|evening|morning|afternoon|\bnight|eve|christmas|xmas|halloween|valentine"
)
_SENTENCES: Final = re.compile(r"(?<=[。!?！？\n])|(?<=[a-z]\.)\s")


class UrgentKind(StrEnum):
    """Why a message is urgent, the gravest first."""

    INJURY = "injury"
    FIRE = "fire"
    GAS = "gas"
    TAKEOVER = "takeover"
    LEGAL = "legal"
    GIFT_DATE = "gift_date"
    PROMISED_TODAY = "promised_today"


# Scores of the classifier, measured by bench/topics.py on hands it had not seen. Below the first it overrules words
# that may mean danger; above the second it needs none. Whether a day is near only words can tell, but of what is to
# happen on it the classifier may be sure.
_OVERRULED_BELOW: Final[Mapping[UrgentKind, float]] = MappingProxyType(
    {
        UrgentKind.INJURY: -0.3,
        UrgentKind.FIRE: -0.4,
        UrgentKind.GAS: -0.6,
        UrgentKind.TAKEOVER: -0.5,
        UrgentKind.LEGAL: -0.5,
        UrgentKind.GIFT_DATE: -0.8,
        UrgentKind.PROMISED_TODAY: -0.65,
    }
)
_SURE_ABOVE: Final[Mapping[UrgentKind, float]] = MappingProxyType(
    {
        UrgentKind.INJURY: -0.4,
        UrgentKind.FIRE: -0.4,
        UrgentKind.GAS: -0.4,
        UrgentKind.TAKEOVER: -0.3,
        UrgentKind.LEGAL: -0.4,
        UrgentKind.GIFT_DATE: -0.15,
        UrgentKind.PROMISED_TODAY: -0.3,
    }
)
_SURE_THOUGH_DENIED: Final = 0.6
"""So sure it must be where every sentence that names the danger rules it out."""


@dataclass(frozen=True, slots=True)
class Urgency:
    """Why a message is urgent. `evidence`: the words that say so; `on`: the day, for the last two kinds."""

    kind: UrgentKind
    evidence: str
    on: date | None = None


def judge(message: Said, *, sent_on: date, learnt: Mapping[str, float] = NOTHING_LEARNT) -> Urgency | None:
    """The gravest reason why the message cannot wait, or None. `learnt`: the classifier's score by kind.

    Words that may mean danger count unless the classifier clearly says no; without such words it must be sure.
    """
    parts = sentences(message)
    worded = {urgency.kind: urgency for urgency in _worded(parts, sent_on)}
    for kind in UrgentKind:
        score = learnt.get(kind, _SAYS_NOTHING)
        if kind in worded:
            if kind not in learnt or score > _OVERRULED_BELOW[kind]:
                return worded[kind]
        elif score > _SURE_ABOVE[kind] and (urgency := _without_words(kind, parts, sent_on, score)):
            return urgency
    return None


def candidates(message: Said, *, sent_on: date) -> tuple[Urgency, ...]:
    """Every reason for which the words may be urgent, the gravest first."""
    return _worded(sentences(message), sent_on)


def sentences(message: Said) -> list[str]:
    """The subject and the writer's own sentences, folded."""
    parts = [part.strip() for line in message.lines for part in _SENTENCES.split(line)]
    return [part for part in parts if part]


def dangers(parts: list[str]) -> list[tuple[str, str]]:
    """Kind of danger and the sentence that tells of it, without sentences that only ask or exclude it."""
    found = []
    whole = "\n".join(parts)
    for kind, pattern in KINDS.items():
        if not pattern.search(whole):
            continue
        evidence = next((part for part in parts if pattern.search(part) and not denies(kind, part)), None)
        if evidence:
            found.append((kind, evidence[:_LONGEST_EVIDENCE]))
    return found


def _worded(parts: list[str], sent_on: date) -> tuple[Urgency, ...]:
    found = [Urgency(UrgentKind(kind), evidence) for kind, evidence in dangers(parts)]
    near = _near_event(parts, sent_on) or _promised_today(parts, sent_on)
    return (*found, near) if near else tuple(found)


def _without_words(kind: UrgentKind, parts: list[str], sent_on: date, score: float) -> Urgency | None:
    """What the classifier alone is sure of: a danger that is not denied, a day that is named and near."""
    if kind in {UrgentKind.GIFT_DATE, UrgentKind.PROMISED_TODAY}:
        return _on_a_day(kind, parts, sent_on)
    if KINDS[kind].search("\n".join(parts)) and score <= _SURE_THOUGH_DENIED:
        return None
    return Urgency(kind, max(parts, key=len, default="")[:_LONGEST_EVIDENCE])


def _on_a_day(kind: UrgentKind, parts: list[str], sent_on: date) -> Urgency | None:
    within = 0 if kind is UrgentKind.PROMISED_TODAY else NEAR_DAYS
    for part in parts:
        for day in _days(part, sent_on):
            if day.is_exact and 0 <= (day.on - sent_on).days <= within and not OVER.search(part):
                return Urgency(kind, part[:_LONGEST_EVIDENCE], day.on)
    return None


def _near_event(parts: list[str], sent_on: date) -> Urgency | None:
    """A gift or event whose day comes within NEAR_DAYS; within HURRIED_DAYS nobody need say that it hurries."""
    whole = " ".join(parts)
    if not EVENT.search(whole) or OVER.search(whole):
        return None
    within = NEAR_DAYS if HURRY.search(whole) else HURRIED_DAYS
    ahead = [(day, part) for part in parts for day in _days(part, sent_on) if 0 <= (day.on - sent_on).days <= within]
    if not ahead:
        return None
    day, part = max(ahead, key=lambda each: each[0].on)
    return Urgency(UrgentKind.GIFT_DATE, part[:_LONGEST_EVIDENCE], day.on)


def _promised_today(parts: list[str], sent_on: date) -> Urgency | None:
    """A promise for today that has not been kept yet."""
    whole = " ".join(parts)
    if not PROMISE.search(whole) or not NOT_KEPT.search(whole):
        return None
    for part in parts:
        bare = TODAY_IS.sub("", part)
        if any(day.on == sent_on and day.is_exact for day in _days(bare, sent_on)):
            return Urgency(UrgentKind.PROMISED_TODAY, part[:_LONGEST_EVIDENCE], sent_on)
    return None


def _days(part: str, sent_on: date) -> list[ReadDate]:
    if not _MAY_NAME_A_DAY.search(part):
        return []
    read = read_dates(part, today=sent_on, leaning=Leaning.NEAREST)
    is_past = bool(BOUGHT.search(part))
    vague = {Grounds.RELATIVE_MONTH, Grounds.WEEKDAY} if is_past else {Grounds.RELATIVE_MONTH}
    return [day for day in read if day.grounds not in vague]
