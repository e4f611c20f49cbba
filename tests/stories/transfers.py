"""The bank's part of a story: a batch of transfers made by one person, approved by another, taken, marked."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from anshin.commerce.models import TransferBatch
from tests.stories.visitor import words_of

if TYPE_CHECKING:
    from tests.stories.conftest import Clerk


def made_and_approved(cast: Any, *, on: date) -> int:
    """Saeki ticks what waits, may not approve it herself, and Anju does; the number of the batch."""
    page = cast.saeki.sees("transfers")
    waiting = re.findall(r'name="refund" value="(\d+)" checked', page)
    assert waiting
    assert f'<option value="{on}"' in page
    made = cast.saeki.does("transfer_make", refund=waiting, day=on.isoformat())
    number = int(made.headers["Location"].rpartition("/")[2])
    approve = cast.saeki.address("transfer_approve", number)
    assert approve not in cast.saeki.sees("transfer", number)
    assert cast.saeki.does("transfer_approve", number).status_code == 302
    assert "file for the bank" not in _buttons(cast.saeki, number)
    assert TransferBatch.objects.get(number=number).state == "draft"
    assert approve in cast.anju.sees("transfer", number)
    assert cast.anju.does("transfer_approve", number).status_code == 302
    return number


def taken(cast: Any, number: int) -> tuple[str, bytes]:
    """Name and bytes of the file for the bank."""
    assert "Take the file for the bank" in _buttons(cast.saeki, number)
    answer = cast.saeki.does("transfer_file", number)
    name = answer.headers["Content-Disposition"].partition("filename*=UTF-8''")[2]
    return unquote(name), answer.content


def marked_done(cast: Any, number: int) -> None:
    """The bank has transferred everything."""
    assert 'name="do" value="all"' in cast.saeki.sees("transfer", number)
    assert cast.saeki.does("transfer_mark", number, do="all").status_code == 302
    assert 'name="do" value="all"' not in cast.saeki.sees("transfer", number)


def _buttons(clerk: Clerk, number: int) -> str:
    """What the buttons of a batch's page say."""
    page = clerk.sees("transfer", number)
    return words_of(" ".join(re.findall(r"<button.*?</button>", page, re.DOTALL)))
