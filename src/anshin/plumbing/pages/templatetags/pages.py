"""The frame's words for templates: icons, avatars, tags, dates, money, sizes, fields. Quick enough for long lists.

These are loaded for every template (settings: TEMPLATES builtins). Filters take the moment of drawing as their
argument: `{{ message.at|when:now }}`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template import TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, Variable
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from anshin.plumbing.pages import dates
from anshin.plumbing.pages.markup import (
    ago_markup,
    chips_markup,
    escaped,
    icon_markup,
    moment_markup,
    rail_links_markup,
    tag_markup,
    token_markup,
)

register = template.Library()

MEGABYTE = 1024 * 1024
DAISY = {
    "text": "input", "email": "input", "number": "input", "password": "input", "url": "input", "tel": "input",
    "search": "input", "date": "input", "datetime-local": "input", "time": "input", "select": "select",
    "textarea": "textarea", "checkbox": "checkbox checkbox-sm", "radio": "radio radio-sm", "file": "file-input",
}  # fmt: skip


class IconNode(Node):
    """An icon whose name is known when the template is read costs nothing but a string."""

    def __init__(self, name: FilterExpression, size: FilterExpression | None) -> None:
        self.name, self.size = name, size

        self.known: tuple[str, str] | None = None
        if isinstance(name.var, str) and not name.filters and (size is None or isinstance(size.var, str)):
            self.known = (str(name.var), str(size.var) if size else "")

    def render(self, context: template.Context) -> SafeString:
        if self.known:
            return icon_markup(*self.known)
        size = self.size.resolve(context) if self.size else ""
        return icon_markup(str(self.name.resolve(context)), str(size))


@register.tag
def icon(parser: Parser, token: Token) -> IconNode:
    """{% icon "inbox" %} or {% icon name "s" %}; sizes s 14, (none) 16, l 20, xl 28 px."""
    bits = token.split_contents()[1:]
    if not 1 <= len(bits) <= 2:
        raise TemplateSyntaxError("icon takes a name and, if wanted, a size")
    return IconNode(parser.compile_filter(bits[0]), parser.compile_filter(bits[1]) if len(bits) > 1 else None)


@register.simple_tag(name="tag")
def tag_(kind: str, icon: str, text: str) -> SafeString:
    """{% tag "good" "check" text %}; an empty kind is neutral, an empty icon is none."""
    return tag_markup(str(text), kind=kind, icon=icon)


@register.simple_tag
def avatar(name: str, kind: str = "") -> SafeString:
    """The first character of a name in a circle. Kinds: me (own colour), s (small). The name stands beside it."""
    initial = name.strip()[:1].upper() or "?"
    classes = "".join(f" ava-{part}" for part in kind.split())
    return format_html('<span class="ava{}" aria-hidden="true">{}</span>', classes, initial)


@register.filter(name="when", expects_localtime=False)
def when_(moment: datetime | date | None, now: datetime) -> str:
    """今日 17:30 / 昨日 21:38 / 11月22日(日) 14:05; a date without a time is written without one."""
    if not moment:
        return ""
    if isinstance(moment, datetime):
        return dates.when(moment, now=now, language=language_code())
    return dates.day(moment, today=now.astimezone(timezone.get_current_timezone()).date(), language=language_code())


@register.filter(name="ago", expects_localtime=False)
def ago_(moment: datetime | None, now: datetime) -> SafeString | str:
    """31分前 as a <time> that keeps itself true, with the exact moment in its title."""
    return ago_markup(moment, now=now, language=language_code()) if moment else ""


@register.filter(name="moment", expects_localtime=False)
def moment_(moment: datetime | None, now: datetime) -> SafeString | str:
    """今日 17:30 as a <time> with the exact moment in its title."""
    return moment_markup(moment, now=now, language=language_code()) if moment else ""


@register.filter
def yen(amount: int | None) -> str:
    """¥12,300; a minus stands before the sign. Unit: whole yen."""
    if amount is None:
        return ""
    return f"−¥{-amount:,}" if amount < 0 else f"¥{amount:,}"


@register.filter
def file_size(size_bytes: int | None) -> str:
    """820 B, 14 KB, 1.2 MB."""
    if size_bytes is None:
        return ""
    if size_bytes < 1024:
        return f"{size_bytes} B"
    if size_bytes < MEGABYTE:
        return f"{round(size_bytes / 1024)} KB"
    return f"{size_bytes / MEGABYTE:.1f} MB"


@register.filter
def thousands(number: int | None) -> str:
    """12,300."""
    return "" if number is None else f"{number:,}"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: str = "", label: str = "") -> dict[str, Any]:
    """One form field with its label, hint and errors, joined up for screen readers."""
    kind = getattr(bound.field.widget, "input_type", "") or (
        "textarea" if bound.widget_type == "textarea" else "select" if "select" in bound.widget_type else ""
    )
    said = [
        f"{bound.auto_id}_{part}"
        for part, there in (("hint", hint or bound.help_text), ("error", bound.errors))
        if there
    ]
    attributes: dict[str, str | bool] = {
        "class": f"{bound.field.widget.attrs.get('class', '')} {DAISY.get(kind, '')}".strip()
    }
    if said:
        attributes["aria-describedby"] = " ".join(said)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attributes),
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "kind": kind,
        "is_group": kind in {"radio"} or "multiple" in bound.widget_type,
    }


class NoticeNode(Node):
    def __init__(self, kind: FilterExpression, inner: NodeList) -> None:
        self.kind, self.inner = kind, inner

    def render(self, context: template.Context) -> SafeString:
        kind = str(self.kind.resolve(context))
        icons = {"good": "circle-check", "warn": "triangle-alert", "bad": "circle-x"}
        role = ' role="alert"' if kind == "bad" else ""
        return mark_safe(  # noqa: S308  the inside is rendered and escaped by its own nodes
            f'<div class="notice notice-{escape(kind)}"{role}>{icon_markup(icons.get(kind, "info"))}'
            f'<div class="notice-body">{self.inner.render(context)}</div></div>'
        )


@register.tag
def notice(parser: Parser, token: Token) -> NoticeNode:
    """{% notice "warn" %}…{% endnotice %}; kinds info, good, warn, bad."""
    kind = parser.compile_filter(token.split_contents()[1])
    inner = parser.parse(("endnotice",))
    parser.delete_first_token()
    return NoticeNode(kind, inner)


class FixedNode(Node):
    """Keeps what it drew for each language and each set of the named values, as long as the process runs."""

    LIMIT = 200
    child_nodelists = ("inner",)

    def __init__(self, inner: NodeList, values: list[FilterExpression]) -> None:
        self.inner, self.values = inner, values
        self.drawn: dict[tuple[str, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (language_code(), *(str(value.resolve(context)) for value in self.values))
        if key not in self.drawn:
            if len(self.drawn) >= self.LIMIT:
                self.drawn.clear()
            self.drawn[key] = self.inner.render(context)
        return self.drawn[key]


class KnownWordsNode(Node):
    """A sentence that is known when the template is read: looked up once a language."""

    def __init__(self, asked: TranslateNode) -> None:
        self.asked = asked
        self.said: dict[str, str] = {}

    def render(self, context: template.Context) -> str:
        language = language_code()
        if language not in self.said:
            self.said[language] = self.asked.render(context)
        return self.said[language]


@register.tag("translate")
def translate_(parser: Parser, token: Token) -> Node:
    """Django's {% translate %}, quicker where the sentence stands in the template itself."""
    node: Node = do_translate(parser, token)
    if isinstance(node, TranslateNode) and not node.asvar and not node.message_context:
        words = node.filter_expression
        if not words.filters and isinstance(words.var, Variable) and words.var.literal is not None:
            return KnownWordsNode(node)
        if isinstance(words.var, str):
            return KnownWordsNode(node)
    return node


