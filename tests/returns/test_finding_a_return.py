"""What a warehouse scans or types finds the return."""

from __future__ import annotations

from anshin.returns import queries
from anshin.returns.models import Return


def test_both_keys_find_the_return(ask, sold, shop):
    returned = ask(sold())
    for typed in ["R-0001", "ｒ－０００１", "1", "A0001A", "d0001d", "KM-20417", "km20417"]:
        assert queries.returns_by_scan(shop, typed) == [returned], typed
    for twice in ["R-0001R-0001", "A0001AA0001A", "KM-20417KM-20417"]:
        assert queries.returns_by_scan(shop, twice) == [returned], twice
    assert queries.returns_by_scan(shop, "R-9999R-9999") == []
    assert queries.returns_by_scan(shop, "11") == []
    assert queries.returns_by_scan(shop, "R-9999") == []
    assert queries.returns_by_scan(shop, "A9999A") == []


def test_a_carriers_own_bar_code_finds_the_return(ask, sold, shop):
    returned = ask(sold())
    Return.objects.filter(pk=returned.pk).update(tracking_number="444413758703")
    assert queries.returns_by_scan(shop, "A444413758703A") == [returned]
