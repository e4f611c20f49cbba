"""What a publisher's words say about hazard and remedy; a first proposal, which a person corrects."""

from __future__ import annotations

import re
from typing import Final

from anshin.safety.terms import HazardClass, HazardType, RemedyKind, Severity

_TYPES: Final[tuple[tuple[HazardType, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        (HazardType.CHOKING, r"窒息|誤飲|のどに詰|chok|suffocat|strangul|swallow|ingest"),
        (HazardType.FIRE, r"発火|発煙|火災|出火|焼損|煙が|\bfires?\b|smok|overheat"),
        (HazardType.ELECTRIC, r"感電|漏電|electric(?:al)? shock|electrocut"),
        (HazardType.EXPLOSION, r"破裂|爆発|explo|burst"),
        (HazardType.BURN, r"やけど|火傷|熱傷|burn"),
        (HazardType.FALL, r"転倒|転落|落下|tip[- ]over|\bfall\b|entrapment"),
        (HazardType.CUT, r"切り傷|切創|挟ま|挟み|割れ|破損|lacerat|pinch|amputat|\bcuts?\b"),
        (HazardType.POISON, r"中毒|ガス|一酸化炭素|鉛|カドミウム|poison|carbon monoxide|\blead\b|toxic"),
        (HazardType.SKIN, r"皮膚|かぶれ|アレルギー性|発疹|skin|rash|dermat"),
        (HazardType.FOOD, r"食品|アレルゲン|表示漏れ|異物|賞味|消費期限|allergen|undeclared|salmonella|listeria"),
    )
)
_HURT: Final = re.compile(
    r"負傷|けがを|けがをし|重傷|軽傷|死亡|火傷を負|やけどを負|被害者|injur(?:y|ies|ed)|lacerations?\b.{0,40}reported"
    r"|burns? to|deaths?\b",
    re.IGNORECASE,
)
_UNHURT: Final = re.compile(r"no (?:injuries|incidents)[^.]{0,40}|(?:けが|被害)[^。]{0,12}ありません", re.IGNORECASE)
_DEADLY: Final = re.compile(r"死亡|命にかかわ|\bdeaths?\b|\bdied\b|fatal", re.IGNORECASE)
_SERIOUS: Final = re.compile(r"重傷|火災|発火|窒息|serious risk|class i\b|\bfires?\b|chok|electrocut", re.IGNORECASE)
_REMEDIES: Final = (
    (RemedyKind.REFUND, re.compile(r"返金|refund", re.IGNORECASE)),
    (RemedyKind.EXCHANGE, re.compile(r"交換|replace", re.IGNORECASE)),
    (RemedyKind.REPAIR, re.compile(r"修理|点検|repair|inspect", re.IGNORECASE)),
)


def hazard_type(text: str) -> HazardType:
    """What happens; OTHER where no word is known."""
    return next((kind for kind, words in _TYPES if words.search(text)), HazardType.OTHER)


def hazard_class(text: str) -> HazardClass:
    """Whether somebody was hurt already."""
    return HazardClass.HARM if _HURT.search(_UNHURT.sub("", text)) else HazardClass.DANGER


def severity(text: str) -> Severity:
    """How bad it may end; the middle where nothing is said."""
    plain = _UNHURT.sub("", text)
    if _DEADLY.search(plain):
        return Severity.DEADLY
    return Severity.SERIOUS if _SERIOUS.search(plain) else Severity.MEDIUM


def remedy(text: str) -> RemedyKind:
    """What buyers get, by the first word that says so."""
    return next((kind for kind, words in _REMEDIES if words.search(text)), RemedyKind.NONE)
