"""Django's registration of this folder."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "anshin.plumbing.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
