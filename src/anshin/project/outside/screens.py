"""/dev/outside: every mail that left, and the means to write as a customer. Demo, development and tests only."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Mailbox
from anshin.channels.email.terms import Source
from anshin.commerce.terms import BounceKind
from anshin.plumbing import clock
from anshin.plumbing.mail.compose import NotComposed, OutgoingFile
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.pages.keyset import BadCursor, page_of
from anshin.project.outside import letters
from anshin.project.outside.forms import CustomerMailForm
from anshin.project.outside.models import Behaviour, LeftMail
from anshin.project.outside.post_office import behave, current_behaviour

PAGE_SIZE = 30


def practice_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 for a real shop, where strangers must not write mail into the desk."""

    @wraps(view)
    def checked(request: HttpRequest, *args: int, **kwargs: int) -> HttpResponse:
        if not settings.ANSHIN_OUTSIDE:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@practice_only
@require_GET
def left_mails(request: HttpRequest) -> HttpResponse:
    """Every mail that left, newest first, and the switch."""
    rows = LeftMail.objects.defer("raw", "text")
    try:
        page = page_of(rows, order=("-id",), size=PAGE_SIZE, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    context = {"page": page, "behaviours": Behaviour.choices, "behaviour": current_behaviour()}
    return render(request, "outside/left_mails.html", context)


@practice_only
@require_GET
def left_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail that left, with its original."""
    left = get_object_or_404(LeftMail, pk=pk)
    raw = bytes(left.raw)
    context = {
        "left": left,
        "files": [part.filename for part in parse(raw).attachments],
        "raw": raw.decode("utf-8", "replace"),
        "can_be_answered": _mailbox_of(left) is not None,
        "reasons": list(letters.SAID),
    }
    return render(request, "outside/left_mail.html", context)


@practice_only
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write a mail as a customer; with ?answers= as the answer to one that left."""
    if request.method == "GET":
        form = CustomerMailForm(initial=_answer_to(request.GET.get("answers", "")))
        return render(request, "outside/write.html", {"form": form})
    form = CustomerMailForm(request.POST, request.FILES)
    if form.is_valid() and _hand_in(form):
        messages.success(request, _("The mail is on its way to the desk."))
        return redirect("outside:left_mails")
    return render(request, "outside/write.html", {"form": form}, status=422)


@practice_only
@require_POST
def send_bounce(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the mail come back as undeliverable."""
    left, why = get_object_or_404(LeftMail, pk=pk), request.POST.get("why", BounceKind.UNKNOWN_USER)
    if why not in letters.SAID:
        raise Http404
    _arrive(left, letters.bounce(left, now=clock.now(), kind=BounceKind(why)))
    messages.success(request, _("The mail comes back to the desk as undeliverable."))
    return redirect("outside:left_mails")


@practice_only
@require_POST
def send_automatic(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the recipient's mailbox answer by itself."""
    left = get_object_or_404(LeftMail, pk=pk)
    _arrive(left, letters.automatic_answer(left, now=clock.now()))
    messages.success(request, _("An automatic answer is on its way to the desk."))
    return redirect("outside:left_mails")


@practice_only
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Let the practice mail server behave differently from now on."""
    wanted = request.POST.get("behaviour", "")
    if wanted not in Behaviour.values:
        raise Http404
    behave(Behaviour(wanted))
    messages.success(request, _("The practice mail server behaves differently from now on."))
    return redirect("outside:left_mails")


def _hand_in(form: CustomerMailForm) -> bool:
    """Store the mail as if it had arrived; False, with an error on the form, when it cannot be written."""
    given = form.cleaned_data
    mailbox: Mailbox = given["to"]
    file = given["file"]
    files = [OutgoingFile(file.name, file.content_type or "application/octet-stream", file.read())] if file else []
    answers = LeftMail.objects.filter(pk=given["answers"]).first() if given["answers"] else None
    written = letters.Written(
        given["name"], given["mail"], mailbox.address, given["subject"], given["body"], files, answers
    )
    try:
        raw = letters.customers_mail(written, now=clock.now())
    except NotComposed as error:
        form.add_error(None, _("A mail cannot be written like this: %(what)s") % {"what": error.what})
        return False
    store(mailbox=mailbox, raw=raw, source=Source.OUTSIDE, now=clock.now())
    return True


def _arrive(left: LeftMail, raw: bytes) -> None:
    mailbox = _mailbox_of(left)
    if mailbox is None:
        raise Http404
    store(mailbox=mailbox, raw=raw, source=Source.OUTSIDE, now=clock.now())


def _mailbox_of(left: LeftMail) -> Mailbox | None:
    return Mailbox.objects.filter(shop_id=left.shop_id, address=left.sender.lower()).first()


def _answer_to(said: str) -> dict[str, object]:
    left = LeftMail.objects.filter(pk=said).first() if said.isdecimal() else None
    if left is None:
        return {}
    original = parse(bytes(left.raw))
    person = original.to[0] if original.to else None
    subject = left.subject if left.subject.lower().startswith("re:") else f"Re: {left.subject}"
    return {
        "to": _mailbox_of(left),
        "name": person.name if person else "",
        "mail": person.mail if person else "",
        "subject": subject,
        "answers": left.pk,
    }
