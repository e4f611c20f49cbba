"""The decision table: what is allowed, what a person decides, what is refused, and by which clause."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.commerce.terms import ProductTag, SalesChannel
from anshin.returns.rules.policy_clauses import clause
from anshin.returns.rules.policy_content import Override, PolicyContent, read, write
from anshin.returns.rules.policy_judging import CONTRACT, Asked, judge
from anshin.returns.terms import Condition, Payer, Reason, Verdict
from tests.returns.policy_texts import KOMOREBI, asked

MIND = (Reason.CHANGED_MIND, Reason.ORDERED_WRONG)
LATE = date(2026, 9, 1)


def said(**more):
    decision = judge(KOMOREBI, asked(**more))
    return decision.verdict, decision.payer, decision.clause


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({}, ("allowed", "customer", "mind.period")),
        ({"condition": "opened"}, ("allowed", "customer", "mind.period")),
        ({"condition": "used"}, ("refused", "customer", "excluded.state")),
        ({"asked_on": date(2026, 4, 16)}, ("refused", "customer", "mind.period")),
        ({"tags": ("food",)}, ("refused", "customer", "excluded.goods")),
        ({"tags": ("limited",)}, ("refused", "customer", "own.1")),
        ({"tags": ("sale",)}, ("refused", "customer", "own.0")),
        ({"tags": ("sale",), "asked_on": date(2026, 4, 8)}, ("allowed", "customer", "own.0")),
        ({"tags": ("sale", "limited"), "asked_on": date(2026, 4, 2)}, ("refused", "customer", "own.1")),
        ({"sku": "KT-01", "asked_on": date(2026, 5, 1)}, ("allowed", "shop", "own.2")),
        ({"sku": "KT-01", "asked_on": date(2026, 5, 2)}, ("refused", "shop", "own.2")),
        ({"accessories_kept": False}, ("needs_person", "customer", "mind.conditions")),
        ({"accessories_kept": None}, ("needs_person", "customer", "mind.conditions")),
        ({"delivered_on": None, "asked_on": LATE}, ("needs_person", "customer", "mind.period")),
        ({"delivered_on": None}, ("allowed", "customer", "mind.period")),
        ({"is_gift": True}, ("needs_person", "customer", "mind.period")),
        ({"is_gift": True, "condition": "used"}, ("needs_person", "customer", "excluded.state")),
        ({"reason": "defect", "has_photos": True}, ("allowed", "shop", "fault.defect")),
        ({"reason": "not_as_pictured", "has_photos": True}, ("allowed", "shop", "fault.pictured")),
        ({"reason": "defect"}, ("needs_person", "shop", "fault.defect")),
        ({"reason": "defect", "has_photos": True, "condition": "used"}, ("allowed", "shop", "fault.defect")),
        ({"reason": "defect", "has_photos": True, "tags": ("food",)}, ("allowed", "shop", "fault.defect")),
        ({"reason": "wrong_item", "has_photos": True, "asked_on": LATE}, ("needs_person", "shop", "fault.late")),
        ({"reason": "defect", "has_photos": True, "sku": "KT-01"}, ("allowed", "shop", "own.2")),
        ({"reason": "too_late"}, ("needs_person", "shop", "fault.late")),
        ({"reason": "other"}, ("needs_person", "shop", "fault.late")),
    ],
)
def test_the_table(more, outcome):
    assert said(**more) == outcome


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"asked_on": date(2026, 4, 8)}, ("allowed", True)),
        ({"asked_on": date(2026, 4, 9)}, ("refused", True)),
        ({"asked_on": date(2026, 4, 8), "condition": "used"}, ("needs_person", True)),
        ({"delivered_on": None, "shipped_on": None, "asked_on": LATE}, ("needs_person", True)),
        ({"reason": "defect", "asked_on": LATE}, ("needs_person", False)),
    ],
)
def test_without_any_policy_the_law_decides(more, outcome):
    decision = judge(None, asked(**more))
    assert (decision.verdict, decision.is_by_law) == outcome


def test_terms_that_were_not_shown_do_not_bind_within_the_eight_days():
    strict = PolicyContent(accepts=False, defect_days=7, defect_start="delivery")
    early, late = date(2026, 4, 8), date(2026, 4, 9)
    assert judge(strict, asked(asked_on=early)).verdict == "refused"
    unseen = judge(strict, asked(asked_on=early, was_shown=False))
    assert (unseen.verdict, unseen.payer, unseen.clause, unseen.is_by_law) == ("allowed", "customer", "law", True)
    assert unseen.until == early
    assert judge(strict, asked(asked_on=late, was_shown=False)).verdict == "refused"
    assert ("stated", False) in {(each.code, each.ok) for each in unseen.findings}


def test_terms_that_were_not_shown_still_hold_where_they_promise_more():
    on_the_tenth = judge(KOMOREBI, asked(was_shown=False))
    assert (on_the_tenth.verdict, on_the_tenth.is_by_law, on_the_tenth.clause) == ("allowed", False, "mind.period")
    first_days = judge(KOMOREBI, asked(was_shown=False, asked_on=date(2026, 4, 3)))
    assert (first_days.verdict, first_days.is_by_law, first_days.until) == ("allowed", True, date(2026, 4, 15))
    generous = judge(KOMOREBI, asked(was_shown=False, sku="KT-01", asked_on=date(2026, 4, 3)))
    assert (generous.payer, generous.is_by_law) == ("shop", False)


def test_what_the_shop_wants_a_person_to_look_at():
    content = PolicyContent(
        accepts=True,
        days=30,
        start="delivery",
        allows_opened=True,
        person_reasons=("ordered_wrong",),
        person_channels=("amazon",),
        person_above_yen=30_000,
    )
    assert judge(content, asked(amount_yen=30_000)).verdict == "allowed"
    for more, code in (
        ({"amount_yen": 30_001}, "amount"),
        ({"channel": "amazon"}, "channel"),
        ({"reason": "ordered_wrong"}, "by_person"),
    ):
        decision = judge(content, asked(**more))
        assert (decision.verdict, decision.findings[-1].code) == ("needs_person", code)


def test_a_fee_and_postage_of_certain_goods_beat_the_general_ones():
    content = PolicyContent(
        accepts=True,
        days=30,
        start="delivery",
        payer="customer",
        fee_yen=500,
        overrides=(Override(kind="tag", value="sale", fee_yen=0, payer="shop"),),
    )
    plain, on_sale = judge(content, asked()), judge(content, asked(tags=("sale",)))
    assert (plain.fee_yen, plain.payer) == (500, "customer")
    assert (on_sale.fee_yen, on_sale.payer, on_sale.clause) == (0, "shop", "own.0")


TAGS = st.lists(st.sampled_from(ProductTag.values), unique=True, max_size=3).map(tuple)
DAY = st.dates(date(2026, 4, 1), date(2026, 12, 1))
DAYS = st.one_of(st.none(), st.integers(0, 90))
OVERRIDES = st.lists(
    st.builds(
        Override,
        kind=st.just("tag"),
        value=st.sampled_from(ProductTag.values),
        refused=st.booleans(),
        days=DAYS,
        defect_days=DAYS,
        payer=st.sampled_from(["", *Payer.values]),
    ).filter(
        lambda each: each.refused or each.payer or {each.days, each.defect_days} != {None}  # saying nothing is a flaw
    ),
    max_size=3,
    unique_by=lambda each: each.value,
).map(tuple)
CONTENTS = st.builds(
    PolicyContent,
    accepts=st.booleans(),
    days=st.integers(0, 90),
    start=st.sampled_from(["delivery", "order", "shipping"]),
    defect_days=st.integers(0, 90),
    defect_start=st.just("delivery"),
    allows_opened=st.booleans(),
    allows_used=st.booleans(),
    needs_accessories=st.booleans(),
    excluded_tags=TAGS,
    excludes_used=st.booleans(),
    overrides=OVERRIDES,
    payer=st.sampled_from(Payer.values),
)
REQUESTS = st.builds(
    Asked,
    reason=st.sampled_from(Reason.values),
    condition=st.sampled_from(Condition.values),
    ordered_on=st.just(date(2026, 3, 29)),
    asked_on=DAY,
    shipped_on=st.one_of(st.none(), st.just(date(2026, 3, 30))),
    delivered_on=st.one_of(st.none(), st.just(date(2026, 4, 1))),
    tags=TAGS,
    channel=st.sampled_from(SalesChannel.values),
    is_gift=st.booleans(),
    has_photos=st.booleans(),
    accessories_kept=st.sampled_from([True, False, None]),
    was_shown=st.booleans(),
)


@given(st.one_of(st.none(), CONTENTS), REQUESTS)
def test_whatever_the_policy_and_the_request(content, request):
    decision = judge(content, request)
    if request.reason not in MIND:
        assert decision.verdict != Verdict.REFUSED, "contract liability ends with no period"
        assert decision.payer == Payer.SHOP, "an unknown fault is not the customer's"
    if request.is_gift:
        assert decision.verdict == Verdict.NEEDS_PERSON
    if decision.verdict == Verdict.ALLOWED:
        assert all(each.ok or each.code in {"stated"} for each in decision.findings)
        assert request.reason in MIND or request.reason in CONTRACT
    if decision.verdict == Verdict.REFUSED:
        assert any(not each.ok for each in decision.findings)
    assert clause(content, decision.clause).text


@given(CONTENTS, REQUESTS)
def test_who_was_not_shown_the_terms_is_never_worse_off(content, request):
    ranks = [Verdict.REFUSED, Verdict.NEEDS_PERSON, Verdict.ALLOWED]
    shown, unseen = (judge(content, _with(request, was_shown=shown)) for shown in (True, False))
    assert ranks.index(unseen.verdict) >= ranks.index(shown.verdict)


@given(CONTENTS, REQUESTS)
def test_asking_a_day_earlier_is_never_worse(content, request):
    ranks = [Verdict.REFUSED, Verdict.NEEDS_PERSON, Verdict.ALLOWED]
    earlier = judge(content, _with(request, asked_on=request.asked_on - timedelta(days=1)))
    assert ranks.index(earlier.verdict) >= ranks.index(judge(content, request).verdict)


@given(CONTENTS)
def test_what_is_written_is_read_again(content):
    assert read(write(content)) == content


def _with(request, **more):
    import dataclasses

    return dataclasses.replace(request, **more)
