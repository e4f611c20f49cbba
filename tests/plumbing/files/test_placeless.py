"""What leaves the house does not say where it was taken; what is kept stays as it came."""

import io
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from anshin.plumbing.files.placeless import NoPlacelessCopy, placeless, without_place
from anshin.plumbing.files.store import keep, read_bytes
from anshin.plumbing.files.thumbnails import is_sane
from tests.plumbing.files.test_files_thumbnails import HEIC, _png_header

pytestmark = pytest.mark.django_db
GPS = 0x8825
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>35,42.1N</exif:GPSLatitude></x:xmpmeta>'


def taken(form: str, *, turned: int = 6, size: tuple[int, int] = (400, 200), **options) -> bytes:
    """A photo as a phone writes it: place, camera, time, and how it was held."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "SecretCamera"
    exif[GPS] = {1: "N", 2: (35.0, 42.0, 11.0), 3: "E", 4: (139.0, 34.0, 30.0), 29: "2026:11:26"}
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, form, exif=exif, **options)
    return out.getvalue()


def place_of(content: bytes) -> dict:
    return dict(Image.open(io.BytesIO(content)).getexif().get_ifd(GPS))


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("JPEG", {"comment": b"at home", "xmp": XMP}),
        ("JPEG", {"progressive": True, "quality": 70}),
        ("JPEG", {"restart_marker_blocks": 3}),
        ("PNG", {"pnginfo": None}),
        ("WEBP", {"xmp": XMP, "quality": 60}),
        ("WEBP", {"lossless": True}),
    ],
)
@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_the_place_goes_and_the_picture_stays_bit_by_bit(now, form, options, turned):
    if form == "PNG":
        notes = PngInfo()
        notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options = {"pnginfo": notes}
    content = taken(form, turned=turned, **options)
    blob = keep(1, content, now=now)
    assert place_of(content)[29] == "2026:11:26"
    copy = placeless(blob, name="箱.jpg")
    assert (copy.name, copy.kind, place_of(copy.content)) == ("箱.jpg", f"image/{form.lower()}", {})
    for secret in (b"SecretCamera", b"2026:11:26", b"GPSLatitude", b"at home"):
        assert secret not in copy.content
    before, after = Image.open(io.BytesIO(content)), Image.open(io.BytesIO(copy.content))
    assert after.getexif().get(0x0112, 1) == turned
    assert list(after.getexif()) in ([], [0x0112])
    assert (before.size, before.tobytes()) == (after.size, after.tobytes())
    assert read_bytes(blob) == content


def test_the_colour_profile_stays(now):
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for form in ("JPEG", "PNG", "WEBP"):
        bare = without_place(taken(form, icc_profile=profile), f"image/{form.lower()}")
        assert Image.open(io.BytesIO(bare)).info["icc_profile"] == profile


def test_what_hangs_behind_the_picture_goes_too():
    film = taken("JPEG") + b"MotionPhoto_Data 35.703"
    assert b"MotionPhoto" not in without_place(film, "image/jpeg")


def test_a_picture_without_metadata_stays_the_same_bytes(picture):
    for form in ("JPEG", "PNG", "WEBP"):
        plain = picture(form, (40, 30))
        assert without_place(plain, f"image/{form.lower()}") == plain


def test_a_photo_of_an_iphone_becomes_a_bare_jpeg(now):
    for path in sorted(Path(HEIC).glob("*.heic")):
        copy = placeless(keep(1, path.read_bytes(), now=now), name="IMG_0001.HEIC")
        shown = Image.open(io.BytesIO(copy.content))
        assert (copy.name, copy.kind, shown.format) == ("IMG_0001.jpg", "image/jpeg", "JPEG")
        assert not shown.getexif()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe1\xff\xff" + b"GPS", "image/jpeg"),
        (b"\xff\xd8\xff\xe1\x00", "image/jpeg"),
        (b"\xff\xd8\xff\xe0\x00\x04ab rubbish", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xffIHDR", "image/png"),
        (b"RIFF\xff\xff\x00\x00WEBPVP8X\xff\xff\x00\x00ab", "image/webp"),
    ],
)
def test_what_cannot_be_told_apart_is_not_handed_out(now, content, kind):
    blob = keep(1, content + b"\x00" * 20, now=now)
    assert blob.kind == kind
    with pytest.raises(NoPlacelessCopy):
        placeless(blob, name="x")


def test_a_picture_that_is_cut_off_loses_its_place_all_the_same():
    cut = taken("JPEG", size=(900, 900))
    bare = without_place(cut[: len(cut) // 2], "image/jpeg")
    assert b"SecretCamera" not in bare and b"2026:11:26" not in bare


def test_a_text_is_no_picture(now):
    with pytest.raises(ValueError, match="text/plain"):
        placeless(keep(1, b"hello", now=now), name="x.txt")


def test_a_bomb_is_found_by_its_beginning(picture):
    assert is_sane(io.BytesIO(picture("PNG", (40, 30))), "image/png")
    for wide, high in ((60_000, 60_000), (2**31 - 1, 1)):
        file = io.BytesIO(_png_header(wide, high))
        assert not is_sane(file, "image/png")
        assert file.tell() == 0
    assert not is_sane(io.BytesIO(b"\xff\xd8\xff rubbish"), "image/jpeg")
