"""ANSHIN_FILES is read as it is documented, and a wrong one is refused."""

import pytest

from anshin.connectors.object_storage.address import Address, NotAnAddress, parsed


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("s3://anshin-files", Address("anshin-files")),
        (
            "s3://anshin-files/shop/a?endpoint=https://s3.example.jp&region=garage&encryption=AES256",
            Address("anshin-files", "shop/a", "https://s3.example.jp", "garage", "AES256", is_by_path=True),
        ),
        (
            "s3://anshin-files?endpoint=http://10.0.0.2:9000&style=host",
            Address("anshin-files", endpoint="http://10.0.0.2:9000"),
        ),
    ],
)
def test_an_address_names_bucket_folder_and_server(url, address):
    assert parsed(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "https://bucket", "s3://", "s3://B", "s3://key:secret@bucket-a", "s3://bucket-a/../b", "s3://bucket-a/日本",
        "s3://bucket-a?endpoint=ftp://host", "s3://bucket-a?endpoint=https://host/path", "s3://bucket-a?public=1",
        "s3://bucket-a?encryption=rot13", "s3://bucket-a?style=any",
    ],
)  # fmt: skip
def test_a_wrong_address_is_refused(url):
    with pytest.raises(NotAnAddress):
        parsed(url)


def test_objects_have_the_names_of_the_disk():
    sha256 = "abcd" + "0" * 60
    assert parsed("s3://bucket-a/shop/").name_of(sha256) == f"shop/ab/cd/{sha256}"
    assert parsed("s3://bucket-a").name_of(sha256) == f"ab/cd/{sha256}"
