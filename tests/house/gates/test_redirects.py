"""No address leads away to another site, whatever is put where it reads where to go next."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.house.gates.asking import names_asked
from tests.house.gates.bodies import body
from tests.house.gates.walking import routes
from tests.house.gates.watching import body_of, taken_back

pytestmark = pytest.mark.django_db
AWAY = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "https:evil.example", "javascript:alert(1)")
ONWARD = {"next", "back", "to", "url", "return", "redirect", "continue", "onward", "from", "process", "here", "then"}
LINK = re.compile(r"""(?:href|src|action|hx-\w+)=["'](?:(?:https?:)?[/\\]{2}evil|javascript:)""")


def leads_away(answer):
    """Whether an answer, or a link on it, goes to another site."""
    told = [answer.headers.get(name, "") for name in ("Location", "HX-Redirect", "HX-Location", "Refresh")]
    parts = [urlsplit(each.replace("\\", "/")) for each in told]
    is_away = any(part.netloc not in {"", "testserver"} or part.scheme == "javascript" for part in parts)
    return is_away or any("evil.example" in part.path[:14] for part in parts) or bool(LINK.search(body_of(answer)))


def read_by(browser, method, address, form):
    """Names of `ONWARD` that the view reads, from its query and from its form."""
    with taken_back(), names_asked() as names:
        browser.generic(method, address) if method == "GET" else browser.post(address, form)
    return sorted(names.query & ONWARD), sorted(names.form & ONWARD)


@pytest.mark.parametrize("who", ["nobody", "owner"])
def test_nothing_leads_to_another_site(house, who):
    browser = Client(raise_request_exception=False) if who == "nobody" else house.client(house.ours.number)
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    away, read = [], set()
    for route in routes():
        address, form = route.address(house.ours.slug, house.ours.number), body(route.pattern, house.ours.number)
        for method in ("GET", "POST"):
            query, posted = read_by(browser, method, address, form)
            read |= {(route.pattern, name) for name in (*query, *posted)}
            for name, where in ((name, where) for name in {*query, *posted} for where in AWAY):
                with taken_back():
                    data = form | {name: where}
                    answer = browser.get(address, data) if method == "GET" else browser.post(f"{address}", data)
                browser.cookies.clear()
                for cookie, value in cookies.items():
                    browser.cookies[cookie] = value
                if leads_away(answer):
                    away.append(f"{method} {address} {name}={where}")
    assert away == []
    assert {name for _pattern, name in read} >= {"next"}


def test_the_page_a_click_came_from_is_gone_back_to_only_if_it_is_ours(house):
    browser, away = house.client(house.ours.number), []
    for route in (each for each in routes() if each.is_of_shop):
        address, form = route.address(house.ours.slug, house.ours.number), body(route.pattern, house.ours.number)
        with taken_back():
            answer = browser.post(address, form, headers={"Referer": "https://evil.example/"})
        if leads_away(answer):
            away.append(route.pattern)
    assert away == []
