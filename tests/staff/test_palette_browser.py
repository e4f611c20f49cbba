"""Ctrl-K in a real browser: from anywhere to a case by keyboard alone; and list rows whose marks can be read."""

from __future__ import annotations

from datetime import timedelta

from anshin.cases.actions import set_tags, set_urgent
from anshin.plumbing.jobs.inline import run_due_jobs
from tests.conftest import NOW
from tests.staff.test_desk_browser import (  # noqa: F401  fixtures
    _database_for_threads,
    address,
    cases,
    chromium,
    expect,
    opened,
    pytestmark,
    server,
)


def test_ctrl_k_leads_to_a_case_by_its_words(opened, cases):  # noqa: F811
    run_due_jobs(NOW + timedelta(minutes=10))
    page = opened("inbox/all")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type("問い合わせ1")
    expect(page.locator("#palette [role=option]").first).to_contain_text(f"#{cases[1].number} ")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/c/{cases[1].number}")


def test_enter_while_kanji_are_chosen_goes_nowhere_and_escape_closes_at_once(opened, cases):  # noqa: F811
    page = opened("inbox/all")
    page.keyboard.press("Control+k")
    page.keyboard.type("といあわせ")
    page.evaluate(
        """document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
        {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert page.url.endswith("/inbox/all")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_a_mark_in_a_row_is_shown_with_its_words_or_not_at_all(opened, cases, agent):  # noqa: F811
    set_urgent(by=agent, case_id=cases[0].pk, is_urgent=True, now=NOW)
    names = ["けがのおそれ", "返品の返金待ち", "交換品の手配", "お得意様"]
    set_tags(by=agent, case_id=cases[0].pk, names=names, now=NOW)
    page = opened("inbox/all")
    marks = page.evaluate(
        f"""[...document.querySelectorAll("#c{cases[0].number} .row-marks > *")].map((one) => {{
            const line = one.parentElement.getBoundingClientRect(), box = one.getBoundingClientRect();
            return [box.top < line.bottom, Math.round(box.width), one.textContent.trim()];
        }})"""
    )
    shown = [(width, words) for is_shown, width, words in marks if is_shown]
    assert len(shown) >= 2
    assert [words for width, words in shown if width < 12 * min(len(words), 5)] == []
