"""What repeats on the desk, written in one go: the list's rows and the entries of a case.

Through the template language fifty rows or thirty entries would cost more than the queries behind them. The looks are
in frontend/css/desk.css and timeline.css; what each row and entry holds, staff/_list.html and staff/_timeline.html say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.language.sensitive_numbers import masked
from anshin.plumbing.pages.markup import escaped, icon_markup, token_markup
from anshin.staff import card_markup as shown
from anshin.staff import original_markup as originals

if TYPE_CHECKING:
    from anshin.staff.rows import Row

register = template.Library()
Entry = Mapping[str, Any]

_MENTION = re.compile(r"(?:^|(?<=[\s。、((「]))@[^\s。、@&<>]{1,20}(?=\s|$)", re.MULTILINE)
MOST_FILES = 20
"""More files than this are folded away."""
_SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"


@register.filter
def without_numbers(text: str) -> str:
    """The text with card numbers and the like masked."""
    return masked(text)


@register.simple_tag
def case_rows(rows: Iterable[Row]) -> SafeString:
    """The list's <li> elements."""
    return mark_safe("".join(map(_row, rows)))  # noqa: S308  each part is escaped below


@register.simple_tag(takes_context=True)
def case_entries(context: template.Context, entries: Iterable[Entry]) -> SafeString:
    """Messages, notes and facts of a case."""
    token = token_markup(context.get("csrf_token"))
    drawn = [_fact(entry) if entry["kind"] == "fact" else _said(entry, token) for entry in entries]
    return mark_safe("".join(drawn))  # noqa: S308  each part is escaped below


def _row(row: Row) -> str:
    lasting = (row.number, row.classes, row.url, row.subject, row.customer, row.preview)
    before, between, after = _lasting_parts(lasting)
    return f"{before}{escaped(row.age)}{between}{escaped(row.marks)}{after}{escaped(row.due)}</span></a></li>\n"


@lru_cache(maxsize=5000)
def _lasting_parts(lasting: tuple[int, str, str, str, str, str]) -> tuple[str, str, str]:
    """What of a row stays until its case changes: before, between and after its age and its tags."""
    number, classes, url, subject, customer, preview = lasting
    before = (
        f'<li class="row{escaped(classes)}" id="c{number:d}">'
        f'<label class="row-pick"><input class="checkbox checkbox-sm" type="checkbox" name="case" value="{number:d}"'
        f' aria-labelledby="s{number:d}"></label>'
        f'<a class="row-link" href="{escaped(url)}"><span class="row-1">'
        f'<span class="row-subject" id="s{number:d}">{escaped(subject)}</span>'
    )
    between = (
        f'</span><span class="row-2"><b>{escaped(customer)}</b><i>·</i>{escaped(preview)}</span>'
        '<span class="row-3"><span class="row-marks">'
    )
    return before, between, "</span>"


def _fact(entry: Entry) -> str:
    icon = icon_markup(entry["icon"], "s")
    return f'<div class="fact">{icon}<span>{escaped(entry["text"])}</span>{escaped(entry["at"])}</div>\n'


def _said(entry: Entry, token: str) -> str:
    kind = "own" if entry["kind"] == "out" else entry["kind"]
    return (
        f'<article class="entry entry-{kind}" id="m{escaped(entry["id"])}">{_face(entry)}<div class="entry-card">'
        f"{_head(entry)}{_doubts(entry, token)}{originals.held(entry, token)}{_numbers(entry, token)}"
        f"{shown.seal(entry)}{_body(entry)}{shown.events(entry)}"
        f"{_folded(_('Signature'), entry.get('signature'))}{_folded(_('Quoted text'), entry.get('quote'))}"
        f"{shown.forwards(entry) if not entry.get('html_url') else ''}"
        f"{_files(entry)}{originals.remarks(entry)}{_state(entry)}{_leaving(entry, token)}"
        f"{_trouble(entry, token)}{_foot(entry, token)}"
        "</div></article>\n"
    )


def _face(entry: Entry) -> str:
    if entry["kind"] == "note":
        return f'<span class="ava ava-note" aria-hidden="true">{icon_markup("lock", "s")}</span>'
    me = " ava-me" if entry.get("me") else ""
    return f'<span class="ava{me}" aria-hidden="true">{escaped(entry["initial"])}</span>'


