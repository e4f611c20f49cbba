"""`verify_files`: reads every kept file and compares it with its hash; for operators after a restore."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from anshin.plumbing.files.upkeep import verify


class Command(BaseCommand):
    help = "Read every kept file, compare it with its hash, and name those that are damaged."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print one line for each damaged file. Raises CommandError (exit status 1) when there is any."""
        damages = 0
        for damage in verify():
            damages += 1
            self.stdout.write(f"{damage.sha256} {damage.what}")
        if damages:
            raise CommandError(f"{damages} files are damaged. Restore them from a backup.")
        self.stdout.write("All files are as they were kept.")
