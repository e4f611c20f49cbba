"""What a person does in a case: reply, note, assign, snooze, close, tag, link, merge, split."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases import actions
from anshin.cases.queries import CasePage, case_page, draft_of, page_after_reply
from anshin.cases.terms import Resolution, Status
from anshin.language.promises import promises_in
from anshin.plumbing import clock
from anshin.plumbing.live import presence as live_presence
from anshin.plumbing.pages.templatetags.pages import file_size
from anshin.replies import actions as replies
from anshin.replies.terms import Sending
from anshin.shops.terms import Permission
from anshin.staff.case_page import draw, draw_page, find_case, here_words
from anshin.staff.composer import parties, saved_words
from anshin.staff.desk import desk, is_fragment, toast
from anshin.staff.leaving import written_words
from anshin.staff.offers import chosen
from anshin.staff.people import owner_from
from anshin.staff.reply_hints import promise_choices
from anshin.staff.veiled_replies import MarkedText, OnlyTheCustomer, ready_to_leave, subject_to_leave

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership

_SAID_BESIDE = (
    actions.BadMoment,
    actions.EmptyText,
    actions.NoMailbox,
    actions.NoRecipient,
    MarkedText,
    OnlyTheCustomer,
    actions.UnfilledPlaceholder,
    actions.UnknownSender,
)


@require_POST
@desk(Permission.ANSWER)
def reply(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Send a reply; a stale thread or a bad address is said beside the text, which stays."""
    found, now = find_case(by, number), clock.now()
    page = case_page(by, found)
    text, seen = request.POST.get("text", ""), _number(request.POST.get("seen", ""))
    sending = _sending(request)
    try:
        to, cc = parties(by, request.POST.get("to", ""), page), parties(by, request.POST.get("cc", ""), page)
        message = replies.send(
            by=by,
            case_id=found.pk,
            text=ready_to_leave(by, page, text, now=now),
            to=to,
            cc=cc,
            subject=subject_to_leave(by, request.POST.get("subject", "")),
            sender_mail=request.POST.get("from", ""),
            read_at_version=seen,
            leave_at=_leave_at(request),
            sending=sending,
            now=now,
        )
    except actions.StaleThread as refusal:
        _keep_text(by, found, text, seen, now)
        do = {"name": "seen", "value": str(refusal.version), "do": _("Send anyway")}
        return _refused(request, by, found, str(refusal), do)
    except actions.ReplyObjected as refusal:
        _keep_text(by, found, text, seen, now)
        reason = {"reason": _("Why it is right all the same")} if refusal.may_override else {}
        return _refused(request, by, found, refusal.how, reason | {"objected": refusal.words})
    except _SAID_BESIDE as refusal:
        _keep_text(by, found, text, seen, now)
        return _refused(request, by, found, str(refusal), {})
    answered = page_after_reply(page, message)
    if sending != Sending(promises=sending.promises) or _promises(sending, text, now):
        answered = case_page(by, find_case(by, number))
    undo = reverse("staff:message_take_back", args=[by.shop.slug, message.pk])
    names = "、".join(party.name or party.mail for party in to)
    said = written_words(message, names, now=now)
    return answer(request, by, number, said, undo_url=undo, seconds=10, page=answered)


