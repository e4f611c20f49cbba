"""The settings page for periods of keeping."""

from __future__ import annotations

import pytest

from anshin.cases.models import RetentionPeriod
from anshin.plumbing.journal.models import JournalEntry

pytestmark = pytest.mark.django_db

URL = "/s/komorebi/settings/retention"


def kept() -> dict[str, int]:
    return dict(RetentionPeriod.objects.values_list("purpose", "days"))


def test_all_is_kept_for_ever_at_first(owner, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    page = signed_in(owner).get(URL).content.decode()
    assert page.count('<option value="0" selected>') == 7
    assert "消去しない" in page


def test_periods_are_saved_and_on_record(owner, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(owner)
    assert client.post(URL, {"originals": "730", "texts": "0", "spam": "90"})["Location"] == URL
    assert kept() == {"originals": 730, "spam": 90}
    client.post(URL, {"originals": "0", "texts": "0", "spam": "90"})
    assert kept() == {"spam": 90}
    facts = JournalEntry.objects.filter(event="case.retention_set").order_by("id").values_list("payload", flat=True)
    assert list(facts) == [
        {"purpose": "originals", "days": 730},
        {"purpose": "spam", "days": 90},
        {"purpose": "originals", "days": 0},
    ]


def test_counting_saves_nothing(owner, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    page = signed_in(owner).post(URL, {"texts": "365", "check": "1"}).content.decode()
    assert "今夜消去する案件：0件" in page
    assert '<option value="365" selected>' in page
    assert kept() == {}


@pytest.mark.parametrize("value", ["1", "x", "-90", ""])
def test_a_period_that_is_not_offered_means_for_ever(owner, signed_in, still, value) -> None:  # type: ignore[no-untyped-def]
    signed_in(owner).post(URL, {"texts": value})
    assert kept() == {}


@pytest.mark.parametrize("role", ["manager", "agent", "warehouse"])
def test_only_the_owner_sees_it(role, request, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"texts": "365"}).status_code == 403
    assert kept() == {}
