"""The pieces of a message's entry that show what it brings beside its text; written in one go like
templatetags/desk.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from anshin.plumbing.pages.markup import escaped, icon_markup

Entry = Mapping[str, Any]


def seal(entry: Entry) -> str:
    """What was found about the mail's signature."""
    found = entry.get("seal")
    if not found:
        return ""
    return (
        f'<div class="entry-state"><b class="state-{found["kind"]}">{icon_markup(found["icon"], "s")}'
        f"{escaped(found['words'])}</b><span>{escaped(found['detail'])}</span></div>"
    )


def events(entry: Entry) -> str:
    """The events of calendar files: what, when, where, from whom."""
    return "".join(map(_event, entry.get("events") or ()))


def forwards(entry: Entry) -> str:
    """Mails that the writer passed on, each as a mail of its own."""
    found = entry.get("forwards")
    if not found:
        return ""
    warning = _("What is forwarded can have been changed. It proves nothing about who sent it on.")
    return f'<div class="entry-forwards">{"".join(map(_forward, found))}<p>{escaped(warning)}</p></div>'


def _event(event: Entry) -> str:
    lines = "".join(f"<dt>{escaped(name)}</dt><dd>{escaped(value)}</dd>" for name, value in event["lines"])
    return (
        f'<section class="entry-event"><b class="state-{event["kind"]}">{icon_markup(event["icon"], "s")}'
        f"{escaped(event['words'])}</b><strong>{escaped(event['title'])}</strong><dl>{lines}</dl></section>"
    )


def _forward(forward: Entry) -> str:
    subject = f"<strong>{escaped(forward['subject'])}</strong>" if forward["subject"] else ""
    return (
        f'<article class="entry-forward"><header>{icon_markup("forward", "s")}<b>{escaped(forward["who"])}</b>'
        f"<span>{escaped(forward['at'])}</span></header>{subject}"
        f'<div class="entry-text">{escaped(forward["text"].strip())}</div></article>'
    )
