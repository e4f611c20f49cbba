"""The owner of another shop at her own desk, with numbers of ours: in the address, in the query, in every form.

A number of ours is answered like a number that nobody has, shows no word of ours, and changes no row of ours.
"""

from itertools import product

import pytest

from tests.house.gates.asking import names_asked
from tests.house.gates.bodies import BODIES, NUMBER, body
from tests.house.gates.trying import Trial, pages
from tests.house.gates.walking import desk_routes

pytestmark = pytest.mark.django_db
# Names of a query that take a place in a list, a day, hours or a language, and so nothing of anybody.
PLAIN = {"page", "since", "until", "on", "day", "at", "days", "months", "sort", "language", "before", "after"}
PLAIN |= {"answer_hours", "resolution_hours"}
WORDED = {"q", "words", "number", "mail", "name", "phone", "order_number"}
SHORT = 6  # a form with more empty fields is filled in by hand; of those only what names something already is tried


@pytest.fixture
def trial(house):
    return Trial(house, house.client(house.theirs.number))


def test_a_number_of_ours_in_an_address_of_hers_is_nobodys(house, trial):
    slug, hers = house.theirs.slug, house.theirs.number
    for route in (each for each in desk_routes() if each.named):
        swaps = [set(route.named), *({name} for name in route.named if len(route.named) > 1)]
        said = body(route.pattern, hers)
        for method, swap in product(("GET", "POST"), swaps):
            addresses = [(route.address(slug, hers, dict.fromkeys(swap, number)), number) for number in trial.numbers]
            trial.both(method, *((address, said, str(number)) for address, number in addresses))
    assert trial.wrong == []


def test_a_word_of_ours_in_a_query_is_nobodys(house, trial):
    for address, names in pages(trial).queries:
        for name in sorted(names - PLAIN):
            words = (house.ours.mark, "nemonem") if name in WORDED else map(str, trial.numbers)
            trial.both("GET", *((f"{address}?{name}={word}", None, word) for word in words), typed=name in WORDED)
    assert trial.wrong == []


def test_a_number_of_ours_in_a_form_is_nobodys(house, trial):
    for route in desk_routes():
        address = route.address(house.theirs.slug, house.theirs.number)
        plain = pages(trial).forms.get(route.pattern, {}) | body(route.pattern, house.theirs.number)
        with names_asked() as names:
            if trial.ask("POST", address, plain).status_code == 405:
                continue
        empty = [name for name in names.form | plain.keys() if not plain.get(name)]
        carrying = [name for name in plain.keys() | names.form if _names_something(route.pattern, name, plain, house)]
        for name in sorted({*carrying, *(empty if len(empty) <= SHORT else ())}):
            forms = [(_swapped(plain, name, house, number), str(number)) for number in trial.numbers]
            trial.both("POST", *((address, form, word) for form, word in forms))
    assert trial.wrong == []


def _names_something(pattern, name, plain, house):
    """Whether a field carries a number of hers, or is known to take one."""
    hers = str(house.theirs.number)
    return hers in plain.get(name, "") or hers in name or NUMBER in BODIES.get(pattern, {}).get(name, "")


def _swapped(plain, name, house, number):
    """The form with another number in this field, or in its name."""
    hers = str(house.theirs.number)
    if hers in name:
        return {key: value for key, value in plain.items() if key != name} | {
            name.replace(hers, str(number)): plain.get(name) or "1"
        }
    value = plain.get(name, "")
    return plain | {name: value.replace(hers, str(number)) if hers in value else str(number)}
