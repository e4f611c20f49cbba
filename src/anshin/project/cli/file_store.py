"""The file store that ANSHIN_FILES names, for the wiring and for commands that run without Django's settings."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from anshin.plumbing.files.errors import StorageRefuses
from anshin.project import environment
from anshin.project.cli.wording import _

if TYPE_CHECKING:
    from anshin.connectors.object_storage.adapter import Bucket
    from anshin.plumbing.files.ports import Shelf


class Unfit(Exception):
    """Files cannot lie where the setting says; the text says why, in the terminal's language."""


class Refusing:
    """Stands where files cannot lie as the setting says, so that none is kept or looked for elsewhere meanwhile."""

    def __getattr__(self, name: str) -> NoReturn:
        raise StorageRefuses


def bucket(url: str) -> Bucket:
    """The bucket under this address, with the keys of the settings. Nothing is asked of it. Raises Unfit."""
    if find_spec("boto3") is None:
        raise Unfit(_("ANSHIN_FILES needs boto3, which is not installed: pip install 'anshin[machines]'."))
    from anshin.connectors.object_storage.adapter import Bucket
    from anshin.connectors.object_storage.address import NotAnAddress, parsed

    try:
        address = parsed(url)
    except NotAnAddress as error:
        words = _("ANSHIN_FILES is not an address (%(part)s). Write it like s3://bucket/folder?endpoint=https://host.")
        raise Unfit(words % {"part": error}) from error
    key, secret = environment.read("ANSHIN_FILES_KEY"), environment.read("ANSHIN_FILES_SECRET")
    if bool(key) != bool(secret):
        raise Unfit(_("ANSHIN_FILES_KEY and ANSHIN_FILES_SECRET belong together; one of them is missing."))
    return Bucket(address, key=key, secret=secret, scratch=own_folder())


def shelf_at(where: str) -> Shelf:
    """The bucket under an address, or the installation's own folder for "disk" or "". Raises Unfit."""
    from anshin.plumbing.files.folder import Folder

    return Folder(own_folder()) if where in {"", "disk"} else bucket(where)


def own_folder() -> Path:
    """The folder for files of an installation without a file store."""
    return Path(environment.read("ANSHIN_DATA")).resolve() / "files"


def trouble() -> str:
    """Why files cannot lie where the settings say, "" when they can; nobody is asked whether the store answers."""
    from django.conf import settings

    try:
        if settings.ANSHIN_FILES:
            bucket(settings.ANSHIN_FILES)
    except Unfit as unfit:
        return str(unfit)
    return ""
