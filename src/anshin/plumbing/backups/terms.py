"""What a backup can have come to, and why one may not be made or put back."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    """What became of a backup."""

    RUNNING = "running", pgettext_lazy("backup", "Being made")
    WHOLE = "whole", pgettext_lazy("backup", "Complete")
    LACKING = "lacking", pgettext_lazy("backup", "Complete but for lost files")
    FAILED = "failed", pgettext_lazy("backup", "Failed")


class Trouble(TextChoices):
    """Why a backup was not made, or cannot be put back. Each sentence says what to do."""

    NO_PASSPHRASE = (
        "no_passphrase",
        _("No passphrase is set. Choose one and keep it where this machine cannot lose it; then try again."),
    )
    SHORT_PASSPHRASE = "short_passphrase", _("The passphrase is too short. Take at least 12 characters.")
    UNWRITABLE = (
        "unwritable",
        _("The folder for backups cannot be written. Check that it exists, its rights and space."),
    )
    FILES_AWAY = (
        "files_away",
        _("The place where files are kept does not answer, or lets nobody in. Check it; then try again."),
    )
    BUSY = "busy", _("Another backup is being made in this folder. Wait until it is through.")
    NO_TOOL = (
        "no_tool",
        _("The program pg_dump or pg_restore is not installed. Install postgresql-client, as new as the server."),
    )
    TOOL_FAILED = "tool_failed", _("PostgreSQL’s own program ended with an error. What it said stands beside this.")
    INTERRUPTED = "interrupted", _("The machine or the program stopped before it was through. The next one is whole.")
    NOT_A_BACKUP = "not_a_backup", _("There is no complete backup in this folder. Name the folder with manifest.json.")
    NEWER = "newer", _("The backup was made by a newer version of Anshin. Install that version first.")
    WRONG_PASSPHRASE = "wrong_passphrase", _("The passphrase is not the one of this backup. Nothing was changed.")
    OTHER_DATABASE = (
        "other_database",
        _("The backup is of another kind of database. Put it back into its own kind, then use move-database."),
    )
    NOT_EMPTY = (
        "not_empty",
        _(
            "There is something in the place already. "
            "A backup is put back only where nothing is, so that nothing is lost."
        ),
    )
    DAMAGED = "damaged", _("A file of the backup is missing or damaged. Take an older backup.")


class Refused(Exception):
    """A backup cannot be made or put back. `trouble` says why, `said` what another program or the system said."""

    def __init__(self, trouble: Trouble, said: str = "") -> None:
        super().__init__(f"{trouble.value}: {said}" if said else trouble.value)
        self.trouble = trouble
        self.said = said
