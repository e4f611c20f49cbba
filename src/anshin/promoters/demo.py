"""This room's part of the demo shop: one verified and sent to, one whose check ran out, one passed over, one new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from anshin.promoters import actions
from anshin.promoters.terms import Disclosure, Looked, Platform, Post, Reason, Seen, Sent, Verdict
from anshin.shops.terms import Role

if TYPE_CHECKING:
    from anshin.promoters.models import Promoter
    from anshin.shops.models import Membership, Shop

_AGO = timedelta(days=20)
_LONG_AGO = timedelta(days=230)
_GONE = timedelta(days=9)


@dataclass(frozen=True, slots=True)
class _Told:
    name: str
    platform: Platform
    address: str
    followers: int
    note: str = ""


_PEOPLE = (
    _Told("みどりの台所", Platform.INSTAGRAM, "https://instagram.example/midori_daidokoro", 18_400, "料理の写真"),
    _Told("暮らしの道具ノート", Platform.BLOG, "https://kurashi-dougu.example/", 6_200),
    _Told("KIRA★LIFE", Platform.TIKTOK, "https://tiktok.example/@kira_life", 120_000, "先方から連絡があった"),
    _Told("週末ごはん部", Platform.YOUTUBE, "https://youtube.example/@weekend-gohan", 9_800),
)


def fill(shop: Shop, *, staff: Mapping[str, Membership], skus: tuple[str, ...], now: datetime) -> None:
    """Written down as a person would, by the shop's first manager or owner. `skus`: of products that may be sent."""
    by = next((each for each in staff.values() if each.role in (Role.MANAGER, Role.OWNER)), None)
    if by is None or by.shop_id != shop.pk:
        return
    green, tools, kira, _weekend = (_added(by, told, now) for told in _PEOPLE)
    _verified(by, tools, followers=6_150, posts=12, reactions=140, now=now - _LONG_AGO)
    _verified(by, green, followers=18_320, posts=20, reactions=610, now=now - _AGO)
    looked = Looked(
        account_id=_account(kira),
        followers=118_900,
        posts=15,
        reactions=95,
        evidence="直近15件の投稿を見た。フォロワーが3日で8万人増えている。コメントは同じ短い英文ばかり。",
        verdict=Verdict.PASSED_OVER,
        reason=Reason.BOUGHT_FOLLOWERS,
        words="見積もりは断り、返事をした。",
    )
    actions.check_promoter(by=by, promoter_id=kira.pk, looked=looked, now=now - _GONE)
    for place, sku in enumerate(skus[:2]):
        sent_at = now - _AGO + timedelta(days=2 + 8 * place)
        sent = Sent(sku=sku, sent_on=sent_at.date(), disclosure=Disclosure.PR, note="投稿の最初に書く約束")
        made = actions.record_sample(by=by, promoter_id=green.pk, sent=sent, now=sent_at)
        if place == 0:
            post = Post("https://instagram.example/p/demo1", (sent_at + timedelta(days=5)).date(), Seen.SHOWN)
            actions.note_post(by=by, sample_id=made.pk, post=post, now=now - _GONE)


def _added(by: Membership, told: _Told, now: datetime) -> Promoter:
    return actions.add_promoter(
        by=by,
        name=told.name,
        platform=told.platform,
        address=told.address,
        followers=told.followers,
        note=told.note,
        now=now - _LONG_AGO,
    )


def _verified(by: Membership, found: Promoter, *, followers: int, posts: int, reactions: int, now: datetime) -> None:
    looked = Looked(
        account_id=_account(found),
        followers=followers,
        posts=posts,
        reactions=reactions,
        evidence="直近の投稿とコメント、フォロワーの増え方を見た。管理画面の数字も見せてもらった。",
        verdict=Verdict.VERIFIED,
    )
    actions.check_promoter(by=by, promoter_id=found.pk, looked=looked, now=now)


def _account(found: Promoter) -> int:
    return found.accounts.get().pk
