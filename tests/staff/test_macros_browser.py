"""Macros and drafts in a real browser: by keyboard, on a phone, over a reload and a sign-out."""

from __future__ import annotations

import pytest

from anshin.cases.models import Draft, Message
from anshin.replies.actions import save_macro
from tests.conftest import NOW
from tests.replies.writing import content
from tests.staff.test_desk_browser import (  # noqa: F401  fixtures
    DESK,
    PHONE,
    _database_for_threads,
    address,
    cases,
    chromium,
    expect,
    opened,
    pytestmark,
    server,
    violations,
)

SELECTED = "(text => text.value.slice(text.selectionStart, text.selectionEnd))(document.activeElement)"


@pytest.fixture
def macro(manager):
    return save_macro(by=manager, content=content(adds_tags=("配送",)), now=NOW)


def test_a_slash_opens_the_menu_and_enter_puts_the_macro_in(opened, cases, macro):  # noqa: F811
    page = opened(f"c/{cases[0].number}")
    page.keyboard.press("r")
    page.keyboard.type("/")
    expect(page.locator("#macro-menu input[type=search]")).to_be_focused()
    page.locator("#macro-menu input[type=search]").fill("配送の遅れ")
    expect(page.locator("#macro-list [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    text = page.locator("#write-reply textarea")
    expect(text).to_have_value("柏木 由紀子 様\n\nご注文 {{order.number}} の配送状況をお調べします。")
    expect(page.locator(".composer-marks mark")).to_have_text("{{order.number}}")
    assert page.evaluate(SELECTED) == "{{order.number}}"
    page.keyboard.type("KM-20417")
    expect(page.locator(".composer-marks")).to_have_count(0)
    expect(page.locator("[data-gap]")).to_be_hidden()
    expect(page.locator("input[name=adds_tag]")).to_be_checked()


def test_escape_leaves_the_slash_and_the_words(opened, cases, macro):  # noqa: F811
    page = opened(f"c/{cases[0].number}")
    page.keyboard.press("r")
    page.keyboard.type("1/2です\n/")
    expect(page.locator("#macro-menu input[type=search]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#write-reply textarea")).to_be_focused()
    assert page.input_value("#write-reply textarea") == "1/2です\n/"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_to_say(opened, cases, macro, size):  # noqa: F811
    page = opened(f"c/{cases[0].number}", size=size)
    page.click("[data-macros]")
    expect(page.locator("#macro-list [role=option]")).to_have_count(1)
    assert violations(page) == []
    page.click("#macro-list [role=option]")
    expect(page.locator(".macro-chips")).to_be_visible()
    assert violations(page) == []
    for path in ("macros", f"macros/{macro.pk}", "phrases", f"c/{cases[0].number}/macros"):
        assert violations(opened(path, size=size)) == []


def test_a_draft_with_a_macro_survives_a_reload_and_a_sign_out(opened, cases, macro, client, agent):  # noqa: F811
    page = opened(f"c/{cases[0].number}")
    page.click("[data-macros]")
    page.click("#macro-list [role=option]")
    expect(page.locator(".composer-marks mark")).to_have_text("{{order.number}}")
    page.keyboard.type("KM-20417")
    expect(page.locator("#write-reply [data-saved]")).not_to_be_empty()
    page.wait_for_timeout(1200)
    written = page.input_value("#write-reply textarea")
    page.reload()
    assert page.input_value("#write-reply textarea") == written
    assert "KM-20417" in written
    client.post("/account/logout/")
    client.force_login(agent.person)
    again = opened(f"c/{cases[0].number}")
    assert again.input_value("#write-reply textarea") == written
    expect(again.locator("input[name=adds_tag]")).to_be_checked()
    assert (Draft.objects.count(), Message.objects.filter(direction="out").count()) == (1, 0)
