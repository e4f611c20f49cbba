"""What an archive would become is told from its directory alone."""

import gzip
import io
import struct
import zipfile

import pytest

from anshin.plumbing.files.archives import danger_of
from tests.channels.email.outside.odd_mails import overlapping_zip, zip_of_zips


def zipped(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_sizes(content, packed, unpacked):
    """The archive with other sizes stated in its directory."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 20] + struct.pack("<II", packed, unpacked) + content[at + 28 :]


def zip64(unpacked):
    """An archive whose directory states a size beyond 4 GB in the extra field."""
    name, extra = b"big.bin", struct.pack("<HHQQ", 1, 16, unpacked, 5_000)
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 45, 45, 0, 8, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra),
        0, 0, 0, 0, 0,
    ) + name + extra  # fmt: skip
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), 6_000, 0)
    return b"PK\x03\x04" + bytes(5_996) + entry + end


@pytest.mark.parametrize(
    "content",
    [
        zipped({"写真.jpg": b"\xff\xd8" * 5_000, "手紙.txt": "こんにちは" * 1_000}),
        zipped({"log.txt": b"the same line again\n" * 400_000}),
        zipped({"注文.zip": zipped({"a.csv": b"1,2"})}),
        b"PK\x03\x04 but no archive",
        b"PK",
        b"\x1f\x8b",
        gzip.compress(b"csv " * 10_000),
        b"%PDF-1.7",
        b"",
    ],
    ids=["photos", "log", "one archive inside", "broken", "short", "short gzip", "gzip", "pdf", "empty"],
)
def test_an_ordinary_file_is_no_danger(content):
    assert danger_of(content) is None


@pytest.mark.parametrize(
    "content",
    [
        overlapping_zip(),
        with_sizes(zipped({"a": b"0" * 100}), 50, 1_000_000_000),
        zip64(5 << 40),
        zipped({"zeros": bytes(120_000_000)}),
        zipped({f"{number}": b"" for number in range(10_001)}, zipfile.ZIP_STORED),
        gzip.compress(b"")[:-4] + struct.pack("<I", 2_000_000_000),
    ],
    ids=["overlapping", "a gigabyte", "beyond 4 GB", "zeros", "entries", "gzip"],
)
def test_a_bomb_is_told_by_its_directory(content):
    assert danger_of(content) == "zip_bomb"


def test_an_archive_of_archives_is_told():
    assert danger_of(zip_of_zips()) == "archives_inside"


def test_bytes_in_front_of_an_archive_do_not_hide_it():
    assert danger_of(b"PK" + bytes(500) + zip_of_zips()) == "archives_inside"
