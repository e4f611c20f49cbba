"""Small pieces as finished HTML, for views that hand finished strings to long lists; the template tags use them too."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from html import escape
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString

from anshin.plumbing.pages import dates

_ON = ' aria-current="page"'


@cache
def icon_markup(name: str, size: str = "") -> SafeString:
    """The icon as finished HTML, for views that hand finished strings to long lists. Size: "", "s", "l", "xl"."""
    extra = f" ic-{size}" if size else ""
    where = static("anshin/icons.svg")
    return SafeString(f'<svg class="ic{extra}" aria-hidden="true"><use href="{where}#{escape(name)}"/></svg>')


def tag_markup(text: str, *, kind: str = "", icon: str = "") -> SafeString:
    """A tag as finished HTML. Kinds: "", good, info, warn, bad, accent, note, plain."""
    extra = f" tag-{kind}" if kind else ""
    return SafeString(f'<span class="tag{extra}">{icon_markup(icon) if icon else ""}{escaped(text)}</span>')


def token_markup(token: object) -> SafeString:
    """The hidden field by which a form shows that it is ours; nothing without a token."""
    written = str(token or "")
    if written in {"", "NOTPROVIDED"}:
        return SafeString("")
    return SafeString(f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(written)}">')


def escaped(value: Any) -> str:
    """`value` for HTML. The same as Django's conditional_escape, without its machinery for lazy texts."""
    return value if type(value) is SafeString else escape(str(value))


def rail_links_markup(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """The rail's links; each item has label, icon, url, count and, where they apply, on, warn, key."""
    return SafeString("".join(map(_rail_link, items)))


def _rail_link(item: Mapping[str, Any]) -> str:
    label, url = escaped(item["label"]), escaped(item["url"])
    on = _ON if item.get("on") else ""
    key = f' data-key="{escaped(item["key"])}"' if item.get("key") else ""
    warn = ' class="is-warn"' if item.get("warn") else ""
    count = f"<b{warn}>{item['count']}</b>" if item.get("count") else ""
    icon = icon_markup(item["icon"])
    return f'<a class="rail-link" href="{url}" title="{label}"{on}{key}>{icon}<span>{label}</span>{count}</a>'


def chips_markup(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """The same views as chips for the phone."""
    return SafeString("".join(map(_chip, items)))


def _chip(item: Mapping[str, Any]) -> str:
    label, url, count = escaped(item["label"]), escaped(item["url"]), item.get("count") or ""
    on = _ON if item.get("on") else ""
    return f'<a class="chip" href="{url}" data-count="{count}"{on}>{label}{" " if count else ""}{count}</a>'


def ago_markup(moment: datetime, *, now: datetime, language: str) -> SafeString:
    """31分前 as a <time> that keeps itself true, with the exact moment in its title."""
    words = dates.ago(moment, now=now, language=language)
    return SafeString(f"<time {_about(moment, language)} data-ago>{words}</time>")


def moment_markup(moment: datetime, *, now: datetime, language: str) -> SafeString:
    """今日 17:30 as a <time> with the exact moment in its title."""
    words = dates.when(moment, now=now, language=language)
    return SafeString(f"<time {_about(moment, language)}>{words}</time>")


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
    return SafeString(f'<span class="row-due{kind}">{icon_markup(icon, "s")}{words}</span>')


def _about(moment: datetime, language: str) -> str:
    exact = dates.exactly(moment, language=language)
    return f'datetime="{moment.isoformat(timespec="seconds")}" title="{exact}"'
