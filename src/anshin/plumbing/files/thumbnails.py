"""Small pictures of kept images, drawn anew by us, so that nothing of the sender's file reaches a browser inline.

Metadata (place, camera, name) is dropped, the camera's rotation is carried out, colours are brought to sRGB. The
result is a WebP, made when first asked for and kept like any other bytes.
"""

import io
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO, Literal

from django.db import transaction
from pi_heif import register_heif_opener
from PIL import Image, ImageCms, ImageOps

from anshin.plumbing.files import store
from anshin.plumbing.files.kinds import kind_of
from anshin.plumbing.files.models import Blob, Thumbnail

Side = Literal[112, 480, 1600]
SIDES: tuple[Side, ...] = (112, 480, 1600)
"""Longest side in px: in lists, in the timeline, opened."""
MOST_PIXELS = 50_000_000
"""Larger images are not decoded; 50 million pixels take about 200 MB for a moment."""
_KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP", "image/heic": "HEIF"}
_QUALITY = 80
_JPEG_QUALITY = 82

register_heif_opener(thumbnails=False)  # photos of iPhones; Pillow decodes only formats that are asked for by name


def can_be_shown(kind: str) -> bool:
    """Whether thumbnails are made of this kind; never of SVG, HTML, PDF."""
    return kind in _KINDS


def thumbnail(blob: Blob, *, longest_side_px: Side, now: datetime) -> Blob | None:
    """The small picture as a blob of the same shop; None when the file is no image, is broken or far too large.

    The answer is remembered, so a broken image is tried once. Raises StorageFull, StorageUnwritable, BlobDamaged.
    """
    known = Thumbnail.objects.filter(blob=blob, longest_side_px=longest_side_px).select_related("made").first()
    if known:
        return known.made
    drawn = _drawn(blob, longest_side_px)
    with transaction.atomic():
        made = store.keep(blob.shop_id, drawn, now=now) if drawn else None
        Thumbnail.objects.get_or_create(
            blob=blob, longest_side_px=longest_side_px, defaults={"made": made, "created_at": now}
        )
    return made


def as_jpeg(content: bytes, *, longest_side_px: int) -> bytes | None:
    """The picture redrawn for mails and pages of others, on white where it is transparent; None when it is none, is
    broken or far too large. The same bytes give the same picture."""
    kind = _KINDS.get(kind_of(content))
    if kind is None or not is_sane(io.BytesIO(content), kind_of(content)):
        return None
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as image:
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((longest_side_px, longest_side_px))
            bare = in_srgb(upright).convert("RGBA")
            white = Image.new("RGBA", bare.size, "white")
            out = io.BytesIO()
            Image.alpha_composite(white, bare).convert("RGB").save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, IndexError, EOFError, OverflowError, MemoryError, RuntimeError):
        return None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def is_sane(file: BinaryIO, kind: str) -> bool:
    """Whether its beginning says that it is a picture of a size we decode; the file stands at its beginning again.

    A picture bomb is found here: a few bytes that claim to be a hundred thousand pixels wide.
    """
    try:
        with Image.open(file, formats=[_KINDS[kind]]) as image:
            return image.width * image.height <= MOST_PIXELS
    except (OSError, ValueError, SyntaxError, IndexError, EOFError, OverflowError, RuntimeError):
        return False
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    finally:
        file.seek(0)


def _drawn(blob: Blob, longest_side_px: int) -> bytes | None:
    if not can_be_shown(blob.kind):
        return None
    with store.open_blob(blob) as file:
        try:
            with Image.open(file, formats=[_KINDS[blob.kind]]) as image:
                return _small(image, longest_side_px)
        except (OSError, ValueError, SyntaxError, IndexError, EOFError, OverflowError, MemoryError, RuntimeError):
            return None
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            return None


def _small(image: Image.Image, longest_side_px: int) -> bytes | None:
    if image.width * image.height > MOST_PIXELS:
        return None
    image.draft("RGB", (longest_side_px, longest_side_px))  # a JPEG is decoded no larger than needed
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((longest_side_px, longest_side_px))
    bare = in_srgb(upright)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=_QUALITY)
    return out.getvalue()


def in_srgb(image: Image.Image) -> Image.Image:
    """The picture in RGB or RGBA, without the metadata that it came with."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    plain = image.convert(mode) if image.mode not in {"CMYK", "RGB", "RGBA"} else image
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):  # a broken profile: the colours as they are
            srgb = ImageCms.createProfile("sRGB")
            plain = ImageCms.profileToProfile(plain, io.BytesIO(profile), srgb, outputMode=mode) or plain
    bare = Image.new(mode, plain.size)
    bare.paste(plain.convert(mode))
    return bare