class TokenNode(Node):
    """Django's CsrfTokenNode without its way through format_html, which a case's twelve forms would each go."""

    def render(self, context: template.Context) -> SafeString:
        return token_markup(context.get("csrf_token"))


@register.tag("csrf_token")
def csrf_token_(_parser: Parser, _token: Token) -> TokenNode:
    """{% csrf_token %}."""
    return TokenNode()


@register.tag
def fixed(parser: Parser, token: Token) -> FixedNode:
    """{% fixed theme %}…{% endfixed %}: drawn once for each language and theme.

    Nothing inside may depend on anything else: not on the person, the shop, the page, the CSRF token.
    """
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    inner = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(inner, values)


@register.simple_tag
def rail_links(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """{% rail_links rail_views %}: the links of the rail, see frame/_rail.html."""
    return rail_links_markup(items or ())


@register.simple_tag
def kv(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """{% kv rows %}: names and values, [{name, value}], inside a <dl class="kv">."""
    pairs = [f"<dt>{escaped(row['name'])}</dt><dd>{escaped(row['value'])}</dd>" for row in rows or ()]
    return mark_safe("".join(pairs))  # noqa: S308  each part is escaped


@register.simple_tag
def menu_items(items: Iterable[Mapping[str, Any]], name: str, icon: str = "") -> SafeString:
    """{% menu_items people "to" "user-round" %}: buttons of a menu, [{value, label or name, words, on}]."""
    before = icon_markup(icon) if icon else ""
    return mark_safe("".join([_menu_item(item, name, before) for item in items or ()]))  # noqa: S308


def _menu_item(item: Mapping[str, Any], name: str, before: str) -> str:
    on = ' aria-current="true"' if item.get("on") else ""
    label = escaped(item.get("label") or item.get("name"))
    words = item.get("words")
    after = f'<span class="dim text-xs">{escaped(words)}</span>' if words else ""
    value = escaped(item["value"])
    return (
        f'<button class="menu-item" name="{name}" value="{value}" data-done{on}>{before}'
        f'<span class="flex-1">{label}</span>{after}</button>'
    )


@register.simple_tag
def chips(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """{% chips rail_views %}: the same links as chips for the phone."""
    return chips_markup(items or ())


@register.simple_tag
def asset(name: str) -> str:
    """The address of one of the built files, e.g. {% asset "app.css" %}."""
    return static(f"anshin/{name}")


def language_code() -> str:
    """The language in which the page is drawn."""
    return get_language() or settings.LANGUAGE_CODE
