"""What the tags and filters write."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

NOW = datetime(2026, 11, 22, 5, 5, tzinfo=UTC)


def drawn(source, **context):
    return Template(source).render(Context({"now": NOW, **context}))


def test_an_icon_points_into_the_sprite_and_is_silent():
    out = drawn('{% icon "inbox" %}')
    assert out == '<svg class="ic" aria-hidden="true"><use href="/static/anshin/icons.svg#inbox"/></svg>'
    assert 'class="ic ic-s"' in drawn('{% icon name "s" %}', name="truck")


def test_an_icon_without_a_name_is_refused_when_the_template_is_read():
    with pytest.raises(TemplateSyntaxError):
        drawn("{% icon %}")


def test_a_tag_escapes_its_words():
    assert drawn('{% tag "good" "" text %}', text="<b>") == '<span class="tag tag-good">&lt;b&gt;</span>'


@pytest.mark.parametrize(
    ("name", "shown"), [("柏木 由紀子", "柏"), ("yuki", "Y"), ("", "?"), (" 竹内", "竹"), ("<i>", "&lt;")]
)
def test_an_avatar_shows_the_first_character(name, shown):
    assert drawn('{% avatar name "me" %}', name=name) == f'<span class="ava ava-me" aria-hidden="true">{shown}</span>'


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, "¥0"), (12300, "¥12,300"), (-660, "−¥660"), (None, ""), (1234567, "¥1,234,567")]
)
def test_yen_have_thousands_and_no_decimals(amount, shown):
    assert drawn("{{ amount|yen }}", amount=amount) == shown


@pytest.mark.parametrize(
    ("size", "shown"), [(820, "820 B"), (14_000, "14 KB"), (1_258_291, "1.2 MB"), (0, "0 B"), (None, "")]
)
def test_a_size_is_short(size, shown):
    assert drawn("{{ size|file_size }}", size=size) == shown


def test_a_relative_time_carries_the_exact_one():
    with translation.override("ja"):
        out = drawn("{{ at|ago:now }}", at=datetime(2026, 11, 22, 4, 34, tzinfo=UTC))
    assert out == ('<time datetime="2026-11-22T04:34:00+00:00" title="2026年11月22日(日) 13:34" data-ago>31分前</time>')


def test_a_date_without_a_time_is_written_without_one():
    with translation.override("ja"):
        assert drawn("{{ on|when:now }}", on=date(2026, 11, 24)) == "11月24日(火)"
        assert drawn("{{ on|when:now }}", on=None) == ""


class Address(forms.Form):
    email = forms.EmailField(label="Address", help_text="Where we answer")
    note = forms.CharField(label="Note", required=False)


def test_a_field_joins_label_hint_and_error_to_its_control():
    out = drawn("{% field form.email %}", form=Address({"email": "x@"}))
    assert '<label class="field-label" for="id_email">Address</label>' in out
    assert 'aria-describedby="id_email_hint id_email_error"' in out
    assert 'aria-invalid="true"' in out
    assert '<div class="field-hint" id="id_email_hint">Where we answer</div>' in out
    assert 'id="id_email_error"' in out


def test_a_field_that_may_stay_empty_says_so():
    with translation.override("en"):
        assert "optional" in drawn("{% field form.note %}", form=Address())
        assert "optional" not in drawn("{% field form.email %}", form=Address())


def test_a_bad_notice_is_announced_and_keeps_what_is_inside():
    out = drawn('{% notice "bad" %}<b>{{ words }}</b>{% endnotice %}', words="1 < 2")
    assert 'class="notice notice-bad" role="alert"' in out
    assert "<b>1 &lt; 2</b>" in out
