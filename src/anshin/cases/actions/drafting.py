"""Drafts: one reply and one note for each person and case, saved on the server while they type."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases import rules
from anshin.cases.actions import standing
from anshin.cases.actions.refusals import StaleDraft, WrongCase
from anshin.cases.models import Draft, DraftFile
from anshin.plumbing.files.names import harmless_name
from anshin.plumbing.files.store import keep
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def save_draft(
    *,
    by: Membership,
    case_id: int,
    is_note: bool,
    text: str,
    version: int,
    read_at_version: int,
    now: datetime,
) -> Draft:
    """The saved draft. `version` is the one the writer's screen shows, 0 for a new draft.

    Raises StaleDraft when another window saved something else in the meantime, NotAllowed, WrongCase.
    """
    require(by, Permission.WRITE_NOTES if is_note else Permission.ANSWER)
    case = standing.locked_case(by.shop_id, case_id)
    draft, created = Draft.objects.get_or_create(
        case=case,
        author=by,
        is_note=is_note,
        defaults={"shop_id": case.shop_id, "text": text, "read_at_version": read_at_version, "saved_at": now},
    )
    if created or draft.text == text:
        return draft
    if draft.version != version:
        raise StaleDraft(draft.version, draft.text)
    return _write(draft, text, read_at_version=read_at_version, now=now)


@transaction.atomic
def bring_back_draft(*, by: Membership, case_id: int, is_note: bool, saved_at: datetime, now: datetime) -> Draft:
    """The person's draft as it was saved at `saved_at`; what stands there now becomes a former version.

    Raises NotAllowed, WrongCase, also when there is no such version (any more).
    """
    require(by, Permission.WRITE_NOTES if is_note else Permission.ANSWER)
    case = standing.locked_case(by.shop_id, case_id)
    draft = Draft.objects.select_for_update().filter(case=case, author=by, is_note=is_note).first()
    wanted = [text for at, text in rules.former_drafts(draft.former) if at == saved_at] if draft else []
    if draft is None or not wanted:
        raise WrongCase(_("This version of the draft is not there any more."))
    return _write(draft, wanted[0], read_at_version=case.version, is_replaced=True, now=now)


def _write(draft: Draft, text: str, *, read_at_version: int, is_replaced: bool = False, now: datetime) -> Draft:
    draft.former = rules.keep_former_draft(
        draft.former, text=draft.text, saved_at=draft.saved_at, fresh=text, is_replaced=is_replaced
    )
    draft.text, draft.version = text, draft.version + 1
    draft.read_at_version, draft.saved_at = read_at_version, now
    draft.save(update_fields=["text", "version", "read_at_version", "saved_at", "former"])
    return draft


@transaction.atomic
def discard_draft(*, by: Membership, case_id: int, is_note: bool) -> None:
    """Throw the person's own draft away."""
    Draft.objects.filter(shop_id=by.shop_id, case_id=case_id, author=by, is_note=is_note).delete()


@transaction.atomic
def add_draft_file(*, by: Membership, case_id: int, name: str, content: BinaryIO, now: datetime) -> DraftFile:
    """A file put into the person's reply draft, which is begun if there is none. Raises NotAllowed, WrongCase."""
    require(by, Permission.ANSWER)
    case = standing.locked_case(by.shop_id, case_id)
    draft, _created = Draft.objects.get_or_create(
        case=case,
        author=by,
        is_note=False,
        defaults={"shop_id": case.shop_id, "read_at_version": case.version, "saved_at": now},
    )
    blob = keep(case.shop_id, content, now=now)
    return DraftFile.objects.create(shop_id=case.shop_id, draft=draft, blob=blob, name=harmless_name(name))


@transaction.atomic
def remove_draft_file(*, by: Membership, file_id: int) -> None:
    """Take a file out of the person's own draft."""
    DraftFile.objects.filter(shop_id=by.shop_id, pk=file_id, draft__author=by).delete()
