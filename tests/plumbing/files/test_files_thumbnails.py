"""Previews are drawn anew: small, upright, without metadata; what is no sane image has none."""

import io
import struct
import zlib

import pytest
from PIL import Image

from anshin.plumbing.files import thumbnails
from anshin.plumbing.files.models import Blob, Thumbnail
from anshin.plumbing.files.store import keep, read_bytes
from anshin.plumbing.files.thumbnails import can_be_shown, thumbnail

pytestmark = pytest.mark.django_db


def _drawn(blob):
    return Image.open(io.BytesIO(read_bytes(blob)))


def _png_header(width, height):
    """A PNG that claims to be huge and holds almost nothing."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_is_made_small_in_its_proportions(picture, now, form):
    small = thumbnail(keep(3, picture(form, (400, 200)), now=now), longest_side_px=112, now=now)
    assert (small.kind, small.shop_id, _drawn(small).size) == ("image/webp", 3, (112, 56))


def test_a_small_picture_is_not_enlarged_but_drawn_anew(picture, now):
    blob = keep(1, picture("PNG", (40, 20)), now=now)
    small = thumbnail(blob, longest_side_px=480, now=now)
    assert _drawn(small).size == (40, 20)
    assert small.sha256 != blob.sha256


def test_a_preview_is_made_once(picture, now, monkeypatch):
    blob = keep(1, picture("PNG", (400, 200)), now=now)
    first = thumbnail(blob, longest_side_px=112, now=now)
    monkeypatch.setattr(thumbnails, "_drawn", lambda *args: pytest.fail("drawn again"))
    assert thumbnail(blob, longest_side_px=112, now=now) == first


def test_the_cameras_rotation_is_carried_out_and_its_metadata_dropped(picture, now):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "SecretCamera"
    blob = keep(1, picture("JPEG", (400, 200), exif=exif.tobytes()), now=now)
    small = thumbnail(blob, longest_side_px=112, now=now)
    assert _drawn(small).size == (56, 112)
    assert b"SecretCamera" in read_bytes(blob)
    assert b"SecretCamera" not in read_bytes(small)
    assert not _drawn(small).getexif()


def test_colours_in_print_form_become_rgb(picture, now):
    blob = keep(1, picture("JPEG", (40, 20), mode="CMYK", colour=(0, 255, 255, 0)), now=now)
    red, green, blue = _drawn(thumbnail(blob, longest_side_px=112, now=now)).convert("RGB").getpixel((5, 5))
    assert red > 200
    assert green < 60
    assert blue < 60


def test_transparency_is_kept(picture, now):
    blob = keep(1, picture("PNG", (40, 20), mode="RGBA", colour=(255, 0, 0, 0)), now=now)
    assert _drawn(thumbnail(blob, longest_side_px=112, now=now)).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(
    ("width", "height"), [(60_000, 60_000), (12_000, 9_000), (7_072, 7_072), (2**31 - 1, 1)], ids=str
)
def test_a_picture_that_claims_to_be_huge_is_not_decoded(now, monkeypatch, width, height):
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *args: pytest.fail("decoded"))
    blob = keep(1, _png_header(width, height), now=now)
    assert thumbnail(blob, longest_side_px=112, now=now) is None


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<html><body>called photo.jpg</body></html>",
        b"%PDF-1.7",
        b"MZ",
        b"",
    ],
    ids=["svg", "html", "pdf", "program", "empty"],
)
def test_what_is_no_picture_has_no_preview(now, content):
    blob = keep(1, content, now=now)
    assert not can_be_shown(blob.kind)
    assert thumbnail(blob, longest_side_px=112, now=now) is None
    assert Blob.objects.count() == 1


def test_a_broken_picture_is_tried_once(picture, now, monkeypatch):
    blob = keep(1, picture("PNG", (400, 200), colour="blue")[:60], now=now)
    assert thumbnail(blob, longest_side_px=112, now=now) is None
    monkeypatch.setattr(thumbnails, "_drawn", lambda *args: pytest.fail("tried again"))
    assert thumbnail(blob, longest_side_px=112, now=now) is None
    assert Thumbnail.objects.get().made is None


def test_bytes_of_another_format_than_they_begin_with_are_not_decoded(picture, now):
    blob = keep(1, b"GIF89a" + picture("PNG", (40, 20)), now=now)
    assert thumbnail(blob, longest_side_px=112, now=now) is None
