"""Django's registration of this folder."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "anshin.plumbing.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"
