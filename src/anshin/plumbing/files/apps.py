"""Django's registration of this folder."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "anshin.plumbing.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
