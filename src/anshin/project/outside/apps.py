"""Django's registration of the practice world."""

from django.apps import AppConfig


class OutsideConfig(AppConfig):
    name = "anshin.project.outside"
    label = "outside"
    default_auto_field = "django.db.models.BigAutoField"
