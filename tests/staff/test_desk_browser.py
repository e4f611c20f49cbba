"""The desk in a real browser: keyboard, kana, drafts, undo, phone widths, and what axe has to say."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client

from anshin.cases.models import Draft, Message, Note
from tests.cases.writing import arrive
from tests.conftest import NOW
from tests.staff.desk_server import DeskServer

expect = pytest.importorskip("playwright.sync_api").expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
    pytest.mark.skipif(finders.find("anshin/app.js") is None, reason="the pages are not built; run frontend/build.py"),
]
DESK, PHONE = (1440, 900), (390, 844)


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES.split())
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="module", autouse=True)
def _database_for_threads(django_db_setup, django_db_blocker, tmp_path_factory):
    """SQLite in memory is one connection for all threads of the server; in a file each has its own, as in real life."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    memory, path = connection.settings_dict["NAME"], tmp_path_factory.mktemp("desk") / "desk.sqlite3"
    with django_db_blocker.unblock():
        connection.ensure_connection()
        keeper = sqlite3.connect(memory, uri=True)
        with closing(sqlite3.connect(path)) as file:
            keeper.backup(file)
        connection.settings_dict["NAME"] = str(path)
        connection.close()
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = memory
        connection.ensure_connection()
        keeper.close()


@pytest.fixture(scope="module")
def server(_database_for_threads) -> Iterator[DeskServer]:
    thread = DeskServer()
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield thread
    thread.terminate()


@pytest.fixture
def address(server) -> Iterator[str]:
    """Where the desk is served; after the test the server has finished whatever a closed browser had asked."""
    yield f"http://localhost:{server.port}"
    server.wait_until_quiet()


@pytest.fixture
def cases(shop, post):
    """Three cases, the newest last."""
    arrived = [
        arrive(shop, f"{at}@mail.example", at=NOW + timedelta(minutes=at), subject=f"問い合わせ{at}") for at in range(3)
    ]
    return [received.case for received in arrived]


@pytest.fixture
def opened(chromium, address, client, agent, cases):
    """Opens an address of the desk as the agent: opened("inbox/all", size=…, theme=…)."""
    client.force_login(agent.person)
    contexts = []

    def open_page(path, *, size=DESK, theme="light"):
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE)
        contexts.append(context)
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": address,
                },
                {"name": "anshin_theme", "value": theme, "url": address},
            ]
        )
        page = context.new_page()
        page.set_default_timeout(8000)
        page.troubles = []
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.on(
            "console", lambda said: page.troubles.append(said.text) if "Content Security Policy" in said.text else None
        )
        page.goto(f"{address}/s/komorebi/{path}")
        page.wait_for_load_state("load")
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            assert page.troubles == []
        context.close()


def violations(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]


def test_j_and_o_open_a_case_beside_the_list(opened, cases):
    page = opened("inbox/all")
    page.keyboard.press("j")
    page.keyboard.press("j")
    number = page.locator(".row-cursor").get_attribute("id").removeprefix("c")
    page.keyboard.press("o")
    page.wait_for_selector(f"#case[data-case='{number}']")
    assert page.url.endswith(f"/s/komorebi/c/{number}")
    assert page.locator(".row-on").get_attribute("id") == f"c{number}"
    assert f"#{number}" in page.title()
    assert page.locator(".row").count() == 3


def test_going_back_closes_the_case_again(opened, cases):
    page = opened("inbox/all")
    page.locator(".row-link").first.click()
    page.wait_for_selector("#case[data-case]")
    page.go_back()
    page.wait_for_selector("#case:not([data-case])")
    assert page.evaluate("document.body.dataset.open") is None


def test_ctrl_enter_sends_but_never_while_kana_are_composed(opened, cases):
    page = opened(f"c/{cases[0].number}")
    page.keyboard.press("r")
    page.keyboard.type("お調べします。")
    for event in ("{isComposing: true}", "{keyCode: 229}"):
        page.evaluate(
            f"""document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
            {{key: "Enter", ctrlKey: true, bubbles: true, cancelable: true, ...{event}}}))"""
        )
    page.wait_for_timeout(300)
    assert Message.objects.filter(direction="out").count() == 0
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry-own")
    assert [message.text[:7] for message in Message.objects.filter(direction="out")] == ["お調べします。"]
    assert page.input_value("#write-reply textarea") == ""


def test_undo_brings_the_reply_back_into_the_composer(opened, cases):
    page = opened(f"c/{cases[0].number}")
    page.keyboard.press("r")
    page.keyboard.type("お調べします。")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry-own")
    page.click("#toasts .toast-do")
    page.wait_for_selector(".entry-own", state="detached")
    expect(page.locator("#write-reply textarea")).to_have_value("お調べします。")
    assert Message.objects.get(direction="out").delivery == "taken_back"


def test_a_draft_is_saved_by_itself_and_is_there_again(opened, cases):
    page = opened(f"c/{cases[0].number}")
    page.keyboard.press("r")
    page.keyboard.type("あとで続きを書く")
    expect(page.locator("#write-reply [data-saved]")).not_to_be_empty()
    assert Draft.objects.get().text == "あとで続きを書く"
    page.reload()
    assert page.input_value("#write-reply textarea") == "あとで続きを書く"


