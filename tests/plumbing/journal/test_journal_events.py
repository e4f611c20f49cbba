"""Events become JSON of plain values and come back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db.models import TextChoices

from anshin.plumbing.journal import events
from anshin.plumbing.journal.events import Event, NotPlain, UnknownEvent, UnreadableEvent, event_class
from tests.plumbing.journal.sample_facts import DoorOpened, LampLit


class Colour(TextChoices):
    RED = "red", "Red"


@dataclass(frozen=True)
class Anything(Event):
    name: ClassVar[str] = "sample.anything"
    value: Any


def test_every_sort_of_plain_value_returns_as_it_was():
    event = DoorOpened(
        door_id=3,
        opened_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        due_on=date(2026, 11, 21),
        key_ids=(1, 2),
        is_locked=True,
    )
    payload = event.to_payload()
    assert payload == {
        "door_id": 3,
        "opened_at": "2026-11-20T09:30:00+00:00",
        "due_on": "2026-11-21",
        "key_ids": [1, 2],
        "is_locked": True,
    }
    assert DoorOpened.from_payload(payload) == event


def test_a_choice_is_stored_as_its_bare_text():
    payload = LampLit(lamp_id=1, colour=Colour.RED).to_payload()
    assert payload == {"lamp_id": 1, "colour": "red"}
    assert type(payload["colour"]) is str


@pytest.mark.parametrize(
    "value",
    [object(), 1.5, Decimal("1.5"), {"a": 1}, b"bytes", "x" * 501, ("x" * 501,), tuple(range(201)), [1]],
    ids=["object", "float", "decimal", "dict", "bytes", "long text", "long text inside", "long tuple", "list"],
)
def test_what_is_not_plain_or_too_long_is_refused(value):
    with pytest.raises(NotPlain):
        Anything(value).to_payload()


def test_a_text_of_five_hundred_characters_is_taken():
    assert Anything("あ" * 500).to_payload() == {"value": "あ" * 500}


def test_an_event_that_is_not_frozen_is_refused():
    @dataclass
    class Loose(Event):
        name: ClassVar[str] = "sample.loose"
        value: int = 1

    try:
        with pytest.raises(NotPlain, match="frozen"):
            Loose().to_payload()
    finally:
        events._by_name.pop("sample.loose")


def test_values_of_a_newer_version_are_left_out_and_missing_ones_take_their_default():
    assert LampLit.from_payload({"lamp_id": 1, "brightness": 7}) == LampLit(lamp_id=1, colour="white")


def test_a_missing_value_without_default_is_reported():
    with pytest.raises(UnreadableEvent, match=r"sample.lamp_lit.*lamp_id"):
        LampLit.from_payload({"colour": "red"})


def test_a_class_is_found_by_its_name():
    assert event_class("sample.lamp_lit") is LampLit
    with pytest.raises(UnknownEvent):
        event_class("sample.never_declared")


def test_two_events_cannot_share_a_name():
    with pytest.raises(TypeError, match=r"sample\.lamp_lit"):

        @dataclass(frozen=True)
        class Other(Event):
            name: ClassVar[str] = "sample.lamp_lit"

    assert event_class("sample.lamp_lit") is LampLit
