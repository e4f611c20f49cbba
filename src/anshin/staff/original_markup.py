"""The pieces of a message's entry that tell how its original was read; written in one go like templatetags/desk.py."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.cases.terms import Charset
from anshin.plumbing.pages.markup import escaped, icon_markup

Entry = Mapping[str, Any]


def held(entry: Entry, token: str) -> str:
    """Why a person must look at the mail, with the way to have it read again and to the original."""
    found = entry.get("held")
    if not found:
        return ""
    again, raw = escaped(found["again_url"]), escaped(entry.get("raw_url") or "")
    buttons = ""
    if raw:
        icon = icon_markup("download", "s")
        buttons = f'<a class="btn btn-sm btn-line" href="{raw}" download>{icon}{_("Save the mail as it came")}</a>'
    if again:
        buttons += (
            f'<button class="btn btn-sm btn-line">{icon_markup("refresh-cw", "s")}{_("Read the mail again")}</button>'
        )
    return (
        f'<form class="entry-held" method="post" action="{again}" hx-post="{again}">{token}'
        f"{icon_markup('mail-warning')}<span>{escaped(found['words'])}</span><div>{buttons}</div></form>"
    )


def remarks(entry: Entry) -> str:
    """What else was out of the ordinary, one line each."""
    found = entry.get("remarks")
    return f'<ul class="entry-remarks">{"".join(map(_remark, found))}</ul>' if found else ""


def is_odd(entry: Entry) -> bool:
    """Whether the mail's characters may be wrong: its code was guessed or chosen, or some cannot be read."""
    found = entry.get("garbled")
    return bool(found and found["words"])


def garbled(entry: Entry, token: str) -> str:
    """The way to have a garbled mail read in another character code."""
    found = entry.get("garbled")
    if not found:
        return ""
    said = f"<b>{escaped(found['words'])}</b>" if found["words"] else ""
    url = escaped(found["url"])
    return (
        f'<details class="entry-garbled"><summary>{said}{_("Garbled text?")}</summary>'
        f'<form method="post" action="{url}" hx-post="{url}">{token}{_choices(found["used"], get_language() or "")}'
        f'<button class="btn btn-sm btn-line">{_("Read it again")}</button></form></details>'
    )


@lru_cache(maxsize=100)
def _choices(used: str, language: str) -> str:  # noqa: ARG001  the words depend on the language
    chosen = [("", _("Choose by itself")), *((charset.value, str(charset.label)) for charset in Charset)]
    options = "".join(
        f'<option value="{escaped(value)}"{" selected" if value == used else ""}>{escaped(label)}</option>'
        for value, label in chosen
    )
    return (
        f'<select class="select select-sm w-auto" name="charset" aria-label="{_("Character code")}">{options}</select>'
    )


def _remark(found: Entry) -> str:
    kind, icon = (' class="is-urgent"', "triangle-alert") if found["is_urgent"] else ("", "info")
    return f"<li{kind}>{icon_markup(icon, 's')}<span>{escaped(found['words'])}</span></li>"
