"""A shop's rules: those that work now, ready to be asked; all of them for the screens; what each did."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from anshin.plumbing.pages.keyset import Page, page_of
from anshin.plumbing.prepared import Prepared
from anshin.routing import rules
from anshin.routing.models import Rule, RuleRun, RuleVersion
from anshin.routing.rules import Compiled
from anshin.routing.terms import Definition

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

RUNS_A_PAGE = 30
_MOST_SHOPS_KEPT = 64
_ANY_LIVE = Prepared(
    lambda shop: Rule.objects.filter(shop_id=shop, live_version__isnull=False).values_list("id")[:1], shop=int
)
_LIVE = Prepared(
    lambda shop: (
        Rule.objects.filter(shop_id=shop, live_version__isnull=False)
        .order_by("position", "id")
        .values_list("id", "live_version_id", "name", "live_since_at")
    ),
    shop=int,
)
_kept: OrderedDict[int, tuple[list[tuple[Any, ...]], tuple[LiveRule, ...]]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class LiveRule:
    """A rule that works, and since when: what happened before is none of its business."""

    since_at: datetime
    rule: Compiled


def has_live_rules(shop_id: int) -> bool:
    """Whether any rule of the shop works now: one small query."""
    return bool(_ANY_LIVE.tuples(shop=shop_id))


def live_rules(shop_id: int) -> tuple[LiveRule, ...]:
    """The shop's rules that work now, in their order. One query; what they say is read only after a change."""
    stamp = _LIVE.tuples(shop=shop_id)
    with _lock:
        known = _kept.get(shop_id)
        if known and known[0] == stamp:
            _kept.move_to_end(shop_id)
            return known[1]
    found = _compiled(stamp)
    with _lock:
        _kept[shop_id] = (stamp, found)
        while len(_kept) > _MOST_SHOPS_KEPT:
            _kept.popitem(last=False)
    return found


def forget_live_rules() -> None:
    """Forget what was kept; for tests, in which numbers are given twice."""
    with _lock:
        _kept.clear()


def rules_of(shop: Shop) -> list[Rule]:
    """The shop's rules in their order, those that were put away excluded: one query."""
    rows = Rule.objects.select_related("live_version").filter(shop=shop, removed_at=None)
    return list(rows.order_by("position", "id"))


def rule_of(by: Membership, rule_id: int) -> Rule | None:
    """A rule of the person's shop."""
    rows = Rule.objects.select_related("live_version")
    return rows.filter(shop_id=by.shop_id, pk=rule_id, removed_at=None).first()


def newest_version(rule: Rule) -> RuleVersion:
    """What the rule says since it was last changed."""
    return RuleVersion.objects.select_related("made_by__person").filter(rule=rule).order_by("-number")[0]


def versions_of(shop: Shop) -> dict[int, RuleVersion]:
    """The newest version of each rule of the shop, by the rule's id: one query."""
    rows = RuleVersion.objects.filter(shop=shop, rule__removed_at=None).order_by("number")
    return {version.rule_id: version for version in rows}


def definition_of(version: RuleVersion) -> Definition | None:
    """What a version says; None when a newer version of the program wrote it."""
    try:
        return rules.read_definition(version.definition)
    except rules.BadDefinition:
        return None


def runs_of_rule(rule: Rule, *, cursor: str = "") -> Page[RuleRun]:
    """What the rule did, newest first: two queries. Raises keyset.BadCursor."""
    rows = RuleRun.objects.select_related("case", "version", "undone_by__person").filter(rule=rule)
    return page_of(rows, order=("-id",), size=RUNS_A_PAGE, cursor=cursor)


def _compiled(stamp: list[tuple[Any, ...]]) -> tuple[LiveRule, ...]:
    said = RuleVersion.objects.filter(pk__in=[row[1] for row in stamp]).values_list("pk", "definition")
    definitions = dict(said)
    found = []
    for rule_id, version_id, name, since_at in stamp:
        try:
            definition = rules.read_definition(definitions[version_id])
        except (rules.BadDefinition, KeyError):  # written by a newer version of the program
            continue
        found.append(LiveRule(since_at, rules.compiled(rule_id, version_id, name, definition)))
    return tuple(found)
