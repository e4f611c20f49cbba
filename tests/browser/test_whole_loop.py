"""What only a running server shows: the loop through the world outside, and colleagues' changes without a reload."""

import re

from playwright.sync_api import expect


def test_what_a_colleague_does_appears_without_a_reload(sit_down):
    watching, acting = sit_down("takeuchi"), sit_down("saeki")
    page = watching.open("/s/komorebi/c/1041")
    other = acting.open("/s/komorebi/c/1041")
    other.locator('[data-mode-to="note"]').click()
    other.locator("#write-note textarea").fill("倉庫に確認済みです")
    other.locator("#write-note [data-send]").click()
    expect(page.locator("#timeline")).to_contain_text("倉庫に確認済みです")


def test_an_answer_goes_out_and_the_customers_next_mail_comes_in_by_itself(sit_down):
    clerk, customer = sit_down("takeuchi"), sit_down(None)
    page = clerk.open("/s/komorebi/c/1042")
    page.locator("#write-reply textarea").fill("確認が済みました。土曜に間に合うようお送りします。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast-do")).to_be_visible()
    outside = customer.open("/dev/outside")
    row = outside.locator("li", has_text="届いたバッグの色が写真と違います").first
    for _try in range(30):
        if row.count() and "今日 14:" in row.inner_text():
            break
        outside.wait_for_timeout(1000)
        outside.reload()
    row.get_by_role("link", name=re.compile("返信する")).click()
    outside.locator("textarea").fill("ありがとうございます。楽しみにしています。")
    outside.locator("form button[type=submit], form .btn-primary").last.click()
    expect(page.locator("#timeline")).to_contain_text("楽しみにしています。", timeout=30_000)


def test_english_is_one_click_away(sit_down):
    page = sit_down("kogure").open("/s/komorebi/inbox/mine")
    page.locator(".rail-me button").click()
    page.locator('button[name="language"][value="en"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#list h1")).to_have_text("Mine")
