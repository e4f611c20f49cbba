"""A policy as numbered clauses: number and text of each come from the same content, so neither can be wrong alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from anshin.returns.rules.policy_content import SKU, Override, PolicyContent
from anshin.returns.rules.policy_sentences import Sentences, sentences
from anshin.returns.terms import Clause, Payer, Wish

OUTSIDE = ("law", "contract")
"""Clauses that stand in the law and not in the policy."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One numbered sentence or two; `code` is by what a decision cites it."""

    code: str
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """Paragraphs under one title; `code` is the first part of theirs."""

    code: str
    number: str
    title: str
    paragraphs: tuple[Paragraph, ...]


def articles(content: PolicyContent, language: str = "ja") -> list[Article]:
    """The whole policy, numbered from 1; articles that would be empty do not appear."""
    say = sentences(language)
    written: list[Article] = []
    for code, paragraphs in _parts(content, say):
        if not paragraphs:
            continue
        place = len(written) + 1
        numbered = tuple(
            Paragraph(part, say.number(place, index if len(paragraphs) > 1 else None), text)
            for index, (part, text) in enumerate(paragraphs, start=1)
        )
        written.append(Article(code, say.number(place, None), say.say("titles", code), numbered))
    return written


def clause(content: PolicyContent | None, code: str, language: str = "ja") -> Clause:
    """The clause of this code as it is quoted; one that the policy does not have is cited by its article's first.

    Raises KeyError for a code of no article.
    """
    if code in OUTSIDE or content is None:
        say = sentences(language)
        outside = code if code in OUTSIDE else "law"
        return Clause(say.say("outside", f"{outside}_number"), say.say("outside", outside))
    paragraphs = [each for article in articles(content, language) for each in article.paragraphs]
    exact = next((each for each in paragraphs if each.code == code), None)
    near = exact or next((each for each in paragraphs if each.code.partition(".")[0] == code.partition(".")[0]), None)
    if near is None:
        raise KeyError(code)
    return Clause(near.number, near.text)


def _parts(content: PolicyContent, say: Sentences) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Article by article: its code and (code, text) of its paragraphs."""
    scope = [("scope.version", say.say("scope", "version")), ("scope.rights", say.say("scope", "rights"))]
    scope += _words("scope", content.law_words)
    yield "scope", scope
    yield "mind", list(_mind(content, say))
    yield "excluded", list(_excluded(content, say))
    yield "fault", list(_fault(content, say))
    yield "own", [(f"own.{place}", _own(content, each, say)) for place, each in enumerate(content.overrides)]
    yield "steps", list(_steps(content, say))


def _mind(content: PolicyContent, say: Sentences) -> Iterator[tuple[str, str]]:
    if not content.accepts:
        if content.accepts is False:
            yield "mind.period", say.say("mind", "not_accepted")
        yield from _words("mind", content.mind_words)
        return
    if content.days is not None:
        text = [say.say("mind", "period", within=say.within(content.days, content.start))]
        if content.moves_on_holiday:
            text.append(say.say("mind", "moves"))
        yield "mind.period", _together(text, say)
    state = "any_state" if content.allows_used else "unused" if content.allows_opened else "sealed"
    parts = (content.needs_package, content.needs_accessories)
    things = {(True, True): "package_and_accessories", (True, False): "package", (False, True): "accessories"}
    text = [say.say("mind", state)]
    if parts in things:
        text.append(say.say("mind", things[parts]))
    yield "mind.conditions", _together(text, say)
    text = [say.say("mind", f"postage_{content.payer or Payer.CUSTOMER}")]
    if content.fee_yen:
        text.append(say.say("mind", "fee", fee=say.yen(content.fee_yen)))
    yield "mind.postage", _together(text, say)
    yield from _words("mind", content.mind_words)


def _excluded(content: PolicyContent, say: Sentences) -> Iterator[tuple[str, str]]:
    goods = [say.say("tags", tag) for tag in content.excluded_tags]
    if goods:
        yield "excluded.goods", say.say("excluded", "goods", goods=say.join(goods, last="goods_last"))
    states = [key for key, is_so in (("opened", content.excludes_opened), ("used", content.excludes_used)) if is_so]
    if states:
        yield "excluded.state", _together([say.say("excluded", key) for key in states], say)
    if content.excludes_nothing and not goods and not states:
        yield "excluded.nothing", say.say("excluded", "nothing")
    yield from _words("excluded", content.excluded_words)
    if goods or states or content.excluded_words.strip():
        yield "excluded.but_fault", say.say("excluded", "but_fault")


def _fault(content: PolicyContent, say: Sentences) -> Iterator[tuple[str, str]]:
    if content.defect_days is not None:
        within = say.within(content.defect_days, content.defect_start)
        ways = [say.say("wishes", way) for way in Wish.values if way in content.defect_ways]
        whole = [say.say("wishes", way) for way in (Wish.REFUND, Wish.EXCHANGE) if way in content.defect_ways]
        yield "fault.defect", say.say("fault", "defect", within=within, ways=say.join(ways))
        yield "fault.pictured", say.say("fault", "pictured", within=within, ways=say.join(whole or ways))
    yield "fault.late", say.say("fault", "late")
    if content.photo_reasons:
        yield "fault.photos", say.say("fault", "photos")
    yield from _words("fault", content.defect_words)


def _own(content: PolicyContent, own: Override, say: Sentences) -> str:
    goods = say.say("tags", own.value) if own.kind != SKU else own.name or own.value
    if own.refused:
        return say.say("own", "refused", goods=goods)
    text = []
    if own.days is not None:
        text.append(say.say("own", "days", goods=goods, within=say.within(own.days, content.start)))
    if own.payer:
        named = say.say("own", f"payer_{own.payer}", goods=goods)
        text.append(say.say("mind", f"postage_{own.payer}") if text else named)
    if own.fee_yen is not None:
        fee = say.yen(own.fee_yen)
        text.append(say.say("own", "also_fee", fee=fee) if text else say.say("own", "fee", goods=goods, fee=fee))
    if own.defect_days is not None:
        within = say.within(own.defect_days, content.defect_start)
        named = say.say("own", "defect", goods=goods, within=within)
        text.append(say.say("own", "also_defect", within=within) if text else named)
    return _together(text, say)


def _steps(content: PolicyContent, say: Sentences) -> Iterator[tuple[str, str]]:
    yield "steps.contact", say.say("steps", "contact")
    wishes = [say.say("wish_choices", each) for each in Wish.values if each in content.wishes]
    if wishes:
        yield "steps.wishes", say.say("steps", "wishes", wishes=say.join(wishes, last="comma"))


def _words(article: str, words: str) -> Iterator[tuple[str, str]]:
    """What the shop wrote itself, in the language in which it did."""
    if words.strip():
        yield f"{article}.words", " ".join(words.split())


def _together(text: list[str], say: Sentences) -> str:
    return (" " if say.language in {"en", "ko"} else "").join(text)
