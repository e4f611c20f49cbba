"""Django's registration of this room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "anshin.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
