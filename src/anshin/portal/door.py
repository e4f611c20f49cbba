"""The door: order number and address, the code, a hand-over by the shop's own site, and out again.

What is said here is the same whether an order exists or not.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anshin.plumbing import callers
from anshin.portal.home import home_page
from anshin.portal.pages import CODE_COOKIE, VISIT_COOKIE, Page, outside
from anshin.visits import actions
from anshin.visits.terms import HandOverFault

_SAID = {"over", "left"}


@require_http_methods(["GET", "HEAD", "POST"])
@outside
def home(page: Page) -> HttpResponseBase:
    """Whoever is inside sees their orders, everybody else the questions; a POST asks for a code."""
    if page.request.method == "POST":
        return _ask(page)
    if page.visit is not None:
        actions.keep_open(visit=page.visit, now=page.now)
        return home_page(page)
    said = page.request.GET.get("said", "")
    number = page.request.GET.get("order", "")[:80]
    return _questions(page, number=number, said=said if said in _SAID else "")


@require_http_methods(["GET", "HEAD", "POST"])
@outside
def code(page: Page) -> HttpResponseBase:
    """The six digits. Whoever has asked for none is led back."""
    handle = page.request.COOKIES.get(CODE_COOKIE, "")
    if not handle:
        return page.go("home")
    if page.request.method != "POST":
        return _code_page(page, "", 200)
    try:
        token = actions.enter_code(shop=page.shop, handle=handle, code=page.request.POST.get("code", ""), now=page.now)
    except actions.WrongCode as refusal:
        words = page.words("code", left=refusal.left)
        return _code_page(page, words["wrong_one"] if refusal.left == 1 else words["wrong_other"], 422)
    except actions.CodeLocked:
        return _code_page(page, page.words("code")["locked"], 429)
    except actions.CodeOver:
        return _code_page(page, page.words("code")["over"], 422)
    page.remember(VISIT_COOKIE, token)
    page.forget(CODE_COOKIE)
    return page.go("home")


@require_GET
@outside
def enter(page: Page) -> HttpResponseBase:
    """A customer whom the shop's own site hands over; what cannot be believed is explained."""
    try:
        token = actions.take_over(shop=page.shop, token=page.request.GET.get("token", ""), now=page.now)
    except actions.NotHandedOver as refusal:
        words = page.words("entered")
        over = {HandOverFault.OVER, HandOverFault.USED}
        said = "over" if refusal.why in over else "unknown" if refusal.why == HandOverFault.UNKNOWN else "other"
        return page.draw("portal/not_entered.html", "entered", status=403, sentence=words[said])
    page.remember(VISIT_COOKIE, token)
    return page.go("home")


@require_POST
@outside
def leave(page: Page) -> HttpResponseBase:
    """Out, for good: the word in the cookie is worth nothing any more."""
    if page.visit is not None:
        actions.leave(visit=page.visit, now=page.now)
    page.forget(VISIT_COOKIE)
    return page.go("home", mark="left")


def _ask(page: Page) -> HttpResponseBase:
    number = page.request.POST.get("number", "").strip()
    contact = page.request.POST.get("contact", "").strip()
    missing = [name for name, value in (("number", number), ("contact", contact)) if not value]
    if missing:
        return _questions(page, number=number, contact=contact, missing=missing, status=422)
    address = _address(page.request)
    try:
        handle = actions.ask_for_code(
            shop=page.shop,
            number=number,
            contact=contact,
            visitor=salted_hmac("portal.visitor", address).hexdigest(),
            is_inner=callers.is_inner(address),
            language=page.language,
            now=page.now,
        )
    except actions.TooOften:
        return _questions(page, number=number, contact=contact, said="too_often", status=429)
    page.remember(CODE_COOKIE, handle)
    return page.go("code")


def _questions(
    page: Page,
    *,
    number: str = "",
    contact: str = "",
    said: str = "",
    missing: list[str] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    words = page.words("look_up")
    return page.draw(
        "portal/look_up.html",
        "look_up",
        status=status,
        number=number,
        contact=contact,
        sentence=words[said] if said else "",
        is_calm=said in _SAID,
        number_error=words["number_missing"] if missing and "number" in missing else "",
        contact_error=words["contact_missing"] if missing and "contact" in missing else "",
    )


def _code_page(page: Page, sentence: str, status: int) -> HttpResponseBase:
    return page.draw("portal/code.html", "code", status=status, sentence=sentence)


def _address(request: HttpRequest) -> str:
    return callers.neighbourhood(
        callers.client_address(
            peer=request.META.get("REMOTE_ADDR", ""),
            forwarded_for=request.headers.get("X-Forwarded-For", ""),
            proxies=settings.ANSHIN_PROXIES,
        )
    )
