"""Previews are drawn anew: small, upright, without metadata; what is no sane image has none."""

import io
import random
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from anshin.plumbing.files import thumbnails
from anshin.plumbing.files.models import Blob, Thumbnail
from anshin.plumbing.files.store import keep, read_bytes
from anshin.plumbing.files.thumbnails import can_be_shown, thumbnail

pytestmark = pytest.mark.django_db
HEIC = Path(__file__).parent / "heic"
"""400 × 200 pixels, red with a blue corner: plain, turned by the camera, and with one pixel of nothing."""


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


def test_an_iphones_photo_is_made_small(now):
    blob = keep(3, (HEIC / "plain.heic").read_bytes(), now=now)
    small = thumbnail(blob, longest_side_px=112, now=now)
    assert (blob.kind, can_be_shown(blob.kind), small.kind) == ("image/heic", True, "image/webp")
    assert _drawn(small).size == (112, 56)


def test_an_iphones_rotation_is_carried_out_once_and_its_metadata_dropped(now):
    content = (HEIC / "turned.heic").read_bytes()
    small = thumbnail(keep(1, content, now=now), longest_side_px=480, now=now)
    drawn = _drawn(small).convert("RGB")
    assert drawn.size == (200, 400)
    assert drawn.getpixel((195, 5))[2] > 150  # the blue corner came to the upper right
    assert drawn.getpixel((5, 5))[0] > 150
    assert b"SecretCamera" in content
    assert b"SecretCamera" not in read_bytes(small)


def test_transparency_of_an_iphones_photo_is_kept(now):
    small = thumbnail(keep(1, (HEIC / "alpha.heic").read_bytes(), now=now), longest_side_px=480, now=now)
    assert _drawn(small).mode == "RGBA"


def test_an_iphones_photo_that_claims_to_be_huge_is_not_decoded(now, monkeypatch):
    content = (HEIC / "plain.heic").read_bytes()
    size = struct.pack(">II", 400, 200)
    place = content.index(b"ispe") + 8
    assert content[place : place + 8] == size
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *args: pytest.fail("decoded"))
    blob = keep(1, content.replace(size, struct.pack(">II", 12_000, 9_000)), now=now)
    assert thumbnail(blob, longest_side_px=112, now=now) is None


@pytest.mark.parametrize("share", [5, 20, 40, 60, 80, 95])
def test_a_cut_off_iphones_photo_has_no_preview_or_a_whole_one(now, share):
    content = (HEIC / "plain.heic").read_bytes()
    small = thumbnail(keep(1, content[: len(content) * share // 100], now=now), longest_side_px=112, now=now)
    assert small is None or _drawn(small).size == (112, 56)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_broken_iphones_photo_never_fails_loudly(now):
    chance, content = random.Random(7), (HEIC / "turned.heic").read_bytes()
    for _turn in range(60):
        broken = bytearray(content)
        for _flip in range(chance.randrange(1, 12)):
            broken[chance.randrange(24, len(broken))] = chance.randrange(256)
        small = thumbnail(keep(1, bytes(broken), now=now), longest_side_px=112, now=now)
        assert small is None or small.kind == "image/webp"
