"""What every page of a customer knows: the shop, the language, whose visit it is; and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from string import Template
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from anshin.plumbing import clock
from anshin.plumbing.files.limits import LARGEST_TOTAL_BYTES
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.language_choice import chosen_language
from anshin.shops.queries import shop_by_slug
from anshin.visits import actions
from anshin.visits.forms import page_words
from anshin.visits.queries import open_visit
from anshin.visits.terms import LANGUAGES, VISIT_ENDS

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Shop
    from anshin.visits.models import Visit

P = ParamSpec("P")
VISIT_COOKIE, CODE_COOKIE, LANGUAGE_COOKIE = "anshin_visit", "anshin_code", "anshin_customer_language"
LARGEST_REQUEST_BYTES = LARGEST_TOTAL_BYTES + 1024 * 1024
_LANGUAGE_SECONDS = 180 * 24 * 60 * 60


class Words(dict[str, Any]):
    """Words of a page whose `${…}` are filled in when they are read: a page shows a few of a hundred."""

    def __init__(self, kept: Mapping[str, Any], values: Mapping[str, object]) -> None:
        super().__init__(kept)
        self._values = values
        self._as_is: set[str] = set()  # put in already filled

    def __getitem__(self, key: str) -> Any:
        text = super().__getitem__(key)
        return text if key in self._as_is else _filled(text, self._values)

    def get(self, key: str, default: Any = None) -> Any:
        """As of any mapping."""
        return self[key] if key in self else default  # noqa: SIM401  this is that get

    def __or__(self, more: Mapping[str, Any]) -> Words:  # type: ignore[override]
        both = Words(self, self._values)
        both._as_is = self._as_is | more.keys()
        both.update({key: more[key] for key in more})
        return both


@dataclass(slots=True)
class Page:
    """One request of somebody at a shop's door. Cookies live under /p/<shop>/ only, so no shop sees another's."""

    request: HttpRequest
    shop: Shop
    language: str
    now: datetime
    visit: Visit | None = None
    cookies: dict[str, tuple[str, int]] = field(default_factory=dict)  # name to value and seconds; 0: forget

    @property
    def shop_name(self) -> str:
        return self.shop.name if self.language == "ja" else self.shop.name_en or self.shop.name

    @property
    def customer(self) -> Customer:
        """Whose visit it is. Raises Http404 for whoever has not come in, whom `inside` does not let this far."""
        if self.visit is None:
            raise Http404
        return self.visit.customer

    def words(self, table: str, **values: object) -> dict[str, Any]:
        """The words of a table of the language's file, with `${…}` filled in."""
        return Words(page_words(self.language, table), values)

    def day(self, moment: datetime | date | None) -> str:
        """The day as this customer reads it; "" for none."""
        if moment is None:
            return ""
        zone = ZoneInfo(self.shop.zone)
        which = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
        return dates.full_day(which, language=self.language, with_year=which.year != self.now.astimezone(zone).year)

    def url(self, name: str, *args: object) -> str:
        return reverse(f"portal:{name}", args=[self.shop.slug, *args])

    def go(self, name: str, *args: object, mark: str = "") -> HttpResponse:
        """Lead on to another page; `mark` is a code for what is said there."""
        return redirect(self.url(name, *args) + (f"?{urlencode({'said': mark})}" if mark else ""))

    def remember(self, cookie: str, value: str) -> None:
        self.cookies[cookie] = (value, int(VISIT_ENDS.total_seconds()))

    def forget(self, cookie: str) -> None:
        self.cookies[cookie] = ("", 0)

    def draw(self, template: str, table: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page with the words of `table` as `words` and those of the frame."""
        here = self.request.path
        common = {
            "shop": self.shop,
            "shop_name": self.shop_name,
            "language": self.language,
            "frame": self.words("frame", shop=self.shop_name),
            "words": context.pop("words", None) or self.words(table, shop=self.shop_name),
            "languages": [
                {"code": code, "name": own, "on": code == self.language, "url": f"{here}?language={code}"}
                for code, own in LANGUAGES.items()
            ],
            "is_inside": self.visit is not None,
            "home_url": self.url("home"),
            "leave_url": self.url("leave"),
            "notices_url": f"{self.url('notices')}?language={self.language}",
            "help_url": reverse("web_form:choose", args=[self.shop.slug]),
        }
        return render(self.request, template, common | context, status=status)


def outside(view: Callable[Concatenate[Page, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for everybody: 404 for a shop that does not exist, 413 before a huge request is read."""

    @csrf_exempt  # here, so that the size is looked at before the body is
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, shop: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        found = shop_by_slug(shop)
        if found is None:
            raise Http404
        page = _page(request, found)
        spoken = "ja" if page.language == "ja" else "en"
        with timezone.override(ZoneInfo(found.zone)), translation.override(spoken):
            if _is_too_large(request):
                return page.draw("portal/too_large.html", "too_large", status=413)
            guarded = csrf_protect(lambda _request: view(page, *args, **kwargs))
            response = guarded(request)
        for name, (value, seconds) in page.cookies.items():
            _set_cookie(response, found, name, value, seconds)
        return response

    return answer


def inside(view: Callable[Concatenate[Page, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for whoever has come in; others are led to the door."""

    @outside
    @wraps(view)
    def answer(page: Page, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if page.visit is None:
            had_one = bool(page.request.COOKIES.get(VISIT_COOKIE))
            return page.go("home", mark="over" if had_one else "")
        actions.keep_open(visit=page.visit, now=page.now)
        return view(page, *args, **kwargs)

    return answer


def _page(request: HttpRequest, shop: Shop) -> Page:
    now = clock.now()
    visit = open_visit(shop, request.COOKIES.get(VISIT_COOKIE, ""), now=now)
    wanted = request.GET.get("language", "")
    kept = request.COOKIES.get(LANGUAGE_COOKIE, "")
    own = visit.customer.language if visit else ""
    language = next((each for each in (wanted, kept, own) if each in LANGUAGES), chosen_language(request))
    page = Page(request, shop, language, now, visit)
    if wanted in LANGUAGES and wanted != kept:
        page.cookies[LANGUAGE_COOKIE] = (wanted, _LANGUAGE_SECONDS)
    return page


def _set_cookie(response: HttpResponseBase, shop: Shop, name: str, value: str, seconds: int) -> None:
    path = reverse("portal:home", args=[shop.slug])
    if not seconds:
        response.delete_cookie(name, path=path, samesite="Lax")
        return
    response.set_cookie(
        name, value, max_age=seconds, path=path, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def _filled(text: Any, values: Mapping[str, object]) -> Any:
    return Template(text).safe_substitute(values) if values and isinstance(text, str) and "$" in text else text


def _is_too_large(request: HttpRequest) -> bool:
    stated = str(request.META.get("CONTENT_LENGTH") or 0)
    return not stated.isdecimal() or int(stated) > LARGEST_REQUEST_BYTES
