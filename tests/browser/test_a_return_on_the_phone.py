"""A customer's whole way on a phone, in a real browser: the door, five steps, the status; with and without scripts."""

import io
import re

import pytest
from PIL import Image

from tests.browser.test_accessibility import violations

MAIL = "y-kashiwagi@mail.example"


def comes_in(customer, outside):
    """Through the door with the code that came by mail."""
    page = customer.open("/p/komorebi/")
    page.get_by_label("注文番号").fill("KM-20417")
    page.get_by_label("メールアドレスまたは電話番号").fill(MAIL)
    page.get_by_role("button", name="確認コードを送る").click()
    for _try in range(40):
        mails = outside.open("/dev/outside").content()
        codes = re.findall(r"確認コード (\d{6})", mails)
        if len(codes) > comes_in.seen:
            comes_in.seen = len(codes)
            break
        outside.page.wait_for_timeout(500)
    page.get_by_label("確認コード", exact=True).fill(codes[0])
    page.get_by_role("button", name="確認する").click()
    page.get_by_role("heading", name="ご注文とお問い合わせ").wait_for()
    return page


comes_in.seen = 0


def shot(colour):
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def looked_at(page, found, name):
    """axe, and nothing wider than the phone."""
    if words := violations(page):
        found[name] = words
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found[f"{name}: wide"] = wide


@pytest.mark.parametrize("look", ["light", "dark"])
def test_from_the_door_to_the_status_on_a_phone(sit_down, look):
    customer, outside = sit_down(None, phone=True, theme=look), sit_down(None)
    found: dict[str, object] = {}
    looked_at(customer.open("/p/komorebi/"), found, "door")
    page = comes_in(customer, outside)
    looked_at(page, found, "home")
    page.get_by_role("link", name="返品・交換を申し込む").first.click()
    looked_at(page, found, "order")
    number = "KM-19487" if look == "dark" else "KM-16544"
    page.get_by_role("button", name=re.compile(number)).click()
    looked_at(page, found, "items")
    page.locator("input[name=item]").first.check()
    page.get_by_role("button", name="理由と状態へ進む").click()
    page.get_by_label("商品が写真と違う").check()
    page.get_by_label("色", exact=True).check()
    page.get_by_label("使っていない").check()
    looked_at(page, found, "reason")
    page.get_by_role("button", name="写真へ進む").click()
    with page.expect_navigation():
        page.locator("input[type=file]").nth(1).set_input_files([shot("grey"), shot("brown")])
    page.get_by_alt_text("写真 2").wait_for()
    looked_at(page, found, "photos")
    page.get_by_role("button", name="ご希望へ進む").click()
    page.get_by_label("返金", exact=True).check()
    looked_at(page, found, "wish")
    page.get_by_role("button", name="申し込む").click()
    page.wait_for_url(re.compile(r"/returns/\d+$"))
    looked_at(page, found, "status")
    assert page.locator(".trip-stop").count() == 6
    assert found == {}


def test_by_keyboard_and_without_scripts(sit_down, chromium, demo):
    customer, outside = sit_down(None), sit_down(None)
    comes_in(customer, outside)
    bare = chromium.new_context(
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
        storage_state=customer.context.storage_state(),
    )
    page = bare.new_page()
    page.goto(f"{demo}/p/komorebi/returns/new")
    page.get_by_role("button", name=re.compile("KM-18043")).press("Enter")
    page.locator("input[name=item]").first.press("Space")
    page.locator("input[name=item]").first.press("Enter")
    page.locator("input[name=reason]").first.press("Space")
    page.locator("input[name=sub_reason]").first.press("Space")
    page.locator("input[name=condition]").first.press("Space")
    page.locator("input[name=condition]").first.press("Enter")
    page.locator("input[type=file]").nth(1).set_input_files([shot("grey")])
    page.get_by_role("button", name="選んだ写真を加える").last.press("Enter")
    assert page.get_by_alt_text("写真 1").is_visible()
    page.get_by_role("button", name="ご希望へ進む").press("Enter")
    page.locator("input[name=wish]").first.press("Space")
    page.locator("input[name=wish]").first.press("Enter")
    assert re.search(r"/returns/\d+$", page.url)
    bare.close()
