"""A browser in which Kashiwagi has come in, and pictures as a phone makes them."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from PIL import Image

from anshin.visits.actions.entering import begin_visit
from anshin.visits.terms import CameBy


@pytest.fixture
def comes_in(now):
    """Let a customer come in with a browser of their own."""

    def come(shop, customer, *, at=None):
        with transaction.atomic():
            word = begin_visit(shop=shop, customer=customer, came_by=CameBy.CODE, now=at or now)
        browser = Client()
        browser.cookies["anshin_visit"] = word
        return browser

    return come


def picture(name="bag.jpg", *, side=60, colour="grey", form="JPEG"):
    """A real picture."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, form)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def heic(name="IMG_0001.HEIC"):
    """The beginning of what an iPhone sends."""
    return SimpleUploadedFile(name, b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 400)


@pytest.fixture
def pictures():
    return SimpleNamespace(jpeg=picture, heic=heic)
