"""The bank's part of a story: a batch of transfers made by one person, approved by another, taken, marked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from anshin.commerce import actions, queries

if TYPE_CHECKING:
    from anshin.commerce.models import TransferBatch
    from tests.stories.conftest import Time


def made_and_approved(cast: Any, time: Time, *, on: date) -> TransferBatch:
    """Saeki collects what waits, cannot approve it herself, and Anju does."""
    by = cast.saeki.membership
    waiting = [each.pk for each in queries.refunds_for_transfer(by.shop)]
    batch = actions.make_batch(by=by, transfer_on=on, refund_ids=waiting, now=time.now)
    with pytest.raises(actions.SamePerson):
        actions.approve_batch(by=by, batch_id=batch.pk, now=time.now)
    return actions.approve_batch(by=cast.anju.membership, batch_id=batch.pk, now=time.now)


def taken(cast: Any, time: Time, batch: TransferBatch) -> tuple[str, bytes]:
    """Name and bytes of the file for the bank."""
    return actions.take_batch_file(by=cast.saeki.membership, batch_id=batch.pk, now=time.now)


def marked_done(cast: Any, time: Time, batch: TransferBatch) -> None:
    """The bank has transferred everything."""
    lines = list(batch.lines.values_list("position", flat=True))
    actions.mark_transfers_done(by=cast.saeki.membership, batch_id=batch.pk, positions=lines, now=time.now)
