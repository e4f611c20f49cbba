"""The owner's pages about addresses that are told what happens: the list, one with its log, and what is done to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from anshin.integrations import actions, queries
from anshin.integrations.terms import TEST_EVENT, DeliveryState, EventType, Failing, WebhookState
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops.terms import Permission
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.integrations.models import Attempt, Webhook
    from anshin.integrations.queries import DeliveryRow
    from anshin.shops.models import Membership

_LOOKS = {
    WebhookState.ACTIVE: ("good", "circle-check"),
    WebhookState.PAUSED: ("warn", "circle-pause"),
    WebhookState.STOPPED: ("bad", "circle-x"),
}
_DELIVERY_LOOKS = {
    DeliveryState.WAITING: ("info", "clock"),
    DeliveryState.HELD: ("warn", "circle-pause"),
    DeliveryState.DELIVERED: ("good", "check"),
    DeliveryState.FAILED: ("bad", "x"),
}


class WebhookForm(forms.Form):
    """An address and of what it is told."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        widget=forms.URLInput({"placeholder": "https://example.jp/hook", "autocomplete": "off"}),
    )
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Of what it is told"),
        choices=EventType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def chosen(self) -> list[EventType]:
        """What was ticked."""
        return [EventType(each) for each in self.cleaned_data["types"]]


@desk(Permission.RUN_SHOP)
def webhooks(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """All addresses, and one more; its secret is shown once, on the page that answers the button."""
    if request.method != "POST":
        return _list(request, by, WebhookForm())
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _list(request, by, form)
    try:
        hook, secret = actions.add_webhook(
            by=by,
            name=form.cleaned_data["name"],
            url=form.cleaned_data["url"],
            types=form.chosen(),
            now=clock.now(),
        )
    except actions.BadWebhook as refusal:
        form.add_error(None, str(refusal))
        return _list(request, by, form)
    return _one(request, hook, secret=secret)


@desk(Permission.RUN_SHOP)
def webhook(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One address: what is done to it, and the log of what went there."""
    hook = _hook(by, pk)
    wanted = request.POST.get("do", "")
    if wanted == "rotate":
        return _one(request, hook, secret=actions.rotate_secret(by=by, webhook_id=pk, now=clock.now()))
    if wanted == "change":
        return _change(request, by, hook)
    if wanted == "remove":
        actions.remove_webhook(by=by, webhook_id=pk, now=clock.now())
        messages.success(request, _("%(url)s is told nothing any more.") % {"url": hook.url})
        return redirect("staff:settings_webhooks", by.shop.slug)
    if wanted:
        _do(request, by, hook, wanted)
        return redirect("staff:settings_webhook", by.shop.slug, pk)
    return _one(request, hook)


@require_POST
@desk(Permission.RUN_SHOP)
def send_again(request: HttpRequest, by: Membership, pk: int, delivery_id: int) -> HttpResponseBase:
    """One telling once more."""
    actions.send_again(by=by, webhook_id=_hook(by, pk).pk, delivery_id=delivery_id, now=clock.now())
    messages.success(request, _("It leaves again in a moment, under the same id."))
    return redirect("staff:settings_webhook", by.shop.slug, pk)


def _do(request: HttpRequest, by: Membership, hook: Webhook, wanted: str) -> None:
    now = clock.now()
    if wanted == "pause":
        actions.pause_webhook(by=by, webhook_id=hook.pk, now=now)
        messages.success(request, _("Paused. What happens is kept and sent when you resume it."))
    elif wanted == "resume":
        count = actions.resume_webhook(by=by, webhook_id=hook.pk, now=now)
        messages.success(request, _("It is told again. Sent now: %(count)d.") % {"count": count})
    elif wanted == "test":
        actions.send_test(by=by, webhook_id=hook.pk, now=now)
        messages.success(request, _("A test leaves in a moment. Its line appears below."))
    elif wanted == "again":
        since = _since(by, request.POST.get("since", ""))
        if since is None:
            messages.error(request, _("Choose a date and a time."))
            return
        count = actions.send_all_again(by=by, webhook_id=hook.pk, since=since, now=now)
        words = ngettext("%(count)d leaves again.", "%(count)d leave again.", count)
        messages.success(request, words % {"count": count})


def _change(request: HttpRequest, by: Membership, hook: Webhook) -> HttpResponseBase:
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            actions.change_webhook(
                by=by,
                webhook_id=hook.pk,
                name=form.cleaned_data["name"],
                url=form.cleaned_data["url"],
                types=form.chosen(),
                now=clock.now(),
            )
        except actions.BadWebhook as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:settings_webhook", by.shop.slug, hook.pk)
    return _one(request, hook, form=form)


def _since(by: Membership, written: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(by.shop.zone))


def _hook(by: Membership, pk: int) -> Webhook:
    found = queries.webhook_by_id(by.shop, pk)
    if found is None:
        raise Http404
    return found


def _list(request: HttpRequest, by: Membership, form: WebhookForm) -> HttpResponseBase:
    request.desk_section = "webhooks"  # type: ignore[attr-defined]
    rows = [{**_look(row.webhook), "waiting": row.waiting} for row in queries.webhooks_of(by.shop)]
    context = {"form": form, "rows": rows, "types": _types(form)}
    return render(request, "staff/settings_webhooks.html", context, status=422 if form.errors else 200)


def _one(request: HttpRequest, hook: Webhook, *, form: WebhookForm | None = None, secret: str = "") -> HttpResponseBase:
    request.desk_section = "webhooks"  # type: ignore[attr-defined]
    hook.refresh_from_db()
    form = form or WebhookForm(initial={"name": hook.name, "url": hook.url, "types": hook.types})
    try:
        page = queries.deliveries_of(hook, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    now = clock.now()
    context = {
        **_look(hook),
        "form": form,
        "types": _types(form),
        "secret": secret,
        "both_until": hook.former_until_at if hook.former_until_at and hook.former_until_at > now else None,
        "held": queries.held_count(hook),
        "page": page,
        "deliveries": [_delivery(row) for row in queries.attempts_of(page.items)],
    }
    return render(request, "staff/webhook.html", context, status=422 if form.errors else 200)


def _types(form: WebhookForm) -> list[dict[str, Any]]:
    chosen = set(form["types"].value() or ())
    return [{"code": each.value, "label": each.label, "on": each.value in chosen} for each in EventType]


def _look(hook: Webhook) -> dict[str, Any]:
    state = WebhookState(hook.state)
    kind, icon = _LOOKS[state]
    is_silent = state == WebhookState.ACTIVE and hook.failing_since_at is not None
    return {
        "hook": hook,
        "is_active": state == WebhookState.ACTIVE,
        "is_stopped": state == WebhookState.STOPPED,
        "kind": "warn" if is_silent else kind,
        "icon": "clock-alert" if is_silent else icon,
        "label": _("Does not answer, is tried again") if is_silent else state.label,
    }


def _delivery(row: DeliveryRow) -> dict[str, Any]:
    state = DeliveryState(row.delivery.state)
    kind, icon = _DELIVERY_LOOKS[state]
    told = row.delivery.telling
    return {
        "delivery": row.delivery,
        "telling": told,
        "what": _("A test") if told.type == TEST_EVENT else EventType(told.type).label,
        "kind": kind,
        "icon": icon,
        "label": state.label,
        "next": row.delivery.next_try_at if state == DeliveryState.WAITING and row.delivery.tries else None,
        "attempts": [_attempt(each) for each in row.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    failing = Failing(attempt.failing).label if attempt.failing and attempt.status is None else ""
    return {"attempt": attempt, "words": failing or str(attempt.status)}
