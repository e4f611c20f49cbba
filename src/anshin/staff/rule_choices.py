"""What can be chosen in a rule: the values of each condition and of each thing that a rule does, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from anshin.cases.queries import own_topics
from anshin.cases.terms import Channel, Status
from anshin.commerce.terms import OrderState
from anshin.plumbing.pages import dates
from anshin.routing.queries import skills_of
from anshin.routing.terms import FITTING, LANGUAGES, MANAGER, NO, NOBODY, YES, Effect, Field, SkillKind
from anshin.shops.queries import colleagues, may
from anshin.shops.terms import Permission
from anshin.staff.topic_words import choices as topic_choices
from anshin.staff.topic_words import group_name

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

Choices = list[tuple[str, str]]
TYPED = {Field.WORDS: "text", Field.DOMAIN: "text", Field.TAG: "text", Field.CUSTOMER_TAG: "text"}
NUMBERS = frozenset({Field.CASE_COUNT, Field.ORDER_COUNT, Field.ORDER_TOTAL})


def language_name(code: str) -> str:
    """A language in the reader's."""
    return {
        "ja": _("Japanese"),
        "en": _("English"),
        "zh-Hans": _("Chinese (simplified)"),
        "zh-Hant": _("Chinese (traditional)"),
        "ko": _("Korean"),
    }.get(code, code)


def skill_name(kind: str, value: str) -> str:
    """A skill in words."""
    if kind == SkillKind.LANGUAGE:
        return language_name(value)
    if kind == SkillKind.TOPICS:
        return _("Topics: %(group)s") % {"group": group_name(value)}
    return value


class RuleChoices:
    """The choices of one shop, looked up once a page when they are needed."""

    def __init__(self, by: Membership) -> None:
        self.shop: Shop = by.shop
        self._people: Choices | None = None
        self._topics: Choices | None = None
        self._skills: Choices | None = None

    def of_field(self, field: Field) -> Choices:
        """Values of a condition, [] where something is typed."""
        build = _FIELDS.get(field)
        return build(self) if build else []

    def of_effect(self, effect: Effect) -> Choices:
        """Values of what a rule does, [] where something is typed or nothing is needed."""
        if effect == Effect.ASSIGN:
            return self.people()
        if effect == Effect.ASSIGN_SKILLED:
            return self.skills()
        if effect == Effect.ESCALATE:
            return self.receivers()
        return _urgency() if effect == Effect.URGENT else []

    def people(self) -> Choices:
        """Everybody who answers customers."""
        if self._people is None:
            self._people = [
                (str(each.pk), str(each.person)) for each in colleagues(self.shop) if may(each, Permission.ANSWER)
            ]
        return self._people

    def owners(self) -> Choices:
        return [(NOBODY, pgettext("owner", "nobody yet")), *self.people()]

    def topics(self) -> Choices:
        """Whole groups first, then each topic."""
        if self._topics is None:
            own = {each.code: each.name for each in own_topics(self.shop)}
            self._topics = []
            for group in topic_choices((), own):
                codes = [each["code"] for each in group["topics"]]
                part = codes[0].partition(".")[0] if codes else ""
                if len(codes) > 1:
                    self._topics.append((f"{part}.", _("%(group)s (all)") % {"group": group["label"]}))
                self._topics += [(each["code"], str(each["label"])) for each in group["topics"]]
        return self._topics

    def skills(self) -> Choices:
        """Who fits the case by language and topic, then each skill that somebody has."""
        if self._skills is None:
            every = [(f"{kind}:{value}", skill_name(kind, value)) for kind, value in skills_of(self.shop)]
            self._skills = [(FITTING, _("The case’s own language and topic")), *every]
        return self._skills

    def receivers(self) -> Choices:
        """Before whom a case can be put."""
        skills = [(value, _("Whoever has the skill: %(skill)s") % {"skill": name}) for value, name in self.skills()]
        return [(MANAGER, _("A manager")), *self.people(), *skills]

    def label(self, choices: Choices, value: str) -> str:
        """What a value is called; for one that is gone, so."""
        return dict(choices).get(value, _("(no longer there)"))


def _labels(choices: type[Channel] | type[OrderState], *, without: frozenset[str] = frozenset()) -> Choices:
    return [(each.value, str(each.label)) for each in choices if each.value not in without]


def _statuses(_choices: RuleChoices) -> Choices:
    return [(each.value, str(each.label)) for each in Status if each != Status.SPAM]


def _weekdays(_choices: RuleChoices) -> Choices:
    names = dates.weekday_names(language=get_language() or "ja")
    return [(str(day), name) for day, name in enumerate(names)]


def _urgency(_choices: RuleChoices | None = None) -> Choices:
    return [(YES, pgettext("case", "urgent")), (NO, pgettext("case", "not urgent"))]


_FIELDS: Mapping[Field, Callable[[RuleChoices], Choices]] = {
    Field.CHANNEL: lambda _choices: _labels(Channel),
    Field.TOPIC: RuleChoices.topics,
    Field.LANGUAGE: lambda _choices: [(code, language_name(code)) for code in LANGUAGES],
    Field.URGENT: _urgency,
    Field.OPENING: lambda _choices: [(NO, _("outside opening hours")), (YES, _("within opening hours"))],
    Field.WEEKDAY: _weekdays,
    Field.OWNER: RuleChoices.owners,
    Field.STATUS: _statuses,
    Field.ORDER_STATE: lambda _choices: _labels(OrderState),
    Field.ORDER_GIFT: lambda _choices: [(YES, _("a gift")), (NO, _("no gift"))],
}
