"""A customer at the shop's own pages: comes in with the code of the mail, reads, and presses what a page offers."""

from __future__ import annotations

import email
import email.policy
import re
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.urls import reverse

from anshin.project.outside.models import LeftMail

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.stories.conftest import Time

_CODE = re.compile(r"^ +\d{6}\r?$", re.MULTILINE)


class Visitor:
    """Somebody who bought something, with a browser of their own, in English."""

    def __init__(self, mail: str, *, shop: str = "komorebi") -> None:
        self.mail, self.shop = mail, shop
        self.browser = Client()
        self.browser.cookies["anshin_language"] = "en"

    def address(self, name: str, *arguments: Any) -> str:
        return reverse(f"portal:{name}", args=[self.shop, *arguments])

    def comes_in(self, time: Time, number: str) -> None:
        """Through the door with the code that was mailed."""
        asked = self.browser.post(self.address("home"), {"number": number, "contact": self.mail})
        assert asked.headers["Location"] == self.address("code")
        time.passes(seconds=5)
        texts = [each.get_body(("plain",)).get_content() for each in self.letters()]
        code = [found.group().strip() for found in map(_CODE.search, texts) if found][-1]
        entered = self.browser.post(self.address("code"), {"code": code})
        assert entered.headers["Location"] == self.address("home")

    def letters(self) -> list[email.message.EmailMessage]:
        """What arrived in the customer's mailbox, read from its bytes, oldest first."""
        left = [each for each in LeftMail.objects.order_by("id") if self.mail in each.recipients]
        return [email.message_from_bytes(bytes(each.raw), policy=email.policy.default) for each in left]

    def sees(self, name: str, *arguments: Any, **query: str) -> str:
        """The words of a page, which must be there."""
        page = self.browser.get(self.address(name, *arguments), query)
        assert page.status_code == 200, f"{name} answered {page.status_code}"
        return page.content.decode()

    def gets(self, name: str, *arguments: Any, **query: str) -> HttpResponse:
        return self.browser.get(self.address(name, *arguments), query)

    def does(self, name: str, *arguments: Any, **fields: Any) -> HttpResponse:
        return self.browser.post(self.address(name, *arguments), fields)

    def asks_back(self, order: str, *, item: str, wish: dict[str, str], **told: Any) -> int:
        """A return or an exchange in five steps, each by its page's form and the place it leads to; its number."""
        chosen = re.search(
            rf'name="order" value="(\d+)"(?:(?!name="order").)*?{order}', self.sees("request"), re.DOTALL
        )
        where = self.does("request", order=chosen.group(1)).headers["Location"]
        items = self.browser.get(where).content.decode()
        place = re.search(rf'name="item" value="(\d+)"(?:(?!name="item").)*?{item}', items, re.DOTALL).group(1)
        where = self._goes_on(where, {"item": place, f"quantity_{place}": told.pop("quantity", "1")})
        photos = told.pop("photos", ())
        where = self._goes_on(where, told)
        where = self._goes_on(where, {"go": "on", "photos": list(photos)})
        self.answer_before_sending = words_of(self.browser.get(where).content.decode())
        sent = self._goes_on(where, wish)
        return int(sent.rpartition("/")[2])

    def _goes_on(self, where: str, fields: dict[str, Any]) -> str:
        answer = self.browser.post(where, fields)
        assert answer.status_code == 302, words_of(answer.content.decode())
        return answer.headers["Location"]


def _value_beside(name: str, words: str, page: str) -> str:
    """What the button or box called `name` sends that stands before these words."""
    return re.search(rf'name="{name}" value="(\d+)"(?:(?!name="{name}").)*?{words}', page, re.DOTALL).group(1)


class _Form(HTMLParser):
    """What the form that leads to an address would send as it stands: hidden fields, values, what is chosen."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.fields, self._is_in, self._select = action, {}, False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._is_in = (told.get("action") or "").partition("#")[0] == self.action
        name = told.get("name") or ""
        if self._is_in and tag == "option":
            self._offer_option(told)
        elif self._is_in and name:
            self._offer(tag, name, told)

    def _offer(self, tag: str, name: str, told: dict[str, str | None]) -> None:
        kind = told.get("type") if tag == "input" else tag
        if kind in {"radio", "checkbox"}:
            if "checked" in told:
                self.fields[name] = told.get("value") or "on"
        elif kind == "select":
            self._select = name
        elif kind not in {"file", "button"}:
            self.fields[name] = told.get("value") or ""

    def _offer_option(self, told: dict[str, str | None]) -> None:
        if self._select and ("selected" in told or self._select not in self.fields):
            self.fields[self._select] = told.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in = False
        elif tag == "select":
            self._select = ""


def offered(page: str, action: str) -> dict[str, str]:
    """The fields of the form that leads to `action`, which the page must have, with what stands in them."""
    form = _Form(action)
    form.feed(page)
    assert form.fields, f"the page has no form to {action}"
    form.fields.pop("csrfmiddlewaretoken", None)
    return form.fields


def words_of(page: str) -> str:
    """What a reader sees of a page."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))