def test_a_live_change_leaves_what_is_being_written(opened, cases):
    page = opened(f"c/{cases[0].number}")
    page.keyboard.press("r")
    page.keyboard.type("書きかけ")
    arrive(
        cases[0].shop,
        "late@mail.example",
        at=NOW + timedelta(minutes=9),
        text="急いでいます",
        refers_to=("0@mail.example",),
    )
    with page.expect_response(lambda answer: answer.url.endswith(f"/c/{cases[0].number}")):
        page.evaluate("htmx.trigger(document.querySelector('#case [data-live-topic]'), 'live')")
    expect(page.locator("#timeline .entry")).to_have_count(2)
    assert page.input_value("#write-reply textarea") == "書きかけ"


def test_n_writes_a_note_in_its_own_form(opened, cases):
    page = opened(f"c/{cases[0].number}")
    page.keyboard.press("n")
    page.keyboard.type("在庫を確かめる")
    assert page.locator("#write-reply").is_hidden()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry-note")
    assert Note.objects.get().text == "在庫を確かめる"
    assert Message.objects.filter(direction="out").count() == 0


def test_several_cases_are_taken_with_one_click(opened, cases, agent):
    page = opened("inbox/all")
    page.click("[data-bulk-start]")
    page.click("[data-bulk-all]")
    page.click("[popovertarget=bulk-assign]")
    page.locator("#bulk-assign .menu-item").first.click()
    page.wait_for_selector("#toasts .toast-card")
    for case in cases:
        case.refresh_from_db()
    assert [case.owner_id for case in cases] == [agent.pk] * 3


def test_letters_typed_into_a_field_are_letters(opened, cases):
    page = opened(f"c/{cases[0].number}")
    page.fill("[aria-label=タグを付ける]", "")
    page.locator("[aria-label=タグを付ける]").press_sequentially("jens?")
    assert page.input_value("[aria-label=タグを付ける]") == "jens?"
    assert page.locator("dialog[open]").count() == 0


def test_the_theme_changes_at_once_and_stays(opened, cases):
    page = opened("inbox/all", theme="auto")
    page.click("[popovertarget=me-menu]")
    with page.expect_response("**/theme"):
        page.click("#me-menu button[value=dark]")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_to_say(opened, cases, size, theme):
    for path in ("inbox/all", "inbox/closed", f"c/{cases[0].number}", f"c/{cases[0].number}?step=facts"):
        assert violations(opened(path, size=size, theme=theme)) == []


def test_axe_finds_nothing_to_say_about_the_components(opened):
    page = opened("inbox/all")
    page.goto(page.url.split("/s/")[0] + "/dev/components")
    assert violations(page) == []


def test_on_a_phone_list_case_and_facts_are_steps(opened, cases):
    page = opened("inbox/all", size=PHONE)
    assert page.locator(".case-pane").is_hidden()
    page.locator(".row-link").first.tap()
    page.wait_for_selector("#case[data-case]")
    assert page.locator("#list").is_hidden()
    assert page.locator("#facts").is_hidden()
    page.locator("[data-step-to=facts]").tap()
    assert page.locator("#facts").is_visible()
    assert page.locator("#composer").is_hidden()
    page.locator("#case-head [data-key=Escape]").tap()
    page.wait_for_selector(".row")
    assert page.url.endswith("/inbox/all")


def test_on_a_phone_every_target_has_room_for_a_thumb(opened, cases):
    for path in ("inbox/all", f"c/{cases[0].number}", f"c/{cases[0].number}?step=facts"):
        page = opened(path, size=PHONE)
        small = page.evaluate(
            """[...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
            .filter((one) => one.checkVisibility() && !one.closest(".sr-only, .skip, .tag"))
            .filter((one) => one.getBoundingClientRect().height + 2 * (one.matches(".chip") ? 5 : 0) < 44)
            .map((one) => one.outerHTML.slice(0, 100))"""
        )
        assert small == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_is_asked_from_elsewhere(opened, address, cases):
    page = opened("inbox/all")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/s/komorebi/c/{cases[0].number}")
    page.wait_for_load_state("load")
    assert asked
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_the_built_script_is_the_one_served(opened):
    page = opened("inbox/all")
    served = page.evaluate("fetch('/static/anshin/app.js').then((answer) => answer.text())")
    assert served == Path(finders.find("anshin/app.js")).read_text()


def test_what_was_written_after_the_sign_in_ended_is_there_again(opened, address, cases, manager):
    path = f"/s/komorebi/c/{cases[0].number}"
    page = opened(f"c/{cases[0].number}")
    mine = page.context.cookies()
    page.fill("#reply-form textarea", "まだ送っていない返信です。")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.wait_for_url(f"**/account/login/?next={path.replace('/', '%2F')}")
    other = Client()
    other.force_login(manager.person)  # somebody else at the same screen gets nothing of it
    key = other.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}])
    page.goto(address + path)
    assert page.input_value("#reply-form textarea") == ""
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.context.add_cookies(mine)
    with page.expect_response("**/reply/draft"):
        page.goto(address + path)
    assert page.input_value("#reply-form textarea") == "まだ送っていない返信です。"
    page.reload()
    assert page.input_value("#reply-form textarea") == "まだ送っていない返信です。"
