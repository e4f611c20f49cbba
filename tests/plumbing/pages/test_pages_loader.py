"""What is joined in a template before it is drawn draws the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Engine, Template, TemplateDoesNotExist, engines
from django.utils import translation

from anshin.plumbing.pages.loader import FoldedNode, fold

WAY = "anshin.plumbing.pages.loader.Loader"
TEXT = """{% if who %}<b>{% translate "Back" %}</b>{% icon "x" "s" %}{{ who }}
{% elif other %}<i>{% icon "eye" %} {% translate "Back" %}</i>{% else %}{% icon name %}{% endif %}
{% for one in many %}<li>{% translate "Back" %}{{ one }}</li>{% empty %}<p>{% icon "x" %}</p>{% endfor %}
{% fixed %}<u>{% icon "x" %}{% translate "Back" %}</u>{% endfixed %}
{% with a="1" %}<s>{% icon "x" %}</s>{{ a }}{% endwith %}"""


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("given", [{"who": "<柏木>"}, {"other": 1, "many": "ab"}, {"name": "eye"}])
def test_a_folded_template_draws_what_it_drew_before(language: str, given: dict[str, Any]) -> None:
    plain, folded = template(TEXT), template(TEXT)
    fold(folded.nodelist)

    for _time in range(2):
        with translation.override(language):
            assert folded.render(Context(given)) == plain.render(Context(given))


def test_text_icons_and_sentences_become_one() -> None:
    folded = template("<b>{% icon 'x' %}</b>{% translate 'Back' %}{{ who }}<i>{% icon name %}</i>")
    fold(folded.nodelist)

    assert [type(node).__name__ for node in folded.nodelist] == [
        "FoldedNode", "VariableNode", "TextNode", "IconNode", "TextNode",
    ]  # fmt: skip


def test_the_desk_reads_its_templates_folded_and_once() -> None:
    engine = engines["django"].engine
    found = engine.get_template("staff/_case_head.html")

    assert found.nodelist.get_nodes_by_type(FoldedNode)
    assert engine.get_template("staff/_case_head.html") is found


def test_threads_get_a_template_only_when_it_is_folded(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text("<b>{% icon 'x' %}</b>" * 300)
    for _time in range(20):
        engine = engine_of(tmp_path)
        with ThreadPoolExecutor(8) as pool:
            drawn = set(pool.map(lambda _n, engine=engine: len(engine.get_template("one.html").nodelist), range(8)))
        assert drawn == {1}


def test_a_changed_template_is_read_anew(tmp_path: Path) -> None:
    engine = engine_of(tmp_path)
    (tmp_path / "one.html").write_text("old")
    assert engine.get_template("one.html").render(Context()) == "old"
    (tmp_path / "one.html").write_text("new")
    for loader in engine.template_loaders:
        loader.reset()
    assert engine.get_template("one.html").render(Context()) == "new"
    with pytest.raises(TemplateDoesNotExist):
        engine.get_template("two.html")


def test_forms_carry_the_token_as_djangos_own_tag_writes_it() -> None:
    drawn = template("{% csrf_token %}")
    assert drawn.render(Context({"csrf_token": "a1"})) == '<input type="hidden" name="csrfmiddlewaretoken" value="a1">'
    assert drawn.render(Context({"csrf_token": "NOTPROVIDED"})) == drawn.render(Context()) == ""


def engine_of(folder: Path) -> Engine:
    files: Any = ("django.template.loaders.filesystem.Loader", [folder])
    return Engine(loaders=[(WAY, [files])], builtins=settings.TEMPLATES[0]["OPTIONS"]["builtins"])


def template(text: str) -> Template:
    made: Template = engines["django"].from_string(text).template
    return made