def _head(entry: Entry) -> str:
    who, meta = entry["who"], entry.get("meta", "")
    if entry["kind"] == "note":
        who, meta = _("Note"), f"{_('Customers never see this')} · {who}"
    return (
        f'<header class="entry-head"><span class="entry-who">{escaped(who)}</span>'
        f'<span class="entry-meta">{escaped(meta)}</span>{escaped(entry["at"])}</header>'
    )


def _doubts(entry: Entry, token: str) -> str:
    """Why the sender is doubtful, above what they wrote."""
    warnings = entry.get("warnings")
    if not warnings:
        return ""
    lines = "".join(f"<li>{escaped(words)}</li>" for words in warnings)
    advice = _("Do not open links and files, do not enter anything, do not answer until you know who wrote.")
    return (
        f'<div class="entry-doubts" role="note">{icon_markup("shield-alert")}<div><b>{_("This may be a fraud")}</b>'
        f"<ul>{lines}</ul><p>{advice}</p>{_believe(entry, token)}</div></div>"
    )


def _believe(entry: Entry, token: str) -> str:
    """The way to take the warnings off, for those who know who wrote."""
    url = escaped(entry.get("believe_url") or "")
    if not url:
        return ""
    return (
        f'<form method="post" action="{url}" hx-post="{url}">{token}'
        f'<button class="btn btn-sm btn-line">{icon_markup("check", "s")}{_("It is no fraud")}</button></form>'
    )


def _body(entry: Entry) -> str:
    if not entry.get("html_url"):
        text = escaped(entry["text"])
        if entry["kind"] == "note":
            text = _MENTION.sub(r'<b class="mention">\g<0></b>', text)
        return f'<div class="entry-text">{text}</div>'
    return (
        f'<iframe class="entry-frame" src="{escaped(entry["html_url"])}" title="{escaped(entry["html_title"])}"'
        f' sandbox="{_SANDBOX}" referrerpolicy="no-referrer" loading="lazy" data-mail-frame></iframe>'
        f'<div class="entry-state" hidden><b>{icon_markup("image-off", "s")}'
        f"{_('Pictures from outside are not loaded')}</b>"
        f'<button class="lnk" type="button" data-pictures>{_("Load them")}</button></div>'
    )


def _numbers(entry: Entry, token: str) -> str:
    """The warning of card numbers and the like, with the way to see or strike them."""
    numbers = entry.get("numbers")
    if not numbers:
        return ""
    url, buttons = escaped(numbers["show_url"]), ""
    if url:
        buttons = f'<button class="btn btn-sm btn-line">{icon_markup("eye", "s")}{escaped(numbers["show"])}</button>'
    if strike := escaped(numbers["strike_url"]):
        buttons += f'<a class="btn btn-sm btn-bad" href="{strike}">{escaped(numbers["strike"])}</a>'
    return (
        f'<form class="entry-warning" method="post" action="{url}" hx-post="{url}">{token}'
        f"{icon_markup('shield-alert', 's')}<span>{escaped(numbers['words'])}</span>{buttons}</form>"
    )


def _folded(title: str, text: str | None) -> str:
    if not text:
        return ""
    return (
        f'<details class="entry-fold"><summary>{icon_markup("chevron-right", "s")}{title}</summary>'
        f'<div class="entry-quote">{escaped(text)}</div></details>'
    )


def _files(entry: Entry) -> str:
    files = entry.get("files")
    if not files:
        return ""
    shown = f'<div class="entry-files">{"".join(map(_file, files[:MOST_FILES]))}</div>'
    if len(files) <= MOST_FILES:
        return shown
    words = _("%(count)s more files") % {"count": len(files) - MOST_FILES}
    return (
        f'{shown}<details class="entry-fold"><summary>{icon_markup("chevron-right", "s")}{words}</summary>'
        f'<div class="entry-files">{"".join(map(_file, files[MOST_FILES:]))}</div></details>'
    )


