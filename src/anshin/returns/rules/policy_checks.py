"""What is wrong with a draft before customers read it: what is empty, what contradicts itself, what does not bind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from anshin.returns.rules import policy_wording
from anshin.returns.rules.policy_content import TAG, PolicyContent

JAPAN = "JP"
_REFUSES = re.compile(
    r"不可|できません|できかね|いたしかね|お断り|受け?付け(?:ません|ておりません)|お受けしておりません|対象外"
)
_ACCEPTS = re.compile(r"(?:お受けします|受け?付けます|承ります|できます|可能です|返品可(?!能性))")
_TAG_WORDS = {
    "sale": re.compile(r"セール|特価|値下げ|アウトレット"),
    "limited": re.compile(r"限定"),
    "food": re.compile(r"食品|食べ物|飲料"),
    "hygiene": re.compile(r"衛生|下着|肌着|水着|ピアス|化粧品"),
    "made_to_order": re.compile(r"受注|オーダー|名入れ|特注"),
}
_OPENED = re.compile(r"開封")
_USED = re.compile(r"使用済|使用後|使用した|ご使用")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing to put right. `field` is where; `about` a code or the words in question; a grave one keeps the version
    from being published."""

    code: str
    field: str
    about: str = ""
    is_grave: bool = True


def flaws(content: PolicyContent, *, is_in_cart: bool, is_on_final_page: bool) -> list[Flaw]:
    """Everything, in the order of the fields. The two flags: the terms stand, or will stand, at these places."""
    found = [
        *_defects(content),
        *_mind(content),
        *_excluded(content),
        *_contradictions(content),
        *_own(content),
        *_wording(content),
    ]
    if not (is_in_cart and is_on_final_page):
        missing = "both" if not (is_in_cart or is_on_final_page) else "cart" if not is_in_cart else "final_page"
        found.append(Flaw("not_shown", "shown", missing, is_grave=False))
    return found


def grave_flaws(content: PolicyContent, cart_on: date | None, final_page_on: date | None) -> tuple[Flaw, ...]:
    """Those that keep the version from being published."""
    found = flaws(content, is_in_cart=cart_on is not None, is_on_final_page=final_page_on is not None)
    return tuple(each for each in found if each.is_grave)


def _defects(content: PolicyContent) -> Iterator[Flaw]:
    if content.defect_days is None:
        yield Flaw("defects_empty", "defect_days")
    elif not content.defect_start:
        yield Flaw("start_missing", "defect_start", str(content.defect_days))
    if not content.defect_ways:
        yield Flaw("ways_empty", "defect_ways")


def _mind(content: PolicyContent) -> Iterator[Flaw]:
    if content.accepts is None:
        yield Flaw("mind_empty", "accepts")
    if not content.accepts:
        return
    if content.days is None:
        yield Flaw("days_empty", "days")
    elif not content.start:
        yield Flaw("start_missing", "start", str(content.days))
    if not content.payer:
        yield Flaw("payer_empty", "payer")


def _excludes_something(content: PolicyContent) -> bool:
    return bool(
        content.excluded_tags
        or content.excludes_opened
        or content.excludes_used
        or content.excluded_words.strip()
        or any(each.refused for each in content.overrides)
    )


def _excluded(content: PolicyContent) -> Iterator[Flaw]:
    if _excludes_something(content):
        if content.excludes_nothing:
            yield Flaw("contradiction_nothing", "excludes_nothing")
    elif not content.excludes_nothing and content.accepts is not False:
        yield Flaw("excluded_empty", "excluded_tags")


def _contradictions(content: PolicyContent) -> Iterator[Flaw]:
    """What item 2 accepts and item 3 excludes."""
    for tag in content.excluded_tags:
        own = next((each for each in content.overrides if (each.kind, each.value) == (TAG, tag)), None)
        if own and not own.refused and (own.days is not None or own.payer):
            yield Flaw("contradiction_goods", "excluded_tags", tag)
    if content.accepts and content.allows_opened and content.excludes_opened:
        yield Flaw("contradiction_opened", "excludes_opened")
    if content.accepts and content.allows_used and content.excludes_used:
        yield Flaw("contradiction_used", "excludes_used")
    if content.accepts:
        yield from _words_against_choices(content)


def _words_against_choices(content: PolicyContent) -> Iterator[Flaw]:
    refused = {each.value for each in content.overrides if each.refused} | set(content.excluded_tags)
    for line in re.split(r"[。\n]", content.excluded_words):
        if _REFUSES.search(line):
            yield from _refused_in_words(content, line, refused)
    for line in re.split(r"[。\n]", content.mind_words):
        for tag in _tags_in(line) & refused if _ACCEPTS.search(line) else ():
            yield Flaw("contradiction_goods", "mind_words", tag)


def _refused_in_words(content: PolicyContent, line: str, refused: set[str]) -> Iterator[Flaw]:
    for tag in sorted(_tags_in(line) - refused):
        yield Flaw("contradiction_goods_words", "excluded_words", tag)
    if content.allows_opened and _OPENED.search(line):
        yield Flaw("contradiction_opened", "excluded_words")
    if content.allows_used and _USED.search(line):
        yield Flaw("contradiction_used", "excluded_words")


def _tags_in(line: str) -> set[str]:
    return {tag for tag, word in _TAG_WORDS.items() if word.search(line)}


def _own(content: PolicyContent) -> Iterator[Flaw]:
    seen: set[tuple[str, str]] = set()
    for each in content.overrides:
        says = each.refused or each.payer or {each.days, each.fee_yen, each.defect_days} != {None}
        if not says:
            yield Flaw("own_empty", "overrides", each.name or each.value)
        if (each.kind, each.value) in seen:
            yield Flaw("own_twice", "overrides", each.name or each.value)
        seen.add((each.kind, each.value))
        if each.days is not None and not content.start and not content.accepts:
            yield Flaw("start_missing", "start", str(each.days))


def _wording(content: PolicyContent) -> Iterator[Flaw]:
    for field in ("defect_words", "mind_words", "excluded_words", "law_words"):
        text = getattr(content, field)
        for words in policy_wording.periods_without_beginning(text):
            yield Flaw("words_without_start", field, words)
        if content.country == JAPAN:
            for words in policy_wording.foreign_laws(text):
                yield Flaw("foreign_law", field, words, is_grave=False)
        for words in policy_wording.denials(text):
            yield Flaw("right_denied", field, words)
