"""Words of a page written otherwise, its markup left as it was."""

from anshin.plumbing.pages.page_words import with_other_words


def told(html, old="山田", new="●●", initial=lambda one: one):
    return with_other_words(html, lambda texts: [text.replace(old, new) for text in texts], initial=initial)


def test_texts_and_attributes_that_are_shown_change():
    html = '<p title="山田様">山田 &amp; 山田</p><input value="山田" placeholder="山田">'
    assert told(html) == '<p title="●●様">●● &amp; ●●</p><input value="●●" placeholder="●●">'


def test_what_is_written_with_entities_is_read_as_it_is_seen():
    assert told("<b>O&#x27;Hara &lt;x&gt;</b>", old="O'Hara", new="●●") == "<b>●● &lt;x&gt;</b>"
    assert told("<b>a</b>", old="a", new="<i>") == "<b>&lt;i&gt;</b>"


def test_markup_stays_even_where_it_has_the_same_letters():
    html = '<p class="p" id="p" name="p">p</p>'
    assert told(html, old="p", new="x") == '<p class="p" id="p" name="p">x</p>'


def test_an_address_that_would_tell_leads_nowhere():
    assert told('<a href="/search?q=%E5%B1%B1%E7%94%B0">x</a>') == '<a href="#">x</a>'
    assert told('<a href="mailto:yamada@a.example">x</a>', old="yamada@a.example") == '<a href="#">x</a>'
    assert told('<a href="/s/shop/c/1?page=2">x</a>') == '<a href="/s/shop/c/1?page=2">x</a>'


def test_what_the_reader_has_written_stays():
    html = '<textarea name="t">山田</textarea><div data-own-words><div>山田</div>山田</div><p>山田</p>'
    assert told(html) == html.replace("<p>山田</p>", "<p>●●</p>")
    assert told('<input data-own-words value="山田"><p>山田</p>') == '<input data-own-words value="山田"><p>●●</p>'


def test_the_letter_in_an_avatar_is_asked_about():
    html = '<span class="ava ava-me" aria-hidden="true">山</span><b>山</b>'
    assert told(html, initial=lambda one: "●") == '<span class="ava ava-me" aria-hidden="true">●</span><b>山</b>'


def test_a_page_without_such_words_is_the_same_byte_for_byte():
    html = "<!doctype html>\n<p  title='a &quot; b'>x &amp; y</p><br/>\n<!-- note -->"
    assert told(html) == html