def _file(file: Entry) -> str:
    url, name, thumb = escaped(file["url"]), escaped(file["name"]), escaped(file.get("thumb_url") or "")
    picture = f'<span class="thumb grid place-items-center">{icon_markup("file")}</span>'
    if thumb:
        picture = f'<a href="{url}"><img class="thumb thumb-l" src="{thumb}" alt="{name}" loading="lazy"></a>'
    if not url:
        return f'<div class="entry-file">{picture}<span class="dim">{name} · {escaped(file["size"])}</span></div>'
    note = f'<br><span class="dim">{escaped(file["note"])}</span>' if file.get("note") else ""
    return (
        f'<div class="entry-file">{picture}<span><a href="{url}" download>{name}</a>'
        f" · {escaped(file['size'])}{note}</span></div>"
    )


def _state(entry: Entry) -> str:
    state = entry.get("state")
    if not state:
        return ""
    icon = icon_markup(state["icon"], "s")
    return (
        f'<div class="entry-state"><b class="state-{state["kind"]}">{icon}{escaped(state["words"])}</b>'
        f"<span>{escaped(state['detail'])}</span></div>"
    )


def _leaving(entry: Entry, token: str) -> str:
    """What can be done with a reply that has not left yet; rare enough for a template."""
    leaving = entry.get("leaving")
    return render_to_string("staff/_leaving.html", {"leaving": leaving, "token": mark_safe(token)}) if leaving else ""  # noqa: S308


def _trouble(entry: Entry, token: str) -> str:
    trouble = entry.get("trouble")
    if not trouble:
        return ""
    url, button = escaped(trouble.get("retry_url") or ""), ""
    if url:
        button = (
            f'<button class="btn btn-sm btn-line">{icon_markup("refresh-cw", "s")}{escaped(trouble["do"])}</button>'
        )
    if arrived := escaped(trouble.get("arrived_url") or ""):
        button += (
            f'<button class="btn btn-sm btn-line" formaction="{arrived}" hx-post="{arrived}">'
            f"{icon_markup('check', 's')}{escaped(trouble['arrived'])}</button>"
        )
    return (
        f'<form class="entry-trouble" method="post" action="{url}" hx-post="{url}" role="alert">{token}'
        f'<span class="trouble-words">{_reasoned(trouble)}</span>{button}</form>'
    )


def _reasoned(trouble: Entry) -> str:
    """What went wrong, what to do, and what the server said."""
    words = escaped(trouble["words"])
    if trouble.get("advice"):
        words = f"<b>{words}</b><br>{escaped(trouble['advice'])}"
    return words + (f"<small>{escaped(trouble['detail'])}</small>" if trouble.get("detail") else "")


def _foot(entry: Entry, token: str) -> str:
    links = ""
    if entry.get("switch_url"):
        url = escaped(entry["switch_url"])
        words = escaped(entry["switch_words"])
        links = f'<a href="{url}#m{escaped(entry["id"])}" hx-get="{url}" hx-select-oob="#timeline">{words}</a>'
    if entry.get("report_url"):
        links += f'<a href="{escaped(entry["report_url"])}" download>{_("The report of the mail server")}</a>'
    odd = originals.garbled(entry, token) if originals.is_odd(entry) else ""
    checks = _checks(entry) if entry.get("checks_are_odd") else ""
    shown = f"{checks}{links}{odd}{_folded_foot(entry, token)}"
    return f'<div class="entry-foot">{shown}</div>' if shown else ""


def _folded_foot(entry: Entry, token: str) -> str:
    """What hardly anybody asks of an ordinary message, behind one word."""
    rest = "" if entry.get("checks_are_odd") else _checks(entry)
    if entry.get("raw_url") and not entry.get("held"):
        rest += f'<a href="{escaped(entry["raw_url"])}" download>{_("The mail as it came")}</a>'
    if entry.get("strike_url"):
        rest += f'<a href="{escaped(entry["strike_url"])}">{_("Strike something out")}</a>'
    if not originals.is_odd(entry):
        rest += originals.garbled(entry, token)
    if not rest:
        return ""
    summary = f"<summary>{icon_markup('chevron-right', 's')}{pgettext('of a message', 'Details')}</summary>"
    return f'<details class="entry-more">{summary}<div class="entry-foot">{rest}</div></details>'


def _checks(entry: Entry) -> str:
    """The receiving server's checks as a quiet line."""
    if not entry.get("checks"):
        return ""
    failed = " state-warn" if entry["checks_failed"] else ""
    icon = icon_markup("shield-alert" if failed else "shield-check", "s")
    return f'<span class="entry-checks{failed}">{icon}{escaped(entry["checks"])}</span>'
