"""Django's registration of this folder."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "anshin.plumbing.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
