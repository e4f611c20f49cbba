"""The list's rows, written in one go: fifty of them through the template language would cost more than the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString, mark_safe

from anshin.plumbing.pages.markup import escaped as safe

if TYPE_CHECKING:
    from anshin.staff.rows import Row

register = template.Library()


@register.simple_tag
def case_rows(rows: Iterable[Row]) -> SafeString:
    """The list's <li> elements; the looks are in frontend/css/desk.css (`.row`)."""
    return mark_safe("".join(map(_row, rows)))  # noqa: S308  each part is escaped below


def _row(row: Row) -> str:
    number = f"{row.number:d}"
    return (
        f'<li class="row{safe(row.classes)}" id="c{number}">'
        f'<label class="row-pick"><input class="checkbox checkbox-sm" type="checkbox" name="case" value="{number}"'
        f' aria-labelledby="s{number}"></label>'
        f'<a class="row-link" href="{safe(row.url)}">'
        f'<span class="row-1"><span class="row-subject" id="s{number}">{safe(row.subject)}</span>{safe(row.age)}</span>'
        f'<span class="row-2"><b>{safe(row.customer)}</b><i>·</i>{safe(row.preview)}</span>'
        f'<span class="row-3">{safe(row.marks)}{safe(row.due)}</span></a></li>\n'
    )
