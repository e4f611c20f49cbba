"""One store for a run, a folder of its bucket for each test."""

import secrets
from collections.abc import Iterator

import pytest

from anshin.connectors.object_storage.adapter import Bucket
from anshin.connectors.object_storage.address import parsed
from anshin.plumbing.files.ports import shelf
from tests.connectors.object_storage.own_store import BUCKET, KEY, SECRET, Door, OwnStore


@pytest.fixture(scope="session")
def store(tmp_path_factory) -> Iterator[OwnStore]:
    server = OwnStore(tmp_path_factory.mktemp("store"))
    yield server
    server.close()


@pytest.fixture
def folder() -> str:
    return f"shop-{secrets.token_hex(4)}"


@pytest.fixture
def door(store) -> Iterator[Door]:
    """The way to the store, which a test may shut."""
    way = Door(store.port)
    yield way
    way.close()


@pytest.fixture
def url(door, folder) -> str:
    """ANSHIN_FILES for this test."""
    return f"s3://{BUCKET}/{folder}?endpoint=http://127.0.0.1:{door.port}"


@pytest.fixture
def bucket(url, tmp_path) -> Bucket:
    return Bucket(parsed(url), key=KEY, secret=SECRET, scratch=tmp_path / "scratch")


@pytest.fixture
def in_bucket(bucket) -> Iterator[Bucket]:
    """Everything that is kept lies there."""
    with shelf.filled_with(bucket):
        yield bucket


@pytest.fixture
def media(settings, tmp_path):
    """The installation's own folder, in which nothing shall lie."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT
