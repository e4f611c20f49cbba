"""Where a reply or a note is written: addresses, the person's drafts, what they may do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.cases.queries import CasePage, former_drafts_of, sender_addresses
from anshin.cases.terms import Direction, Party, Status
from anshin.commerce.terms import Reach
from anshin.language.mails import looks_like_mail
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.templatetags.pages import file_size
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address as desk_address
from anshin.staff.bounces import warnings_before_writing
from anshin.staff.offers import offers
from anshin.staff.veil import is_veiled
from anshin.staff.veiled_replies import known_party, veiled_choices

_TOLD = ("return.", "delivery.", "reply.promise")
"""Facts of a case of which something stands beside the reply before a word is written."""

if TYPE_CHECKING:
    from anshin.cases.models import Case, Draft
    from anshin.shops.models import Membership


def composer(
    by: Membership, page: CasePage, *, now: datetime, findings: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """What staff/_composer.html shows."""
    can_answer = may(by, Permission.ANSWER) and page.case.status != Status.SPAM
    return {
        "mode": "reply" if can_answer else "note",
        "stopped": _stopped(by, page.case),
        "reply": veiled_choices(by, _reply(by, page, now, findings or [])) if can_answer else None,
        "note": _form(by, page, now, is_note=True) | {"placeholder": _("Only colleagues see this."), "findings": []},
    }


def _stopped(by: Membership, case: Case) -> dict[str, str]:
    """Why nobody answers here, with the way out; empty for an ordinary case."""
    if case.status != Status.SPAM:
        return {}
    url = desk_address("not_spam", by.shop.slug, case.number) if may(by, Permission.TRIAGE) else ""
    return {"words": _("Cases in the spam folder are not answered."), "url": url, "do": _("Not spam")}


def recipients(page: CasePage) -> list[tuple[str, str]]:
    """(name, mail) of everybody on the customer's side, the likeliest recipient first."""
    found: dict[str, tuple[str, str]] = {}
    for message in reversed(page.messages):
        if message.direction == Direction.IN and message.sender_mail:
            found.setdefault(message.sender_mail.lower(), (message.sender_name, message.sender_mail))
    name = page.case.customer.name if page.case.customer else ""
    for contact in page.contacts:
        if contact.kind == "mail":
            found.setdefault(contact.value.lower(), (name, contact.value))
    return list(found.values())


def parties(by: Membership, written: str, page: CasePage) -> list[Party]:
    """The addresses of a field, with the names that the case knows for them. Raises OnlyTheCustomer."""
    if is_veiled(by):
        return known_party(by, written, recipients(page))
    mails = [part.strip() for part in written.replace("、", ",").replace(";", ",").split(",") if part.strip()]
    known = {mail.lower(): name for name, mail in recipients(page)} if all(map(looks_like_mail, mails)) else {}
    return [Party(known.get(mail.lower(), ""), mail) for mail in mails]


def saved_words(draft: Draft | None, *, now: datetime) -> str:
    """When the draft was last saved, "" without one."""
    if draft is None or not draft.text:
        return ""
    at = dates.when(draft.saved_at, now=now, language=get_language() or "ja")
    return _("Draft saved %(at)s") % {"at": at.split(" ")[-1]}


def _reply(by: Membership, page: CasePage, now: datetime, findings: list[dict[str, str]]) -> dict[str, Any]:
    people = recipients(page)
    first = people[0] if people else ("", "")
    marked = {contact.value.lower() for contact in page.contacts if contact.reach != Reach.OK}
    form = _form(by, page, now, is_note=False)
    return form | {
        "seen": page.case.version,
        "to_words": _("To %(name)s") % {"name": _named(*first)} if people else _("No address yet"),
        "to": first[1],
        "to_choices": [
            {
                "value": mail,
                "label": _labelled(name, mail, marked),
                "words": _("To %(name)s") % {"name": _named(name, mail)},
                "on": mail == first[1],
            }
            for name, mail in people
        ],
        "warnings": warnings_before_writing(page.contacts, chosen=first[1]),
        "from_choices": _from_choices(by, page.case),
        "cc": "",
        "subject": page.reply_subject,
        "placeholder": _("Write to the customer …"),
        "findings": findings,
        "can_close": may(by, Permission.TRIAGE),
        "needs_approval": by.needs_approval,
        "times_url": desk_address("send_times", by.shop.slug),
        "hints_url": desk_address("reply_hints", by.shop.slug, page.case.number),
        "hints_now": bool(form["text"]) or any(fact.event.startswith(_TOLD) for fact in page.facts),
        "macros_url": desk_address("case_macros", by.shop.slug, page.case.number),
        "offers": offers(by, page, now=now) if form["version"] else None,
    }


def _from_choices(by: Membership, case: Case) -> list[dict[str, str]]:
    """Nothing where there is nothing to choose."""
    senders = sender_addresses(by.shop, case)
    choices = [{"value": sender.mail, "label": f"{sender.name} <{sender.mail}>"} for sender in senders]
    return choices if len(choices) > 1 else []


def _form(by: Membership, page: CasePage, now: datetime, *, is_note: bool) -> dict[str, Any]:
    draft = page.drafts.get(is_note)
    kind = "note" if is_note else "reply"

    def address(name: str) -> str:
        return desk_address(name, by.shop.slug, page.case.number)

    return {
        "url": address(kind),
        "draft_url": address(f"{kind}_draft"),
        "upload_url": "" if is_note else address("upload"),
        "version": draft.version if draft else 0,
        "text": draft.text if draft else "",
        "saved": saved_words(draft, now=now),
        "former": _former(draft, now) if draft else [],
        "restore_url": address(f"{kind}_draft_back"),
        "files": [
            {
                "id": file.pk,
                "name": file.name,
                "size": file_size(file.blob.size_bytes),
                "drop_url": desk_address("drop_file", by.shop.slug, file.pk),
            }
            for file in draft.files.all()
        ]
        if draft and not is_note
        else [],
    }


def _former(draft: Draft, now: datetime) -> list[dict[str, str]]:
    """The draft's former versions, newest first."""
    language = get_language() or "ja"
    return [
        {
            "value": at.isoformat(),
            "at": dates.when(at, now=now, language=language),
            "line": " ".join(text.split())[:160],
        }
        for at, text in former_drafts_of(draft)
    ]


def _named(name: str, mail: str) -> str:
    return _("%(name)s 様 <%(mail)s>") % {"name": name, "mail": mail} if name else mail


def _labelled(name: str, mail: str, marked: set[str]) -> str:
    named = _named(name, mail)
    return _("%(who)s (mail came back)") % {"who": named} if mail.lower() in marked else named
