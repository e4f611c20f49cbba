"""Ctrl-K and ⌘K with a whole demo shop behind it; the clock that hovering explains; notes that come by themselves."""

import re

import pytest
from playwright.sync_api import expect

LIST = "#palette .palette-list"


def asked(page, typed):
    """What the field offers, once it speaks of what was typed."""
    page.locator("#palette input").fill(typed)
    expect(page.locator(LIST)).to_contain_text(f"「{typed}」ですべての案件を検索")
    return page.locator(LIST)


@pytest.mark.parametrize("key", ["Control+k", "Meta+k"])
def test_either_key_opens_it_and_escape_gives_the_focus_back(sit_down, key):
    page = sit_down("takeuchi").open("/s/komorebi/orders")
    page.locator("input[name=number]").focus()
    page.keyboard.press(key)
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("input[name=number]")).to_be_focused()


def test_it_finds_cases_returns_orders_customers_and_pages(sit_down):
    page = sit_down("takeuchi").open("/s/komorebi/inbox/all")
    page.keyboard.press("Control+k")
    found = asked(page, "KM-20417")
    for group in ("案件", "返品", "注文"):
        expect(found.get_by_role("group", name=group, exact=True)).to_be_visible()
    expect(found.get_by_role("group", name="注文", exact=True)).to_contain_text("KM-20417")
    expect(asked(page, "R-0312").get_by_role("group", name="返品", exact=True)).to_contain_text("R-0312")
    expect(asked(page, "柏木").get_by_role("group", name="お客様", exact=True)).to_contain_text("柏木 由紀子")
    expect(asked(page, "申し送り").get_by_role("group", name="ページ", exact=True)).to_contain_text("申し送り")


def test_arrows_choose_and_enter_goes_there(sit_down):
    page = sit_down("takeuchi").open("/s/komorebi/inbox/all")
    page.keyboard.press("Control+k")
    asked(page, "R-0312")
    chosen = page.locator("#palette-chosen")
    expect(chosen).to_contain_text("R-0312")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_contain_text("すべての案件を検索")
    page.keyboard.press("ArrowDown")  # round to the first
    expect(chosen).to_contain_text("R-0312")
    expect(page.locator("#palette input")).to_have_attribute("aria-activedescendant", "palette-chosen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/komorebi/returns/312")


def test_what_a_page_can_do_is_offered_there(sit_down):
    page = sit_down("takeuchi").open("/s/komorebi/c/1042")
    page.keyboard.press("Control+k")
    actions = page.locator(LIST).get_by_role("group", name="この画面で", exact=True)
    expect(actions).to_contain_text("相談する")
    actions.get_by_role("option", name=re.compile("相談する")).click()
    page.wait_for_url("**/c/1042/escalate")


def test_a_role_is_offered_no_page_that_it_may_not_open(sit_down):
    seen = {}
    for person in ("kurata", "takeuchi", "saeki"):
        page = sit_down(person).open("/s/komorebi/inbox/all")
        page.keyboard.press("Control+k")
        expect(page.locator(LIST)).to_contain_text("申し送り")
        asked(page, "実績")
        seen[person] = page.locator(f"{LIST} a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    assert "/s/komorebi/figures" in seen["saeki"] and "/s/komorebi/macros/" not in seen["kurata"]
    assert "/s/komorebi/figures" not in seen["takeuchi"] + seen["kurata"]
    assert all(url.startswith("/s/komorebi/") for urls in seen.values() for url in urls)


def test_the_clock_is_explained_by_hovering_and_by_the_keyboard_and_moves_nothing(sit_down):
    page = sit_down("takeuchi").open("/s/komorebi/c/1042")
    button, clock = page.locator(".due-btn"), page.locator("#clock-pop")
    before = page.locator("#timeline").bounding_box()
    button.hover()
    expect(clock).to_contain_text("営業時間で")
    assert page.locator("#timeline").bounding_box() == before
    page.mouse.move(700, 600)
    expect(clock).to_be_hidden()
    button.hover()
    expect(clock).to_be_visible()
    button.click()  # stays now
    page.mouse.move(700, 600)
    page.wait_for_timeout(600)
    expect(clock).to_be_visible()
    button.click()
    expect(clock).to_be_hidden()
    page.locator("#case-head [data-key=Escape]").or_(page.locator("#main")).first.focus()
    page.keyboard.press("Tab")
    for _step in range(30):
        if page.evaluate("document.activeElement.matches('.due-btn')"):
            break
        page.keyboard.press("Tab")
    expect(button).to_be_focused()
    expect(clock).to_be_visible()
    page.keyboard.press("Tab")
    expect(clock).to_be_hidden()


def test_a_note_and_an_escalation_come_to_an_open_desk(sit_down):
    watching, acting = sit_down("saeki"), sit_down("takeuchi")
    page = watching.open("/s/komorebi/inbox/all")
    other = acting.open("/s/komorebi/handover")
    other.locator("#handover-text").fill("棚卸しのため倉庫は15時で閉まります")
    other.locator("form:has(#handover-text) .btn-primary").click()
    expect(page.locator("#handover-unread")).to_contain_text("倉庫は15時で閉まります")
    other = acting.open("/s/komorebi/c/1041/escalate")
    manager = other.locator("[name=receiver] option", has_text="佐伯").get_attribute("value")
    other.locator("[name=receiver]").select_option(value=manager)
    other.locator("[name=reason]").fill("返金してよいですか")
    other.locator("main form .btn-primary").click()
    expect(page.locator("#toasts")).to_contain_text("竹内 涼さんから案件 #1041 の相談です")
