"""What the page of a public notice says of whom it reached does not move with what is bought and returned later."""

import pytest

from anshin.safety import actions, queries
from anshin.safety.models import Advisory
from anshin.safety.terms import Standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(approved, bought, publish_at):
    """Announced to four orders of three people, one of whom has no mail address."""
    first = bought(language="en")
    bought(customer=first.customer)
    bought()
    bought(mail="", phone="090-0000-0000")
    actions.release_due(now=publish_at)
    actions.announce(approved.pk, now=publish_at)
    return Advisory.objects.get(pk=approved.pk)


def counted(advisory):
    found = queries.audience_to_show(advisory)
    return found.told, found.orders(Standing.BY_PHONE), found.mails


def test_it_says_whom_it_reached_whatever_is_bought_afterwards(told, bought):
    before = counted(told)
    assert before == (4, 1, 2)
    bought()
    assert queries.audience(told).told == 5
    assert counted(told) == before


def test_while_a_correction_is_written_it_says_whom_that_would_reach(told, bought):
    bought()
    Advisory.objects.filter(pk=told.pk).update(facts_version=told.facts_version + 1)
    told.refresh_from_db()
    assert counted(told)[0] == 5


def test_before_the_release_it_is_counted_from_the_orders(ready, bought):
    bought()
    assert counted(ready) == (1, 0, 1)


def test_it_costs_three_queries(told, django_assert_num_queries):
    with django_assert_num_queries(3):
        queries.audience_to_show(told)


def test_languages_are_those_of_the_mails(told):
    assert queries.audience_to_show(told).by_language == {"en": 2, "ja": 1, "": 1}
