"""The demo shop's story holds together: nobody and nothing it names is missing."""

import re
from collections import Counter
from datetime import date, datetime

import pytest

from anshin.project.demo_shop.shape import ShopStory, Story
from anshin.project.demo_shop.story import read_story
from tests.project.demo_story.parts import NUMBER_FORMS, SLUGS, case, entries, order

KINDS_THE_REQUIREMENTS_NAME = {
    "D": {"impersonated_order"},
    "E": {"unpaid_reminder", "promise_to_pay", "crossed_payment"},
    "F": {"wrong_item_shop", "wrong_item_customer", "wrong_item_carrier", "wrong_item_unknown"},
    "G": {"not_arrived", "tracking_stuck", "wrong_address", "gift_date", "damaged_in_transit"},
    "H": {"not_as_pictured", "size_exchange", "defect", "defect_injury", "late_return", "missing_part"},
    "J": {"call_back", "overseas_en", "overseas_zh", "overseas_ko"},
    "L": {"return_procedure"},
    "M": {
        "order_status",
        "refund_status",
        "password_reset",
        "account_locked",
        "product_info",
        "stock",
        "subscription_change",
        "subscription_cancel",
        "delivery_options",
        "international_shipping",
        "cancel_request",
        "receipt_name",
        "bulk_purchase",
        "noshi",
    },
    "O": {"phishing_report"},
    "P": {"swapped_image", "odd_review", "duplicate_mail"},
    "Q": {"third_party_data", "angry_legitimate", "harassment", "sns_promotion", "thanks"},
}


# ── size ────────────────────────────────────────────────────────────────


def test_it_plays_on_a_sunday_in_november(story: Story) -> None:
    assert story.now.isoformat() == "2026-11-22T14:05:00+09:00"
    assert story.now.weekday() == 6


def test_it_is_the_same_story_every_time(story: Story) -> None:
    assert read_story() == story


def test_the_first_shop_is_big_enough_for_a_day_at_the_desk(komorebi: ShopStory) -> None:
    assert len(komorebi.orders) == 300
    assert 60 <= len(komorebi.cases) <= 70
    assert 105 <= len(komorebi.customers) <= 115
    assert 38 <= len(komorebi.products) <= 45
    assert Counter(one.channel for one in komorebi.orders).keys() == NUMBER_FORMS.keys()


def test_the_second_shop_is_small(story: Story) -> None:
    second = story.of_shop("shiosai")
    assert (len(second.orders), len(second.cases)) == (12, 8)


@pytest.mark.parametrize("group", KINDS_THE_REQUIREMENTS_NAME)
def test_every_kind_of_case_that_the_requirements_name_is_there(komorebi: ShopStory, group: str) -> None:
    assert KINDS_THE_REQUIREMENTS_NAME[group] <= {one.kind for one in komorebi.cases}


def test_no_case_is_of_a_kind_that_nobody_named(story: Story) -> None:
    named = set().union(*KINDS_THE_REQUIREMENTS_NAME.values())
    assert {one.kind for shop in story.shops for one in shop.cases} <= named


def test_every_channel_status_payment_and_carrier_occurs(komorebi: ShopStory) -> None:
    assert {one.channel for one in komorebi.cases} == {"email", "web_form", "phone_memo"}
    assert {one.status for one in komorebi.cases} == {"open", "waiting", "snoozed", "closed"}
    methods = {one.payment.method for one in komorebi.orders}
    assert methods == {
        "card",
        "cod",
        "bank_transfer",
        "convenience",
        "deferred",
        "amazon_pay",
        "paypay",
        "carrier",
    }
    carriers = {parcel.carrier for one in komorebi.orders for parcel in one.shipments}
    assert carriers == {"yamato", "sagawa", "japan_post"}


def test_some_mail_is_to_be_sent_the_old_way(komorebi: ShopStory) -> None:
    styles = Counter(message.mail_style for one in komorebi.cases for message in one.messages)
    assert styles.keys() == {"plain", "iso-2022-jp", "html", "quoted"}
    assert min(styles.values()) >= 2


# ── nothing named is missing ────────────────────────────────────────────


@pytest.mark.parametrize("slug", SLUGS)
def test_keys_and_numbers_are_unique(story: Story, slug: str) -> None:
    shop = story.of_shop(slug)
    for keys in (
        [one.sku for one in shop.products],
        [one.key for one in shop.customers],
        [mail for one in shop.customers for mail in one.mails],
        [one.phone for one in shop.customers if one.phone],
        [one.number for one in shop.orders],
        [one.number for one in shop.cases],
        [parcel.tracking for one in shop.orders for parcel in one.shipments],
    ):
        assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_orders_name_customers_and_products_that_exist(story: Story, slug: str) -> None:
    shop = story.of_shop(slug)
    customers, skus = {one.key for one in shop.customers}, {one.sku for one in shop.products}
    assert {one.customer for one in shop.orders} <= customers
    assert {line.sku for one in shop.orders for line in one.lines} <= skus


