"""Django's registration of this folder."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "anshin.plumbing.backups"
    label = "backups"
    default_auto_field = "django.db.models.BigAutoField"
