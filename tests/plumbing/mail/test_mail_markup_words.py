"""Words inside HTML are replaced wherever a person would read them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.plumbing.mail.markup_words import replaced, replaced_in_html


def secret(text: str) -> list[tuple[int, int, str]]:
    return [(*found.span(), "<##>") for found in re.finditer(r"s\s*e\s*c\s*r\s*e\s*t", text)]


@pytest.mark.parametrize(
    ("markup", "changed"),
    [
        ("<p>a secret word</p>", "<p>a &lt;##&gt; word</p>"),
        ("<p>sec<b>ret</b> word</p>", "<p>&lt;##&gt;<b></b> word</p>"),
        ("&#115;ecr&#x65;t &amp; more", "&lt;##&gt; &amp; more"),
        ("<td>sec</td><td>ret</td>", "<td>&lt;##&gt;</td><td></td>"),
        ("<p>sec<br>ret", "<p>&lt;##&gt;<br>"),
        ('<a href="/secret" title="x">y</a>', '<a href="/&lt;##&gt;" title="x">y</a>'),
        ("<!-- secret --><style>.secret{}</style>", "<!-- &lt;##&gt; --><style>.&lt;##&gt;{}</style>"),
        ("a < b secret", "a < b &lt;##&gt;"),
        ("<p>unclosed secret <b", "<p>unclosed &lt;##&gt; <b"),
        ("nothing <b>here</b>", "nothing <b>here</b>"),
        ("", ""),
    ],
)
def test_replaces(markup: str, changed: str) -> None:
    assert replaced_in_html(markup, secret) == changed


@given(st.text(alphabet="secrt <>/pb&#;!-\"'=", max_size=120))
def test_any_markup_comes_back_unchanged_when_nothing_is_sought(markup: str) -> None:
    assert replaced_in_html(markup, lambda _text: ()) == markup


@given(st.text(alphabet="secret<b></>&", max_size=60))
def test_what_was_sought_does_not_stand_in_the_answer(markup: str) -> None:
    assert "secret" not in replaced_in_html(markup, secret)


def test_the_earlier_of_two_overlapping_changes_wins() -> None:
    assert replaced("abcdef", [(1, 4, "-"), (3, 5, "+")]) == "a-ef"
