"""A return from the phone over the desk and the warehouse's tablet back to the phone, in a real browser."""

import re

from playwright.sync_api import expect

from tests.browser.test_a_return_on_the_phone import comes_in, looked_at, shot

ORDER, SUM = "KM-12877", "¥2,200"  # two mugs of long ago: a person decides, the card takes nothing back any more


def test_from_the_phone_over_the_tablet_back_to_the_phone(sit_down):
    customer, outside = sit_down(None, phone=True), sit_down(None)
    clerk, manager = sit_down("takeuchi"), sit_down("saeki")
    tablet = sit_down("kurata", size=(1024, 768))
    found: dict[str, object] = {}
    number = asked_for(customer, outside)
    status = customer.page
    expect(status.locator("main h1")).to_have_text("お申し込みを受け付けました")

    page = clerk.open(f"/s/komorebi/returns/{number}")
    looked_at(page, found, "return page")
    page.get_by_role("button", name="承認する").last.click()
    expect(page.get_by_role("button", name="承認する")).to_have_count(0)
    status.reload()
    expect(status.locator("main h1")).to_have_text("品物をお送りください")
    looked_at(status, found, "status, to send")

    inspected(tablet, number, found)
    status.reload()
    expect(status.locator(".trip-stop").nth(4)).to_contain_text("品物を調べ")

    page = manager.open(f"/s/komorebi/returns/{number}")
    page.get_by_role("button", name=f"{SUM}の返金を確定").click()
    expect(page.get_by_role("button", name=f"{SUM}の返金を確定")).to_have_count(0)
    looked_at(page, found, "return page, confirmed")

    status.reload()
    expect(status.locator("main")).to_contain_text("口座")
    looked_at(status, found, "status, settled")
    account = customer.open(f"/p/komorebi/returns/{number}/account?words=みずほ")
    looked_at(account, found, "account")
    assert found == {}


def asked_for(customer, outside):
    """Kashiwagi asks for her money back for one of two mugs; the number of the return."""
    comes_in(customer, outside)
    page = customer.open("/p/komorebi/returns/new")
    page.get_by_role("button", name=re.compile(ORDER)).click()
    page.locator("input[name=item]:enabled").first.check()
    page.get_by_role("button", name="理由と状態へ進む").click()
    page.get_by_label("商品が写真と違う").check()
    page.get_by_label("色", exact=True).check()
    page.get_by_label("使っていない").check()
    page.get_by_role("button", name="写真へ進む").click()
    with page.expect_navigation():
        page.locator("input[type=file]").nth(1).set_input_files([shot("grey")])
    page.get_by_role("button", name="ご希望へ進む").click()
    page.get_by_label("返金", exact=True).check()
    page.get_by_role("button", name="申し込む").click()
    page.wait_for_url(re.compile(r"/returns/\d+$"))
    return int(page.url.rpartition("/")[2])


def inspected(tablet, number, found):
    """The scanner types the label twice in one go; the parcel is here once, and nothing is done before the checks."""
    code = f"A{number:04d}A"
    page = tablet.open("/s/komorebi/warehouse/")
    looked_at(page, found, "warehouse")
    page.keyboard.type(f"{code}\n{code}\n")  # how much of the second one meets the next page is chance
    page.wait_for_url("**/warehouse/book-in*")
    page.wait_for_timeout(1000)
    expect(page.locator(".wh-number")).to_have_text([f"R-{number:04d}"])
    page = tablet.open(f"/s/komorebi/warehouse/book-in?r={number}")
    looked_at(page, found, "book in")
    page.get_by_role("button", name="受け取って検品する").click()
    page.wait_for_url(f"**/warehouse/inspect/{number}/1")
    expect(page.locator(".wh-item")).to_contain_text("1点のうち1点到着")
    page.locator("button[value=finish]").click()
    expect(page.locator(".wh-check .field-error")).to_have_count(5)
    tablet.complaints[:] = [words for words in tablet.complaints if "422" not in words]
    looked_at(page, found, "inspection, refused")
    for name, value in (("appearance", "ok"), ("accessories", "ok"), ("operation", "does_not_apply")):
        page.locator(f"label:has(input[name={name}][value={value}])").click()
    page.locator("input[name=grade][value=a]").check()
    page.locator("input[name=disposition][value=restock]").check()
    looked_at(page, found, "inspection, filled in")
    page.locator("button[value=finish]").click()
    page.wait_for_url(f"**/warehouse/?done={number}")
    page.locator("#wh-scan").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator("[aria-labelledby=wh-found]")).to_contain_text(f"R-{number:04d}")
