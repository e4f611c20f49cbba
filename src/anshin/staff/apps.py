"""Django's registration of this room."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "anshin.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"