@pytest.mark.parametrize("slug", SLUGS)
def test_cases_name_customers_orders_and_staff_that_exist(story: Story, slug: str) -> None:
    shop, staff = story.of_shop(slug), {one.key for one in story.people_of(slug)}
    customers, numbers = {one.key for one in shop.customers}, {one.number for one in shop.orders}
    for one in shop.cases:
        assert one.customer in customers, one.number
        assert set(one.orders) <= numbers, one.number
        assert one.owner is None or one.owner in staff, one.number
        assert {message.sender for message in one.messages} <= staff | {"customer", "outside"}, one.number
        assert {note.by for note in one.notes} <= staff, one.number


@pytest.mark.parametrize("slug", SLUGS)
def test_a_case_speaks_of_its_own_customers_order_or_of_a_present_to_them(story: Story, slug: str) -> None:
    shop = story.of_shop(slug)
    names = {one.key: one.name for one in shop.customers}
    for one in shop.cases:
        for number in one.orders:
            told = order(shop, number)
            received = told.recipient.name if told.recipient else ""
            assert one.customer == told.customer or names[one.customer] == received, one.number


@pytest.mark.parametrize("slug", SLUGS)
def test_order_numbers_written_in_texts_exist(story: Story, slug: str) -> None:
    shop = story.of_shop(slug)
    numbers = {one.number for one in shop.orders}
    form = re.compile(r"KM-\d{5}|SF-\d{4}|komorebi-\d{8}|\b\d{3}-\d{7}-\d{7}\b|\b\d{6}-\d{8}-\d{10}\b")
    for one in shop.cases:
        for entry in entries(one):
            assert set(form.findall(entry.text)) <= numbers, one.number


@pytest.mark.parametrize("slug", SLUGS)
def test_a_named_mail_address_belongs_to_the_customer(story: Story, slug: str) -> None:
    shop = story.of_shop(slug)
    mails = {one.key: one.mails for one in shop.customers}
    for one in shop.cases:
        for message in one.messages:
            if message.sender == "customer" and message.mail_address:
                assert message.mail_address in mails[one.customer], one.number


def test_only_the_manager_works_in_both_shops(story: Story) -> None:
    assert [one.key for one in story.cast if len(one.memberships) == 2] == ["saeki"]
    assert [one.in_shop("komorebi").role for one in story.people_of("komorebi")] == [
        "owner",
        "agent",
        "manager",
        "agent",
        "limited",
        "warehouse",
    ]


# ── what the picture of the desk shows ──────────────────────────────────


def test_takeuchi_has_the_twelve_open_cases_of_the_picture(komorebi: ShopStory) -> None:
    mine = [one for one in komorebi.cases if one.owner == "takeuchi" and one.status == "open"]
    by_due = sorted(mine, key=lambda one: (one.due_at, -one.last_message_at.timestamp()))
    assert len(mine) == 12
    assert [one.subject for one in by_due][:9] == [
        "電球が点かず、焦げたにおいがします",
        "届いたバッグの色が写真と違います",
        "贈り物の熨斗を付け忘れました",
        "荷物が3日動いていません",
        "領収書の宛名を変えたいです",
        "返金はいつになりますか",
        "まとめて20個買うときの値段",
        "サイズを替えてもらえますか",
        "お茶の賞味期限を教えてください",
    ]
    assert sum(one.owner is None for one in komorebi.cases) == 5


def test_case_1042_is_the_one_in_the_picture(komorebi: ShopStory) -> None:
    bag = case(komorebi, 1042)
    assert [(one.at.strftime("%d %H:%M"), one.sender) for one in bag.messages] == [
        ("21 21:38", "customer"),
        ("22 09:12", "takeuchi"),
        ("22 13:53", "customer"),
    ]
    assert [(note.by, note.at.strftime("%H:%M")) for note in bag.notes] == [("saeki", "09:40")]
    assert bag.messages[2].attachments[0].name == "IMG_2231.jpg"
    ordered = order(komorebi, "KM-20417")
    assert (ordered.total_yen, ordered.shipping_fee_yen) == (7260, 660)
    assert ordered.shipments[0].delivered_at.date() == date(2026, 11, 20)


def test_kashiwagi_has_six_orders_and_two_past_cases(komorebi: ShopStory) -> None:
    orders = [one for one in komorebi.orders if one.customer == "kashiwagi"]
    assert (len(orders), sum(one.total_yen for one in orders)) == (6, 48200)
    assert [one.number for one in komorebi.cases if one.customer == "kashiwagi"] == [640, 871, 1042]


def test_the_three_similar_cases_were_closed_before(komorebi: ShopStory) -> None:
    closed = {number: case(komorebi, number).closed_at for number in (1024, 1031, 1039)}
    days = {number: at.strftime("%m-%d") for number, at in closed.items() if isinstance(at, datetime)}
    assert days == {1024: "11-18", 1031: "11-19", 1039: "11-21"}
