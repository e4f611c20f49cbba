"""Words of pages: filled in when they are read, what was put in filled stays as it is."""

from anshin.portal.pages import Words

KEPT = {"left": "あと${left}点", "name": "返品", "price": "$5", "list": ["a"]}


def test_a_word_is_filled_in_however_it_is_read():
    words = Words(KEPT, {"left": 3})
    assert (words["left"], words.get("left"), words["name"], words["list"]) == ("あと3点", "あと3点", "返品", ["a"])
    assert (words.get("none"), words.get("none", "")) == (None, "")
    assert words["price"] == "$5"


def test_what_customers_typed_is_never_filled_in():
    words = Words(KEPT, {"left": 3}) | {"typed": "${left}", "name": "$left"}
    assert (words["left"], words["typed"], words["name"]) == ("あと3点", "${left}", "$left")
    again = words | {"more": "${left}"}
    assert (again["typed"], again["more"], again["left"]) == ("${left}", "${left}", "あと3点")


def test_without_values_it_reads_as_it_was_kept():
    assert Words(KEPT, {})["left"] == "あと${left}点"
