"""How large a file may be and which files are not taken from staff; for forms and for sending."""

from django.utils.translation import gettext as _

from anshin.plumbing.files import names
from anshin.plumbing.files.kinds import PROGRAM

LARGEST_FILE_BYTES = 20 * 1024 * 1024
LARGEST_TOTAL_BYTES = 25 * 1024 * 1024
"""All files of one message together; in a mail they grow by a third, and many servers take 35 MB."""
MOST_FILES = 20
_FORBIDDEN_KINDS = frozenset({PROGRAM, "application/java-archive", "application/x-ms-shortcut"})


class FileRefused(Exception):
    """A file cannot be taken; the words say why and what to do. Nothing was kept."""

    permanent = True


class FileTooLarge(FileRefused):
    """One file, or all together, are larger than allowed."""


class FileForbidden(FileRefused):
    """A program, or a file that a computer runs when it is opened."""


def is_dangerous(name: str, kind: str) -> bool:
    """Whether the file would run when opened. Such files from customers are kept, but marked and never previewed."""
    return kind in _FORBIDDEN_KINDS or names.runs_when_opened(name)


def check_file(*, name: str, kind: str, size_bytes: int) -> None:
    """Refuse a file that staff may not attach. Raises FileTooLarge, FileForbidden."""
    if size_bytes > LARGEST_FILE_BYTES:
        raise FileTooLarge(
            _("“%(name)s” is larger than %(mb)d MB. Make it smaller or send a link.")
            % {"name": names.harmless_name(name), "mb": LARGEST_FILE_BYTES // 1024 // 1024}
        )
    if is_dangerous(name, kind):
        raise FileForbidden(
            _("“%(name)s” cannot be attached because files of this sort can run programs. Send it as a PDF or image.")
            % {"name": names.harmless_name(name)}
        )


def check_total(sizes_bytes: list[int]) -> None:
    """Refuse more files for one message than a mail can carry. Raises FileTooLarge."""
    if len(sizes_bytes) > MOST_FILES:
        raise FileTooLarge(_("At most %(n)d files can be attached.") % {"n": MOST_FILES})
    if sum(sizes_bytes) > LARGEST_TOTAL_BYTES:
        raise FileTooLarge(
            _("The files together are larger than %(mb)d MB. Remove some of them or send a link.")
            % {"mb": LARGEST_TOTAL_BYTES // 1024 // 1024}
        )
