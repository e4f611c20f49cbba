"""Mails full of attacks in a real Chromium: shown as the desk shows them, and cleaned only, without any other guard.

Nothing runs, nothing leaves, nothing navigates, no window opens.
"""

from __future__ import annotations

import re

import pytest

from anshin.cases.models import Message
from anshin.plumbing.files.store import keep
from anshin.plumbing.mail.html import RemotePictures, safe_html
from tests.cases.writing import arrive
from tests.conftest import NOW
from tests.plumbing.mail.xss_vectors import mails, vectors
from tests.staff.test_desk_browser import (  # noqa: F401  fixtures
    _database_for_threads,
    address,
    cases,
    chromium,
    opened,
    pytestmark,
    server,
)

EVIL = "evil.example"
_SHOW = """html => {
  top.ran = undefined;
  document.body.innerHTML = html;
  document.body.innerHTML = document.body.innerHTML;  // written, read and written once more: mXSS
  const names = "click mouseover mouseenter focus blur pointerover animationstart keydown wheel scroll toggle paste";
  for (const each of document.body.querySelectorAll("*"))
    for (const name of names.split(" "))
      if (name !== "click" || !each.closest("a[href]"))  // a click on a link does leave; the next test looks at it
        each.dispatchEvent(new MouseEvent(name, {bubbles: false, cancelable: true}));
  return new Promise(done => setTimeout(() => done(top.ran), 0));
}"""


class Watch:
    """What a page did: requests that left, dialogs, windows, navigations."""

    def __init__(self, context, home):
        self.home, self.left, self.dialogs, self.windows = home, [], [], []
        context.route(re.compile(rf"{EVIL}|^(?!{re.escape(home)}|data:|about:|blob:)"), self._stop)
        context.on("page", self._opened)
        context.on("dialog", self._dismiss)

    def _stop(self, route):
        self.left.append(route.request.url)
        route.abort()

    def _opened(self, page):
        self.windows.append(page)

    def _dismiss(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()


def cleaned(html, remote=RemotePictures.BLOCKED):
    return safe_html(html, cid_urls={}, remote=remote).html


def test_there_are_at_least_a_hundred_different_vectors():
    assert len(set(vectors())) >= 200


def test_an_uncleaned_vector_does_act_so_that_these_tests_can_fail(chromium, address):  # noqa: F811
    context = chromium.new_context()
    page = context.new_page()
    watch = Watch(context, address)

    page.set_content(vectors()[0] + "<img src=https://evil.example/seen>")

    assert page.evaluate("() => top.ran") == [0]
    assert watch.left == ["https://evil.example/seen"]
    context.close()


def test_cleaned_mails_do_nothing_even_without_sandbox_and_policy(chromium, address):  # noqa: F811
    context = chromium.new_context()
    page = context.new_page()
    watch = Watch(context, address)
    page.goto(f"{address}/account/login/")
    page.evaluate("() => document.documentElement.innerHTML = '<body></body>'")
    where = page.url
    acted = []

    for html in mails():
        safe = cleaned(html)
        ran = page.evaluate(_SHOW, safe)
        if ran or page.url != where or watch.left or watch.windows:
            acted.append((html, safe, ran, list(watch.left)))
            watch.left.clear()

    assert acted == []
    assert watch.dialogs == []
    context.close()


def test_cleaned_markup_holds_nothing_active_however_it_is_parsed(chromium, address):  # noqa: F811
    context = chromium.new_context()
    page = context.new_page()
    found = page.evaluate(
        """pages => {
          const bad = [];
          for (const html of pages) {
            const tree = new DOMParser().parseFromString(html, "text/html");
            for (const each of tree.querySelectorAll("*")) {
              if (/^(script|iframe|frame|object|embed|base|meta|link|form|input|button|style|svg|math|template)$/i
                .test(each.localName)) bad.push(html);
              for (const attribute of each.attributes) {
                if (/^on|^(srcdoc|formaction|ping|srcset|background|poster)$/i.test(attribute.name)) bad.push(html);
                if (/^(href|src|cite)$/i.test(attribute.name)) {
                  const scheme = new URL(attribute.value, "https://here.example/").protocol;
                  const isPicture = /^data:image\\/(png|jpe?g|gif|webp)/i.test(attribute.value);
                  if (!isPicture && !/^(https?|mailto|tel|cid):$/.test(scheme)) bad.push(attribute.value);
                }
                if (attribute.name === "style" && /url|expression|import|behavior|binding/i.test(attribute.value))
                  bad.push(attribute.value);
              }
            }
          }
          return bad;
        }""",
        [cleaned(html) for html in mails()],
    )
    assert found == []
    context.close()


def mail_of(shop, name, html):
    """Case number and id of a message with that HTML."""
    received = arrive(shop, f"{name}@mail.example", at=NOW, subject=f"攻撃 {name}")
    blob = keep(shop.pk, html.encode(), now=NOW)
    Message.objects.filter(pk=received.message.pk).update(html_blob=blob, text="")
    return received.case.number, received.message.pk


@pytest.fixture
def mails_full_of_attacks(shop, post):
    """A mail for each eight vectors after which a mail goes on, and one for each that swallows what follows it."""
    each = vectors()
    swallowing = [vector for vector in each if "the end" not in cleaned(f"{vector}<b>the end</b>")]
    others = [vector for vector in each if vector not in swallowing]
    pages = ["\n".join(others[start : start + 8]) for start in range(0, len(others), 8)] + swallowing
    assert len(others) > 150
    return [mail_of(shop, f"xss{number}", html) for number, html in enumerate(pages)]


def test_the_desks_frame_runs_nothing_and_asks_nobody(mails_full_of_attacks, opened, address):  # noqa: F811
    shown_count = 0
    for number, message_id in mails_full_of_attacks[::6]:
        page = opened(f"c/{number}?html={message_id}")
        watch = Watch(page.context, address)
        page.reload()
        page.frame_locator("iframe[data-mail-frame]").first.locator("body").wait_for(state="attached")
        page.wait_for_load_state("networkidle")

        inner = next(each for each in page.frames if f"/messages/{message_id}/html" in each.url)
        shown_count += inner.locator("body *").count()
        assert page.evaluate("() => window.ran") is None
        assert (watch.left, watch.windows, watch.dialogs) == ([], [], [])
        assert page.url.endswith(f"/c/{number}?html={message_id}")
    assert shown_count > 20


@pytest.mark.parametrize("pictures", ["", "?pictures=1"])
def test_the_frames_address_opened_by_itself_runs_nothing(mails_full_of_attacks, opened, address, pictures):  # noqa: F811
    page = opened("inbox/all")
    watch = Watch(page.context, address)
    allowed = re.compile(rf"https://{EVIL}/\d+") if pictures else re.compile("nothing")

    for _number, message_id in mails_full_of_attacks:
        page.goto(f"{address}/s/komorebi/messages/{message_id}/html{pictures}")

        assert [url for url in watch.left if not allowed.fullmatch(url)] == []
        assert (watch.windows, watch.dialogs) == ([], [])
        assert page.url.endswith(f"/messages/{message_id}/html{pictures}")
