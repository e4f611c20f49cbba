"""What an entry of a publisher's list names, which hazard it tells of, and whether it has left the list."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from anshin.safety.rules import asking, hazards
from anshin.safety.rules.matching import Sold
from anshin.safety.rules.recognising import Catalogue
from anshin.safety.terms import Affected, HazardClass, HazardType, Severity

JST = timezone(timedelta(hours=9))


class TestRecognising:
    KEPT = Catalogue(
        [
            (1, Sold("HM-1", "卓上加湿器 しずく", "4901234567894", "KZ-20")),
            (2, Sold("TW-1", "タオル", "", "")),
            (3, Sold("VS-GL-L", "ガラスの花器 L", "", "")),
            (4, Sold("2026", "カレンダー2026", "", "2026")),
        ]
    )

    @pytest.mark.parametrize(
        ("named", "text", "found"),
        [
            ([Affected(gtin="04901234567894")], "", {1: 100}),
            ([], "UPC 4901234567894", {1: 95}),
            ([Affected(model_number="ＫＺ２０")], "", {1: 85}),
            ([], "the model KZ-20B and KZ-200", {}),
            ([], "model numbers kz-20, and others", {1: 75}),
            ([Affected(name="しずく")], "", {1: 50}),
            ([], "ガラスの花器Lが割れる", {3: 45}),
            ([Affected(name="バスタオル(大)")], "", {2: 50}),
            ([], "バスタオルの件", {}),
            ([], "2026年の年報", {}),
            ([Affected(sku="vs gl l")], "", {3: 95}),
            ([], "", {}),
        ],
    )
    def test_products_are_found_by_what_is_named_and_by_prose(self, named, text, found):
        assert {pk: alike.certainty for pk, alike in self.KEPT.find(named, text).items()} == found

    @pytest.mark.parametrize(
        ("text", "kind", "grade", "how_bad"),
        [
            (
                "The heater can overheat, posing a fire hazard. No injuries have been reported.",
                "fire",
                "danger",
                "serious",
            ),
            ("使用中に発火し、1人がやけどを負った", "fire", "harm", "serious"),
            ("a small child may choke", "choking", "danger", "serious"),
            ("Undeclared milk", "food", "danger", "medium"),
            ("転倒し、1人が死亡", "fall", "harm", "deadly"),
            ("お知らせ", "other", "danger", "medium"),
        ],
    )
    def test_hazards_are_proposed(self, text, kind, grade, how_bad):
        assert (hazards.hazard_type(text), hazards.hazard_class(text), hazards.severity(text)) == (
            HazardType(kind),
            HazardClass(grade),
            Severity(how_bad),
        )


def test_the_window_of_a_list_begins_with_its_oldest_entry():
    day = datetime(2026, 11, 19, tzinfo=JST)
    assert asking.window_start([day, None, day - timedelta(days=2)]) == day - timedelta(days=2)
    assert asking.is_gone(day, since=day) is False
    assert asking.is_gone(day + timedelta(seconds=1), since=day) is True
    assert asking.is_gone(None, since=day) is False
    assert asking.is_gone(None, since=None) is True
