"""The shop to which the key belongs, and who works there."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import Field

from anshin.api.case_shapes import Who, who
from anshin.api.door import caller, key_of
from anshin.api.operations import reads
from anshin.api.shapes import Shape
from anshin.cases.queries import topic_codes
from anshin.shops.queries import colleagues
from anshin.shops.terms import Permission

router = Router(tags=["shop"])


class KeyOut(Shape):
    """The key that asks."""

    name: str = Field(examples=["倉庫の連携"])
    scopes: list[str] = Field(examples=[["orders:read", "orders:write"]])
    member: Who | None = Field(description="For whom it works; it may do at most what they may.")


class ShopOut(Shape):
    """The shop."""

    slug: str = Field(examples=["komorebi"])
    name: str = Field(examples=["こもれび雑貨店"])
    zone: str = Field(examples=["Asia/Tokyo"])
    topics: list[str] = Field(description="Codes that a case’s topics may have.")
    staff: list[Who]
    key: KeyOut


@reads(
    router,
    "/shop",
    scope=None,
    permission=Permission.READ_CASES,
    response=ShopOut,
    summary=gettext_noop("The shop, and this key"),
)
def get_shop(request: HttpRequest) -> ShopOut:
    """Good to try a key with."""
    by, key = caller(request), key_of(request)
    return ShopOut(
        slug=by.shop.slug,
        name=by.shop.name,
        zone=by.shop.zone,
        topics=sorted(topic_codes(by.shop)),
        staff=[each for each in map(who, colleagues(by.shop)) if each],
        key=KeyOut(name=key.name, scopes=key.scopes, member=who(by)),
    )
