"""Small pieces as finished HTML, for views that hand finished strings to long lists; the template tags use them too."""

from datetime import datetime
from functools import cache

from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from anshin.plumbing.pages import dates


@cache
def icon_markup(name: str, size: str = "") -> SafeString:
    """The icon as finished HTML, for views that hand finished strings to long lists. Size: "", "s", "l", "xl"."""
    extra = f" ic-{size}" if size else ""
    where = static("anshin/icons.svg")
    return mark_safe(f'<svg class="ic{extra}" aria-hidden="true"><use href="{where}#{escape(name)}"/></svg>')  # noqa: S308  both parts are ours


def tag_markup(text: str, *, kind: str = "", icon: str = "") -> SafeString:
    """A tag as finished HTML. Kinds: "", good, info, warn, bad, accent, note, plain."""
    extra = f" tag-{kind}" if kind else ""
    return mark_safe(f'<span class="tag{extra}">{icon_markup(icon) if icon else ""}{escape(text)}</span>')  # noqa: S308  the text is escaped


def ago_markup(moment: datetime, *, now: datetime, language: str) -> SafeString:
    """31分前 as a <time> that keeps itself true, with the exact moment in its title."""
    words = dates.ago(moment, now=now, language=language)
    return mark_safe(f"<time {_about(moment, language)} data-ago>{words}</time>")  # noqa: S308  dates and words are ours


def moment_markup(moment: datetime, *, now: datetime, language: str) -> SafeString:
    """今日 17:30 as a <time> with the exact moment in its title."""
    words = dates.when(moment, now=now, language=language)
    return mark_safe(f"<time {_about(moment, language)}>{words}</time>")  # noqa: S308  dates and words are ours


def due_markup(due_at: datetime, *, now: datetime, language: str) -> SafeString:
    """A list row's due time: plain, near (below two hours, with words and an icon) or over."""
    minutes = (due_at - now).total_seconds() / 60
    words = dates.left(due_at, now=now, language=language)
    if minutes < 0:
        kind, icon = " is-over", "clock-alert"
    elif minutes < 120:
        kind, icon = " is-near", "clock-alert"
        words = f"期限まで{words}" if language == "ja" else f"Due: {words}"
    else:
        kind, icon = "", "clock"
    return mark_safe(f'<span class="row-due{kind}">{icon_markup(icon, "s")}{words}</span>')  # noqa: S308  dates and words are ours


def _about(moment: datetime, language: str) -> str:
    exact = dates.exactly(moment, language=language)
    return f'datetime="{moment.isoformat(timespec="seconds")}" title="{exact}"'