@require_POST
@desk(Permission.WRITE_NOTES)
def note(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Save an internal note."""
    found = find_case(by, number)
    actions.add_note(by=by, case_id=found.pk, text=request.POST.get("text", ""), now=clock.now())
    return answer(request, by, number, _("The note is saved."))


@require_POST
@desk(Permission.ANSWER)
def reply_draft(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Save what is being written to the customer."""
    return _draft(request, by, number, is_note=False)


@require_POST
@desk(Permission.WRITE_NOTES)
def note_draft(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Save what is being written to colleagues."""
    return _draft(request, by, number, is_note=True)


@require_POST
@desk(Permission.ANSWER)
def upload(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Take a file into the reply's draft."""
    found = find_case(by, number)
    file = request.FILES.get("file")
    if file is None or not file.name:
        return HttpResponse(_("No file arrived. Try again."), status=400)
    kept = actions.add_draft_file(
        by=by,
        case_id=found.pk,
        name=file.name,
        content=cast(BinaryIO, file),
        now=clock.now(),
    )
    drop_url = reverse("staff:drop_file", args=[by.shop.slug, kept.pk])
    size = file_size(kept.blob.size_bytes)
    return JsonResponse({"id": kept.pk, "name": kept.name, "size": size, "drop_url": drop_url})


@require_POST
@desk(Permission.ANSWER)
def drop_file(request: HttpRequest, by: Membership, file_id: int) -> HttpResponseBase:  # noqa: ARG001  a view
    """Take a file out of one's own draft."""
    actions.remove_draft_file(by=by, file_id=file_id)
    return HttpResponse(status=204)


@require_POST
@desk(Permission.TRIAGE)
def assign(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    owner = owner_from(by, request.POST.get("to", ""))
    found = find_case(by, number)
    actions.assign(by=by, case_id=found.pk, owner=owner, now=clock.now())
    said = _("Assigned to %(name)s.") % {"name": owner.person} if owner else _("The case has no owner now.")
    return answer(request, by, number, said)


@require_POST
@desk(Permission.TRIAGE)
def snooze(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    value = request.POST.get("until", "")
    until = moment_from(request.POST.get("until_at", "") if value == "at" else value)
    actions.snooze(by=by, case_id=find_case(by, number).pk, until=until, now=clock.now())
    wake_url = reverse("staff:reopen", args=[by.shop.slug, number])
    return answer(request, by, number, _("The case comes back by itself."), undo_url=wake_url)


@require_POST
@desk(Permission.TRIAGE)
def close(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    value = request.POST.get("resolution", "")
    if value not in Resolution.values:
        raise Http404
    found, now = find_case(by, number), clock.now()
    actions.close(by=by, case_id=found.pk, resolution=Resolution(value), now=now)
    if request.POST.get("follow_up_offered") and not request.POST.get("follow_up"):
        actions.plan_follow_up(by=by, case_id=found.pk, on=None, now=now)
    undo = reverse("staff:reopen", args=[by.shop.slug, number])
    return answer(request, by, number, _("The case is closed."), undo_url=undo)


@require_POST
@desk(Permission.TRIAGE)
def reopen(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Work on a closed or snoozed case again."""
    found, now = find_case(by, number), clock.now()
    if found.status == Status.SNOOZED:
        actions.wake(by=by, case_id=found.pk, now=now)
    actions.reopen(by=by, case_id=found.pk, now=now)
    return answer(request, by, number, _("The case is open again."))


@require_POST
@desk(Permission.TRIAGE)
def spam(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Put the case into the spam folder."""
    actions.mark_spam(by=by, case_id=find_case(by, number).pk, now=clock.now())
    undo = reverse("staff:spam_undo", args=[by.shop.slug, number])
    return answer(request, by, number, _("The case is in the spam folder now."), undo_url=undo)


@require_POST
@desk(Permission.TRIAGE)
def spam_undo(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Take that back: the case stands as before."""
    actions.undo_spam(by=by, case_id=find_case(by, number).pk, now=clock.now())
    return answer(request, by, number, _("The case stands as before."))


@require_POST
@desk(Permission.TRIAGE)
def not_spam(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Bring the case into the inbox, and trust its sender from now on."""
    actions.not_spam(by=by, case_id=find_case(by, number).pk, now=clock.now())
    undo = reverse("staff:spam", args=[by.shop.slug, number])
    said = _("The case is in the inbox. Mail from this sender is not put away any more.")
    return answer(request, by, number, said, undo_url=undo)


@require_POST
@desk(Permission.TRIAGE)
def status(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    found, now = find_case(by, number), clock.now()
    if request.POST.get("status") == Status.WAITING:
        actions.wait_for_customer(by=by, case_id=found.pk, now=now)
    elif request.POST.get("status") == Status.OPEN:
        actions.take_up(by=by, case_id=found.pk, now=now)
    return answer(request, by, number, _("The status is set."))


@require_POST
@desk(Permission.TRIAGE)
def tag(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    found = find_case(by, number)
    names = [*found.tag_names, request.POST.get("tag", "")]
    actions.set_tags(by=by, case_id=found.pk, names=names, now=clock.now())
    return answer(request, by, number, "")


@require_POST
@desk(Permission.TRIAGE)
def untag(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    found = find_case(by, number)
    names = [name for name in found.tag_names if name != request.POST.get("tag")]
    actions.set_tags(by=by, case_id=found.pk, names=names, now=clock.now())
    return answer(request, by, number, "")


@require_POST
@desk(Permission.TRIAGE)
def link_order(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    wanted = request.POST.get("number", "")
    actions.link_order(by=by, case_id=find_case(by, number).pk, order_number=wanted, now=clock.now())
    return answer(request, by, number, "")


@require_POST
@desk(Permission.TRIAGE)
def confirm_order(request: HttpRequest, by: Membership, number: int, order_id: int) -> HttpResponseBase:
    actions.confirm_order(by=by, case_id=find_case(by, number).pk, order_id=order_id, now=clock.now())
    return answer(request, by, number, "")


@require_POST
@desk(Permission.TRIAGE)
def unlink_order(request: HttpRequest, by: Membership, number: int, order_id: int) -> HttpResponseBase:
    actions.unlink_order(by=by, case_id=find_case(by, number).pk, order_id=order_id, now=clock.now())
    return answer(request, by, number, "")


@desk(Permission.TRIAGE)
def merge(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Ask for the other case's number, then merge."""
    found = find_case(by, number)
    if request.method == "POST":
        into = _number(request.POST.get("into", "").lstrip("#"))
        kept = actions.merge(by=by, case_id=found.pk, into_number=into, now=clock.now())
        return redirect("staff:case", by.shop.slug, kept.number)
    past = case_page(by, found).past_cases
    return render(request, "staff/merge.html", {"case": found, "past": past})


@desk(Permission.TRIAGE)
def split(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Ask which messages move, then split."""
    found = find_case(by, number)
    if request.method == "POST":
        ids = [int(pk) for pk in request.POST.getlist("message") if pk.isdecimal()]
        subject = request.POST.get("subject", "")
        new = actions.split(by=by, case_id=found.pk, message_ids=ids, subject=subject, now=clock.now())
        return redirect("staff:case", by.shop.slug, new.number)
    return render(request, "staff/split.html", {"case": found, "thread": case_page(by, found).messages})


@require_POST
@desk(Permission.READ_CASES)
def presence(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The open page says that its reader is still there or has gone, and hears who else is there."""
    found, now = find_case(by, number), clock.now()
    subject = f"case:{found.pk}"
    if request.POST.get("gone") == "1":
        live_presence.leave(shop_id=by.shop_id, subject=subject, person_id=by.person_id, now=now)
        return HttpResponse(status=204)
    is_writing = request.POST.get("writing") == "1"
    live_presence.touch(
        shop_id=by.shop_id,
        subject=subject,
        person_id=by.person_id,
        name=str(by.person),
        is_writing=is_writing,
        now=now,
    )
    return JsonResponse({"words": here_words(by, found, now)})


def _promises(sending: Sending, text: str, now: datetime) -> bool:
    return bool((sending.promises and sending.promises.kept) or promises_in(text, today=timezone.localdate(now)))


def _sending(request: HttpRequest) -> Sending:
    """What the form says of the macros in the reply: which, and what of their offers was left on."""
    closes = "answered" if request.POST.get("after") == "close" else request.POST.get("closes_with", "")
    return Sending(
        uses=chosen(request.POST.getlist("use")),
        closes_with=closes if closes in Resolution.values else "",
        tags=tuple(request.POST.getlist("adds_tag")),
        snooze_days=int(days) if (days := request.POST.get("snoozes", "")).isdecimal() and len(days) < 3 else 0,
        despite=request.POST.get("despite", ""),
        promises=promise_choices(request.POST),
    )


def answer(
    request: HttpRequest,
    by: Membership,
    number: int,
    said: str,
    *,
    undo_url: str = "",
    seconds: int = 0,
    page: CasePage | None = None,
) -> HttpResponseBase:
    """The case again, with a word about what was done; `page` where it is known already."""
    if not is_fragment(request):
        return redirect("staff:case", by.shop.slug, number)
    response = draw_page(request, by, page or case_page(by, find_case(by, number)))
    return toast(response, said, undo_url=undo_url, seconds=seconds) if said else response


def _refused(request: HttpRequest, by: Membership, found: Case, sentence: str, do: dict[str, str]) -> HttpResponseBase:
    finding = {"kind": "bad", "icon": "circle-x", "words": sentence, "detail": ""} | do
    return draw(request, by, find_case(by, found.number), findings=[finding], status=422)


def _keep_text(by: Membership, found: Case, text: str, seen: int, now: datetime) -> None:
    """What was written survives the refusal as a draft."""
    if not text.strip():
        return
    known = draft_of(by, found.pk, is_note=False)
    version = known.version if known else 0
    actions.save_draft(
        by=by, case_id=found.pk, is_note=False, text=text, version=version, read_at_version=seen, now=now
    )


def _draft(request: HttpRequest, by: Membership, number: int, *, is_note: bool) -> HttpResponseBase:
    found, now = find_case(by, number), clock.now()
    try:
        draft = actions.save_draft(
            by=by,
            case_id=found.pk,
            is_note=is_note,
            text=request.POST.get("text", ""),
            version=_number(request.POST.get("version", "")),
            read_at_version=_number(request.POST.get("seen", "")) or found.version,
            now=now,
        )
    except actions.StaleDraft as refusal:
        return JsonResponse({"version": refusal.version, "text": refusal.text, "why": str(refusal)}, status=409)
    return JsonResponse({"version": draft.version, "saved": saved_words(draft, now=now)})


def _leave_at(request: HttpRequest) -> datetime | None:
    """When the reply is to leave; None for at once. `at` means the time in the field beside the button."""
    value = request.POST.get("leave_at", "")
    return moment_from(request.POST.get("leave_on", "") if value == "at" else value) if value else None


def moment_from(value: str) -> datetime:
    """The moment that a field for date and time says, on the shop's clock. Raises WrongCase."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise actions.WrongCase(_("Choose a date and a time.")) from error
    return at if at.tzinfo else at.replace(tzinfo=timezone.get_current_timezone())


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 10 else 0
