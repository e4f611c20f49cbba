"""A folder for bytes that exists for one test, and pictures to keep in it."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The empty folder in which the test keeps bytes."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def now():
    return datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def picture():
    """Makes an image as bytes: `picture("PNG", (40, 20))`."""

    def _picture(form, size, *, mode="RGB", colour="red", **options):
        out = io.BytesIO()
        Image.new(mode, size, colour).save(out, form, **options)
        return out.getvalue()

    return _picture
