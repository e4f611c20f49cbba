"""What stands beside a reply, in a real browser: a word is replaced, a promise is made or left out while sending."""

from __future__ import annotations

import pytest

from anshin.cases.models import Message
from anshin.replies.models import Promise
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

SAID = "明日までにご連絡いたします。"


def written(page, words):
    text = page.locator("#write-reply textarea")
    text.fill(words)
    return text


def test_a_word_of_the_trade_is_replaced_and_the_hint_goes(opened, cases):  # noqa: F811
    page = opened(f"c/{cases[0].number}")
    text = written(page, "RMAを発行しました。箱にRMAをお書きください。")
    page.locator('[data-replace="RMA"]').click()
    expect(text).to_have_value("返品受付番号を発行しました。箱に返品受付番号をお書きください。")
    expect(page.locator("[data-replace]")).to_have_count(0)


def test_a_promise_is_made_while_sending_unless_it_is_unticked(opened, cases):  # noqa: F811
    for case, is_kept in ((cases[0], True), (cases[1], False)):
        page = opened(f"c/{case.number}")
        written(page, SAID)
        tick = page.locator(".reply-hints input[name=promise]")
        expect(tick).to_be_checked()
        if not is_kept:
            tick.uncheck()
        page.click("#write-reply [data-send]")
        expect(page.locator("#write-reply textarea")).to_have_value("")
        assert Message.objects.filter(case=case, direction="out").count() == 1
        assert Promise.objects.filter(case=case).exists() == is_kept


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_to_say_beside_a_reply(opened, cases, size):  # noqa: F811
    page = opened(f"c/{cases[0].number}", size=size)
    written(page, f"RMAを発行しました。不良品であっても返品はお受けできません。{SAID}")
    expect(page.locator(".reply-hints input[name=promise]")).to_be_visible()
    assert violations(page) == []
    for path in ("promises", "plain-words"):
        assert violations(opened(path, size=size)) == []
