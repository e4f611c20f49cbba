"""The register of promoters: nobody is verified without a check, a check runs out, and samples need one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from anshin.commerce.models import Product
from anshin.plumbing.journal.models import JournalEntry
from anshin.promoters import actions, queries, rules
from anshin.promoters.models import Account, Check, Promoter, Sample, Verification
from anshin.promoters.terms import VALID_DAYS, Looked, Post, Sent, Standing
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW, member

pytestmark = pytest.mark.django_db
TODAY = NOW.astimezone(ZoneInfo("Asia/Tokyo")).date()
ADDRESS = "https://instagram.example/midori"


def add(by, name="みどりの台所", address=ADDRESS, **more):
    told = {"platform": "instagram", "followers": 18_400} | more
    return actions.add_promoter(by=by, name=name, address=address, now=NOW, **told)


def looked(found, **more):
    plain = Looked(
        account_id=found.accounts.get().pk, followers=18_320, posts=20, reactions=610, evidence="直近20件",
        verdict="verified",
    )  # fmt: skip
    return replace(plain, **more)


def check(by, found, *, now=NOW, **more):
    return actions.check_promoter(by=by, promoter_id=found.pk, looked=looked(found, **more), now=now)


def sent(day=TODAY, **more):
    return replace(Sent(sku="CP-1", sent_on=day, disclosure="pr"), **more)


def send(by, found, *, now=NOW, **more):
    return actions.record_sample(by=by, promoter_id=found.pk, sent=sent(**more), now=now)


def standing(found, today=TODAY):
    found.refresh_from_db()
    return queries.standing_of(found, today=today)


@pytest.fixture
def product(shop):
    return Product.objects.create(shop=shop, sku="CP-1", name="湯のみ")


def test_without_a_check_it_is_not_verified_and_no_sample_is_recorded(manager, product):
    found = add(manager)
    assert (standing(found), str(standing(found).label)) == (Standing.UNVERIFIED, "未確認")
    with pytest.raises(actions.NotVerified):
        send(manager, found)
    assert not Sample.objects.exists()


def test_after_a_check_a_sample_is_recorded_with_the_words_agreed(manager, product):
    found = add(manager)
    made = check(manager, found)
    assert (made.checked_by, made.followers_seen, made.followers_stated) == (manager, 18_320, 18_400)
    assert standing(found) == Standing.VERIFIED
    kept = send(manager, found, note="最初に書く")
    assert (kept.sku, kept.product_name, kept.disclosure, kept.sent_on) == ("CP-1", "湯のみ", "pr", TODAY)
    assert kept.verification.promoter == found
    events = list(
        JournalEntry.objects.filter(event__startswith="promoter.").order_by("id").values_list("event", flat=True)
    )
    assert events == ["promoter.added", "promoter.checked", "promoter.sample_sent"]


def test_a_check_runs_out_by_itself_after_half_a_year(manager, product):
    found = add(manager)
    check(manager, found)
    last = TODAY + timedelta(days=VALID_DAYS)
    assert (standing(found, last), standing(found, last + timedelta(days=1))) == (
        Standing.VERIFIED,
        Standing.UNVERIFIED,
    )
    assert queries.has_run_out(found, today=last + timedelta(days=1))
    later = NOW + timedelta(days=VALID_DAYS + 1)
    with pytest.raises(actions.NotVerified):
        send(manager, found, now=later, day=later.astimezone(ZoneInfo("Asia/Tokyo")).date())
    check(manager, found, now=later)
    send(manager, found, now=later, day=later.astimezone(ZoneInfo("Asia/Tokyo")).date())


@pytest.mark.parametrize("verdict", ["unverified", "passed_over"])
def test_a_later_check_takes_the_verification_away(manager, product, verdict):
    found = add(manager)
    check(manager, found)
    check(manager, found, verdict=verdict, reason="bought_followers")
    assert standing(found) == verdict
    with pytest.raises(actions.NotVerified):
        send(manager, found)
    assert found.verified_until is None and Check.objects.count() == 2


def test_the_day_decides_on_the_clock_of_the_shop(manager, product):
    """23:30 UTC is the next morning in Tokyo: the check holds from there."""
    found, late = add(manager), datetime(2026, 11, 20, 23, 30, tzinfo=ZoneInfo("UTC"))
    check(manager, found, now=late)
    assert Verification.objects.get().valid_from == date(2026, 11, 21)
    with pytest.raises(actions.PromoterRefused, match="その日はまだ"):
        send(manager, found, now=late, day=date(2026, 11, 20))


def test_the_database_refuses_a_sample_without_verification_and_beyond_its_days(manager, product):
    found = add(manager)
    check(manager, found)
    under = Verification.objects.get()
    fields = {
        "shop_id": found.shop_id, "valid_from": under.valid_from, "valid_until": under.valid_until, "sku": "CP-1",
        "product_name": "湯のみ", "disclosure": "pr", "recorded_at": NOW,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Sample.objects.create(**fields, verification=None, sent_on=TODAY)
    for day in (under.valid_from - timedelta(days=1), under.valid_until + timedelta(days=1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sample.objects.create(**fields, verification=under, sent_on=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sample.objects.create(**fields, verification_id=under.pk + 99, sent_on=TODAY)
        connection.check_constraints()
    Sample.objects.create(**fields, verification=under, sent_on=TODAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "verified", "reason": "other"},
        {"verdict": "passed_over", "reason": ""},
        {"verdict": "passed_over", "reason": "mood"},
        {"verdict": "maybe", "reason": ""},
        {"evidence": ""},
        {"posts": 3, "reactions": None},
    ],
)
def test_the_database_refuses_a_check_without_reason_or_evidence(manager, wrong):
    found = add(manager)
    fields = {
        "shop_id": found.shop_id, "promoter": found, "platform": "x", "address": ADDRESS, "followers_stated": 1,
        "followers_seen": 1, "evidence": "見た", "verdict": "verified", "checked_at": NOW,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.create(**fields | wrong)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"verdict": "passed_over"}, "理由を選んで"),
        ({"verdict": "passed_over", "reason": "other"}, "理由を書いて"),
        ({"evidence": "  "}, "何を見たか"),
        ({"followers": -1}, "フォロワー数"),
        ({"posts": 3, "reactions": None}, "両方"),
        ({"posts": 0, "reactions": 5}, "1件以上"),
        ({"verdict": ""}, "確認の結果"),
        ({"account_id": 99_999}, "どのアカウント"),
    ],
)
def test_a_check_that_says_too_little_is_refused_with_words(manager, wrong, word):
    found = add(manager)
    with pytest.raises(actions.PromoterRefused, match=word):
        check(manager, found, **wrong)
    assert not Check.objects.exists() and standing(found) == Standing.UNVERIFIED


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"sku": "NO"}, "商品番号"),
        ({"disclosure": "secret"}, "広告であること"),
        ({"day": TODAY + timedelta(days=1)}, "先の日付"),
        ({"day": TODAY - timedelta(days=1)}, "その日はまだ"),
    ],
)
def test_a_wrong_sample_is_refused_with_words(manager, product, wrong, word):
    found = add(manager)
    check(manager, found)
    with pytest.raises(actions.PromoterRefused, match=word):
        send(manager, found, **wrong)
    assert not Sample.objects.exists()


def test_anothers_product_is_not_sent(manager, other_shop):
    Product.objects.create(shop=other_shop, sku="CP-1", name="よその湯のみ")
    found = add(manager)
    check(manager, found)
    with pytest.raises(actions.PromoterRefused):
        send(manager, found)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://x.example/a",
        "x.example",
        "https://",
        "https://u:p@x.example/",
        "https://x.example/ a",
    ],
)
def test_only_whole_https_addresses_become_links(manager, address):
    with pytest.raises(actions.PromoterRefused, match="https"):
        add(manager, address=address)
    assert not Promoter.objects.exists()


def test_one_address_stands_once_in_a_shop_and_may_in_another(manager, other_shop):
    add(manager)
    with pytest.raises(actions.PromoterRefused, match="すでに"):
        add(manager, name="別の人")
    add(member(other_shop, "manager", "m@shiosai.example", "汐見 守"))
    assert Promoter.objects.count() == 2


def test_the_post_is_noted_with_whether_the_words_stand_there(manager, product):
    found = add(manager)
    check(manager, found)
    kept = send(manager, found)
    for wrong in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(actions.PromoterRefused, match="投稿日"):
            actions.note_post(by=manager, sample_id=kept.pk, post=Post(ADDRESS, wrong, "shown"), now=NOW)
    check(manager, found, verdict="passed_over", reason="hides_advertising")
    noted = actions.note_post(by=manager, sample_id=kept.pk, post=Post(f"{ADDRESS}/p/1", TODAY, "missing"), now=NOW)
    assert (noted.post_address, noted.posted_on, noted.seen) == (f"{ADDRESS}/p/1", TODAY, "missing")


def test_who_was_sent_something_stays_and_others_go_with_all(manager, product):
    kept, gone = add(manager), add(manager, name="新しい人", address="https://x.example/new")
    check(manager, kept)
    check(manager, gone)
    send(manager, kept)
    with pytest.raises(actions.PromoterRefused, match="約束の記録"):
        actions.remove_promoter(by=manager, promoter_id=kept.pk, now=NOW)
    actions.remove_promoter(by=manager, promoter_id=gone.pk, now=NOW)
    assert list(Promoter.objects.all()) == [kept] and Account.objects.count() == Check.objects.count() == 1


def test_the_last_account_stays(manager):
    found = add(manager)
    first = found.accounts.get()
    with pytest.raises(actions.PromoterRefused, match="最後"):
        actions.drop_account(by=manager, promoter_id=found.pk, account_id=first.pk, now=NOW)
    actions.add_account(
        by=manager, promoter_id=found.pk, platform="x", address="https://x.example/m", followers=1, now=NOW
    )
    actions.drop_account(by=manager, promoter_id=found.pk, account_id=first.pk, now=NOW)
    found.refresh_from_db()
    assert "x.example" in found.folded and "instagram" not in found.folded


@pytest.mark.parametrize("do", ["add", "check", "send", "remove"])
def test_agents_and_the_warehouse_may_not(manager, agent, shop, product, do):
    found = add(manager)
    check(manager, found)
    for by in (agent, member(shop, "warehouse", "w@komorebi.example", "倉田 蔵")):
        with pytest.raises(NotAllowed):
            {
                "add": lambda by=by: add(by, address="https://x.example/2"),
                "check": lambda by=by: check(by, found),
                "send": lambda by=by: send(by, found),
                "remove": lambda by=by: actions.remove_promoter(by=by, promoter_id=found.pk, now=NOW),
            }[do]()


def test_anothers_promoter_is_unknown(manager, other_shop, product):
    found = add(manager)
    theirs = member(other_shop, "manager", "m@shiosai.example", "汐見 守")
    with pytest.raises(actions.UnknownPromoter):
        check(theirs, found)
    assert queries.promoter_by_id(other_shop, found.pk) is None


def test_the_list_is_searched_folded_filtered_and_paged_by_key(manager, shop, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(queries, "PAGE_ROWS", 2)
    made = [add(manager, name=f"ＫＩＲＡ{number}", address=f"https://x.example/{number}") for number in range(5)]
    check(manager, made[0])
    check(manager, made[1], verdict="passed_over", reason="unfit")
    with django_assert_num_queries(2):
        first = queries.promoters_of(shop, today=TODAY, asked="kira")
        assert [each.accounts.all()[0].address[-1] for each in first.items] == ["4", "3"]
    second = queries.promoters_of(shop, today=TODAY, asked="kira", cursor=first.next)
    assert [each.pk for each in second.items] == [made[2].pk, made[1].pk]
    assert queries.promoters_of(shop, today=TODAY, asked="x.example/3").items == [made[3]]
    assert queries.promoters_of(shop, today=TODAY, standing="verified").items == [made[0]]
    assert queries.counts(shop, today=TODAY) == {"verified": 1, "unverified": 3, "passed_over": 1}
    later = TODAY + timedelta(days=VALID_DAYS + 1)
    assert queries.counts(shop, today=later) == {"verified": 0, "unverified": 4, "passed_over": 1}


@pytest.mark.parametrize("verdict", ["", "verified", "unverified", "passed_over"])
@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_the_database_and_the_rule_decide_alike(manager, shop, verdict, offset):
    found = add(manager)
    until = TODAY + timedelta(days=offset) if verdict == "verified" else None
    Promoter.objects.filter(pk=found.pk).update(verdict=verdict, verified_until=until)
    told = rules.standing(verdict, until, today=TODAY)
    assert [each for each in Standing if queries.promoters_of(shop, today=TODAY, standing=each).items] == [told]


@pytest.mark.parametrize(
    ("reactions", "followers", "percent"),
    [(610, 18_320, "3.33"), (0, 10, "0.00"), (None, 10, None), (5, 0, None), (1, 800, "0.13")],
)
def test_reactions_in_percent_of_followers(reactions, followers, percent):
    told = rules.reaction_percent(reactions=reactions, followers=followers)
    assert told == (None if percent is None else Decimal(percent))


@pytest.mark.parametrize(
    ("stated", "seen", "percent"), [(1000, 400, -60), (1000, 1000, 0), (0, 5, None), (200, 201, 1)]
)
def test_how_far_seen_and_stated_are_apart(stated, seen, percent):
    assert rules.difference_percent(stated=stated, seen=seen) == percent
