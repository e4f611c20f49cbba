"""The way a database went that was made before the squashed migrations: migration by migration."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


class FormerLoader(MigrationLoader):
    """Knows the single migrations only."""

    def load_disk(self) -> None:
        super().load_disk()
        self.disk_migrations = {key: each for key, each in self.disk_migrations.items() if not each.replaces}


def former_executor(connection: BaseDatabaseWrapper) -> MigrationExecutor:
    """What walks to and fro between single migrations of this database."""
    executor = MigrationExecutor(connection)
    executor.loader = FormerLoader(connection)
    return executor
