"""The mail and the page in all five languages: nothing missing, nothing left over."""

import re

import pytest

from anshin.satisfaction.forms import page_words
from anshin.satisfaction.letters import asking
from anshin.satisfaction.terms import LANGUAGES

LINK = "https://care.komorebi.example/p/komorebi/survey/abc"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["", "柏木 由紀子"])
def test_the_mail_names_shop_case_and_link(language, name):
    letter = asking(name=name, shop="こもれび雑貨店", number=1042, about="袋の色", link=LINK, language=language)
    assert "こもれび雑貨店" in letter.subject and "1042" in letter.subject
    assert LINK in letter.text and "袋の色" in letter.text
    assert (name in letter.text) and "$" not in letter.subject + letter.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_word(language):
    assert page_words(language).keys() == page_words("ja").keys()
    assert all(text.strip() for text in page_words(language).values())
    used = {key: set(re.findall(r"\$\{(\w+)\}", text)) for key, text in page_words(language).items()}
    assert used == {key: set(re.findall(r"\$\{(\w+)\}", text)) for key, text in page_words("ja").items()}


def test_a_language_without_texts_is_answered_in_japanese():
    assert page_words("th") == page_words("ja")
    given = {"name": "", "shop": "x", "number": 1, "about": "y", "link": LINK}
    assert asking(**given, language="th") == asking(**given, language="ja")
