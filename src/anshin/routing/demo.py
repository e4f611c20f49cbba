"""This room's part of the demo: rules that were tried, who can do what, and notes between shifts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anshin.cases.queries import cases_in_view
from anshin.cases.terms import Sorting, View
from anshin.routing import actions
from anshin.routing.terms import (
    MANAGER,
    NOBODY,
    YES,
    Condition,
    Deed,
    Definition,
    Effect,
    Field,
    Op,
    SkillKind,
    Trigger,
)
from anshin.shops.terms import Role

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop


def fill(shop: Shop, *, staff: Mapping[str, Membership], now: datetime) -> None:
    """What managers and shifts would have left. `staff`: by the story's keys."""
    manager = next((each for each in staff.values() if each.role == Role.MANAGER), None)
    owner = next((each for each in staff.values() if each.role == Role.OWNER), None)
    agents = [each for each in staff.values() if each.role == Role.AGENT]
    if manager is None or owner is None or not agents:
        return
    _say_who_can_do_what(manager, owner, agents, now)
    _write_rules(manager, owner, now)
    _leave_notes(shop, manager, owner, agents[0], now)
    _ask_manager(agents[0], manager, now)


def _say_who_can_do_what(manager: Membership, owner: Membership, agents: list[Membership], now: datetime) -> None:
    at = now - timedelta(days=20)
    actions.set_skills(by=manager, member=owner, skills=[(SkillKind.WORD, "経理")], now=at)
    first = [(SkillKind.TOPICS, "return"), (SkillKind.TOPICS, "delivery")]
    actions.set_skills(by=manager, member=agents[0], skills=first, now=at)
    actions.set_skills(by=manager, member=agents[-1], skills=[(SkillKind.LANGUAGE, "en")], now=at)
    actions.set_on_call(by=manager, member=manager, is_on_call=True, now=at)


def _write_rules(manager: Membership, owner: Membership, now: datetime) -> None:
    receipts = Definition(
        trigger=Trigger.TOPIC,
        conditions=(
            Condition(Field.TOPIC, Op.IS, "payment.receipt"),
            Condition(Field.OWNER, Op.IS, NOBODY),
        ),
        deeds=(Deed(Effect.ASSIGN, str(owner.pk)), Deed(Effect.TAG, "経理")),
    )
    danger = Definition(
        trigger=Trigger.TOPIC,
        conditions=(Condition(Field.URGENT, Op.IS, YES), Condition(Field.TOPIC, Op.IS, "item.")),
        deeds=(Deed(Effect.ESCALATE, MANAGER),),
    )
    at = now - timedelta(minutes=10)
    rule = actions.save_rule(by=manager, name="領収書は経理へ", definition=receipts, now=at)
    actions.try_rule(by=manager, rule_id=rule.pk, now=at)
    actions.switch_on(by=manager, rule_id=rule.pk, now=at)
    actions.save_rule(by=manager, name="急ぎの不良品は責任者へ", definition=danger, now=at)


def _leave_notes(shop: Shop, manager: Membership, owner: Membership, agent: Membership, now: datetime) -> None:
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    yesterday = now - timedelta(hours=20)
    left = "ヤマト便の集荷が明日だけ15時になります。発送日のご案内は1日あとでお願いします。"
    actions.hand_over(by=owner, text=left, receiver_id=None, on=today - timedelta(days=1), now=yesterday)
    text = "#1042 の交換品を倉庫に頼みました。発送の連絡が来たら、お客様へお知らせをお願いします。"
    actions.hand_over(by=manager, text=text, receiver_id=agent.pk, on=today, now=now - timedelta(hours=1))


def _ask_manager(agent: Membership, manager: Membership, now: datetime) -> None:
    """The agent's most pressing case, put before the manager where it is urgent."""
    mine = cases_in_view(agent, View.MINE, sorting=Sorting.PRIORITY, cursor="").items
    if mine and mine[0].is_urgent:
        reason = "急ぎの件です。今日中にお返事したいので、対応の方針をご判断ください。"
        at = now - timedelta(minutes=20)
        actions.escalate(by=agent, case_id=mine[0].id, receiver_id=manager.pk, reason=reason, now=at)
