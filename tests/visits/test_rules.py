"""Hand-over tokens and limits: values in, decision out."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from anshin.visits.rules import entering as rules
from anshin.visits.terms import HandOver, HandOverFault

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
SECRET = "key-of-the-shop"
GOOD = {"shop": "komorebi", "mail": "a@mail.example", "ends": int(NOW.timestamp()) + 300, "nonce": "n" * 16}


def token(secret=SECRET, **changes):
    told = GOOD | changes
    return rules.sign(HandOver(told["shop"], told["mail"], told["ends"], told["nonce"]), secret=secret)


def signed(body: bytes):
    text = base64.urlsafe_b64encode(body).decode().rstrip("=")
    return f"{text}.{rules._packed(rules._signature(text, SECRET))}"


def fault(text):
    with pytest.raises(rules.NotBelieved) as refused:
        rules.read(text, shop="komorebi", secret=SECRET, now=NOW)
    return refused.value.why


def test_what_was_signed_is_read():
    read = rules.read(token(), shop="komorebi", secret=SECRET, now=NOW)
    assert (read.mail, rules.ends_at(read)) == ("a@mail.example", NOW + timedelta(seconds=300))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"secret": "other"}, HandOverFault.BROKEN),
        ({"shop": "shiosai"}, HandOverFault.OTHER_SHOP),
        ({"ends": int(NOW.timestamp())}, HandOverFault.OVER),
        ({"ends": int(NOW.timestamp()) + 601}, HandOverFault.TOO_LONG),
        ({"nonce": "short"}, HandOverFault.INCOMPLETE),
        ({"nonce": "n" * 201}, HandOverFault.INCOMPLETE),
        ({"mail": "nobody"}, HandOverFault.INCOMPLETE),
        ({"ends": True}, HandOverFault.INCOMPLETE),
        ({"ends": "9999999999"}, HandOverFault.INCOMPLETE),
        ({"ends": 10**30}, HandOverFault.INCOMPLETE),
        ({"mail": ["a@mail.example"]}, HandOverFault.INCOMPLETE),
    ],
)
def test_refused_with_the_reason(changes, why):
    assert fault(token(**changes)) == why


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"7", b"null", b"{}", b"\xff\xfe", b"[" * 1500, json.dumps(GOOD).encode()[:-1]]
)
def test_a_signed_body_that_is_no_hand_over_is_refused(body):
    assert fault(signed(body)) in {HandOverFault.INCOMPLETE, HandOverFault.BROKEN}


def test_each_changed_character_breaks_it():
    good = token()
    for place, character in enumerate(good):
        if character != ".":
            changed = good[:place] + ("A" if character != "A" else "B") + good[place + 1 :]
            assert changed[:-1] == good[:-1] or fault(changed) == HandOverFault.BROKEN


@pytest.mark.parametrize("text", ["", ".", "a.b", "日本.語", "a" * 3000, "....", "é.é"])
def test_nonsense_is_refused(text):
    assert fault(text) == HandOverFault.BROKEN


@pytest.mark.parametrize(
    ("counts", "limit"),
    [
        ({"order": 4, "contact": 4, "visitor": 19}, ""),
        ({"order": 5, "contact": 0, "visitor": 0}, "order"),
        ({"order": 0, "contact": 5, "visitor": 0}, "contact"),
        ({"order": 0, "contact": 0, "visitor": 20}, "visitor"),
        ({"order": 0, "contact": 0, "inner_visitor": 199}, ""),
    ],
)
def test_limits(counts, limit):
    assert rules.limit_reached(counts) == limit


@pytest.mark.parametrize(
    ("began", "seen", "over"), [(0, 0, False), (30, 30, False), (31, 31, True), (720, 5, False), (721, 5, True)]
)
def test_a_visit_ends_after_half_an_hour_or_twelve(began, seen, over):
    ago = [NOW - timedelta(minutes=minutes) for minutes in (began, seen)]
    assert rules.is_visit_over(began_at=ago[0], seen_at=ago[1], now=NOW) is over
