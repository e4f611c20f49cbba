"""Why bytes could not be kept or read: what a clerk is told, and whether trying again may help."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class StorageTrouble(Exception):
    """Bytes could not be kept; nothing was. Trying again later may help."""

    permanent = False
    sentence: str | Promise = ""

    def __str__(self) -> str:
        return str(self.sentence)


class StorageFull(StorageTrouble):
    """The disk of the installation, or its file store, is full."""

    sentence = _("The file could not be saved because the disk is full. Free some space, then try again.")


class StorageUnwritable(StorageTrouble):
    """The folder for files cannot be written."""

    sentence = _(
        "The file could not be saved because the folder for files cannot be written. "
        "Ask whoever runs this installation to check its permissions, then try again."
    )


class StorageAway(StorageTrouble):
    """The file store on another machine does not answer, neither for keeping nor for reading."""

    sentence = _("The place where files are kept does not answer. Try again in a few minutes; nothing is lost.")


class StorageRefuses(StorageTrouble):
    """The file store on another machine answers, but does not let us in."""

    sentence = _(
        "The place where files are kept does not let Anshin in. "
        "Ask whoever runs this installation to check ANSHIN_FILES and its keys, then try again."
    )
