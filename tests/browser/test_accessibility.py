"""axe finds nothing on any page, in both modes and on the phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

OWNER_PAGES = [
    "/s/komorebi/inbox/mine",
    "/s/komorebi/inbox/unassigned",
    "/s/komorebi/inbox/closed",
    "/s/komorebi/c/1042",
    "/s/komorebi/c/1029",
    "/s/komorebi/c/1042/merge",
    "/s/komorebi/c/1042/split",
    "/s/komorebi/orders",
    "/s/komorebi/customers",
    "/s/komorebi/returns/",
    "/s/komorebi/returns/312",
    "/s/komorebi/imports",
    "/s/komorebi/journal",
    "/s/komorebi/jobs",
    "/s/komorebi/settings",
    "/s/komorebi/settings/mail/",
    "/s/komorebi/settings/sign-in",
    "/account/factor/",
    "/account/sessions/",
    "/s/komorebi/new",
    "/s/komorebi/warehouse/",
    "/s/komorebi/warehouse/?q=nothing",
    "/s/komorebi/warehouse/book-in?r=310",
    "/s/komorebi/warehouse/inspect/299/1",
    "/s/komorebi/warehouse/unknown",
    "/s/komorebi/settings/portal",
    "/s/komorebi/settings/policy",
    "/s/komorebi/settings/policy/3",
    "/s/komorebi/settings/returns",
    "/s/komorebi/settings/refunds",
    "/s/komorebi/troubles",
    "/s/komorebi/troubles/1",
    "/s/komorebi/transfers/",
    "/s/komorebi/transfers/1",
    "/s/komorebi/transfers/2",
    "/dev/outside",
    "/dev/outside/write",
]
OPEN_PAGES = ["/account/login/", "/account/login/code/", "/f/komorebi/", "/account/password/reset/", "/nowhere"]


def violations(page):
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    return [f"{each['id']}: {node['target']}" for each in found.response["violations"] for node in each["nodes"]]


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_staff_pages_have_no_violation(sit_down, look):
    desk = sit_down("anju", phone=look == "phone", theme="dark" if look == "dark" else "light")
    found = {}
    for path in OWNER_PAGES:
        page = desk.open(path)
        assert page.title(), path
        page.wait_for_timeout(300)
        if words := violations(page):
            found[path] = words
    assert found == {}


def test_open_pages_have_no_violation(sit_down):
    desk = sit_down(None)
    found = {}
    for path in OPEN_PAGES:
        page = desk.open(path)
        if words := violations(page):
            found[path] = words
    desk.complaints[:] = [words for words in desk.complaints if "404" not in words]
    assert found == {}
