"""What lies open to everybody: customers' pages, the form, notices, live streams; tried with what is another's."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from anshin.commerce.models import Customer
from anshin.project import live_gate
from anshin.shops.models import Membership, Shop
from anshin.shops.terms import Role
from anshin.visits.actions.entering import begin_visit
from anshin.visits.models import Visit
from anshin.visits.terms import CameBy
from tests.house.gates.shapes import NOW
from tests.house.gates.trying import Trial
from tests.house.gates.walking import routes
from tests.house.gates.watching import ask, told

pytestmark = pytest.mark.django_db
OPEN = [route for route in routes() if route.pattern.startswith(("p/", "f/", "notices/", "mail/", "payments/"))]
NAMED = [route for route in OPEN if route.named]
BY_WORD = "<str:token>"  # pages behind a word of a mail: whoever has it is whoever got the mail
INSIDE = [route for route in NAMED if route.pattern.startswith("p/") and BY_WORD not in route.pattern]
# Words that are made from what was sent, so that a planted row has none; tried in tests/safety and tests/channels.
MADE = {"p/<slug:shop>/safety/<str:token>/"}


@pytest.fixture
def visitor(house):
    """The browser of a customer who has come in at a shop."""

    def come(planted, customer_id=None):
        browser, shop = Client(raise_request_exception=False), Shop.objects.get(pk=planted.number)
        customer = Customer.objects.get(pk=customer_id or planted.number)
        browser.cookies["anshin_visit"] = begin_visit(shop=shop, customer=customer, came_by=CameBy.CODE, now=NOW)
        return browser

    return come


def tried(trial, slug, these):
    """Each of the addresses about ours and about nobody's, looked at and posted to."""
    for route in these:
        for method in ("GET", "POST"):
            trial.both(method, *((route.address(slug, number), None, str(number)) for number in trial.numbers))
    return trial.wrong


def test_a_customer_finds_what_is_tried(house, visitor):
    trial = Trial(house, visitor(house.ours))
    lost = [
        route.pattern
        for route in [*INSIDE, *(each for each in NAMED if BY_WORD in each.pattern and each.pattern not in MADE)]
        if route.pattern.startswith("p/")
        and trial.ask("GET", route.address(house.ours.slug, house.ours.number), typed=True).status_code
        == trial.ask("GET", route.address(house.ours.slug, house.nobodys), typed=True).status_code
    ]
    assert lost == []


def test_nobody_learns_at_our_door_what_is_inside(house):
    trial = Trial(house, Client(raise_request_exception=False))
    for route in INSIDE:
        for number in trial.numbers:
            answer = trial.ask("GET", route.address(house.ours.slug, number))
            assert (answer.status_code, answer["Location"]) == (302, f"/p/{house.ours.slug}/")
    assert trial.wrong == []


def test_words_of_ours_open_nothing_at_another_shop(house):
    assert tried(Trial(house, Client(raise_request_exception=False)), house.theirs.slug, NAMED) == []


def test_a_customer_of_another_shop_finds_nothing_of_ours_there(house, visitor):
    assert tried(Trial(house, visitor(house.theirs)), house.theirs.slug, INSIDE) == []


def test_a_visit_at_another_shop_is_none_at_ours(house, visitor):
    browser = visitor(house.theirs)
    for route in INSIDE:
        address = route.address(house.ours.slug, house.ours.number)
        assert ask(browser, "GET", address).headers["Location"] == f"/p/{house.ours.slug}/?said=over"


def test_another_customer_of_ours_finds_nothing_of_the_first(house, visitor):
    other = Customer.objects.create(shop_id=house.ours.number, name="別人", created_at=NOW)
    browser = visitor(house.ours, other.pk)
    for route in INSIDE:
        for method in ("GET", "POST"):
            there, none = (
                told(ask(browser, method, route.address(house.ours.slug, number)), str(number))
                for number in (house.ours.number, house.nobodys)
            )
            assert there == none, f"{method} {route.pattern}"
            assert there[0] in {404, 405}


def test_a_visit_that_ended_is_none(house, visitor):
    browser = visitor(house.ours)
    Visit.objects.filter(customer_id=house.ours.number).update(ended_at=NOW)
    for route in INSIDE:
        answer = ask(browser, "GET", route.address(house.ours.slug, house.ours.number))
        assert answer.headers["Location"] == f"/p/{house.ours.slug}/?said=over"


class TestLive:
    """The stream of a shop's events, which lies before Django: whose a connection is."""

    @pytest.fixture(autouse=True)
    def _one_connection(self, monkeypatch):
        monkeypatch.setattr(live_gate, "close_old_connections", lambda: None)  # that of the test is the only one

    @staticmethod
    def viewer(browser, slug):
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
        headers = [(b"cookie", cookies.encode()), (b"host", b"testserver")]
        path = f"/s/{slug}/live"
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
        return live_gate._viewer(scope)

    def test_a_member_follows_her_own_shop_only(self, house):
        browser = house.client(house.theirs.number)
        assert self.viewer(browser, house.theirs.slug).shop_id == house.theirs.number
        assert self.viewer(browser, house.ours.slug) is None
        assert self.viewer(browser, "planted-c") is None

    def test_nobody_and_whoever_is_over_follow_nothing(self, house):
        member = house.member(house.ours, Role.AGENT)
        browser = house.client(member.person_id)
        assert self.viewer(browser, house.ours.slug).person_id == member.person_id
        assert self.viewer(Client(), house.ours.slug) is None
        Membership.objects.filter(pk=member.pk).update(is_active=False)
        assert self.viewer(browser, house.ours.slug) is None
        Membership.objects.filter(pk=member.pk).update(is_active=True)
        Session.objects.filter(pk=browser.session.session_key).update(expire_date=NOW)
        assert self.viewer(browser, house.ours.slug) is None
