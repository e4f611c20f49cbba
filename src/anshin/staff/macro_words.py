"""What macros, placeholders and gaps are called on the desk, and how their figures read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from anshin.cases.queries import own_topics
from anshin.language.topics.codes import TOPICS, base_code
from anshin.replies.terms import Gap, GapReason, Language, Placeholder
from anshin.staff.topic_words import topic_name

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_WHO = (Placeholder.CUSTOMER_NAME, Placeholder.WRITER_NAME)


def gap_words(gaps: Iterable[Gap]) -> list[dict[str, str]]:
    """What stands in the way of sending, each as a sentence, with what stands in the text."""
    found = {}
    for gap in gaps:
        written = "{{" + gap.name + "}}" if gap.name else "{{"
        found[written] = {"written": written, "words": _words(gap, written)}
    return list(found.values())


def placeholder_rows() -> list[dict[str, str]]:
    """Every placeholder with its name, for the list beside a text."""
    return [{"written": "{{" + each.value + "}}", "label": str(each.label)} for each in Placeholder]


def topic_choices(shop: Shop | None = None) -> list[tuple[str, str]]:
    """The topics in their order, named in the reader's language; with `shop` its own behind ours. One query then."""
    own = [topic for topic in own_topics(shop) if topic.retired_at is None] if shop else []
    found = []
    for topic in TOPICS:
        found.append((topic.code, topic_name(topic.code)))
        found += [(each.code, each.name) for each in own if base_code(each.code) == topic.code]
    return found


def gist(text: str) -> str:
    """The first line that says something: not the greeting by name, not who writes."""
    paragraphs = [each.strip() for each in text.split("\n\n") if each.strip()]
    said = [each for each in paragraphs if not any("{{" + name.value + "}}" in each for name in _WHO)]
    return next(iter([*said, *paragraphs]), "").partition("\n")[0]


def language_short(code: str) -> str:
    """A language in one to three characters, for a narrow column."""
    return {"ja": "日", "en": "EN", "zh-Hans": "简", "zh-Hant": "繁", "ko": "한"}.get(code, code)


def language_name(code: str) -> str:
    return str(Language(code).label) if code in Language.values else code


def share(part: int, whole: int) -> dict[str, Any]:
    """A share in whole per cent with its counts, "" while there is nothing to divide."""
    return {"percent": f"{round(100 * part / whole)}%" if whole else "", "part": part, "whole": whole}


def _words(gap: Gap, written: str) -> str:
    if gap.reason == GapReason.UNCLOSED:
        return _("Braces without an end stand in the text. Take them out.")
    if gap.reason == GapReason.UNKNOWN:
        return _("There is no placeholder %(written)s. Write what you mean there.") % {"written": written}
    label = Placeholder(gap.name).label
    return _("%(label)s is not known in this case. Write it in the place of %(written)s, or take it out.") % {
        "label": label,
        "written": written,
    }
