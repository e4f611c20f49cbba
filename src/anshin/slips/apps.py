"""Django's registration of this room."""

from django.apps import AppConfig


class SlipsConfig(AppConfig):
    name = "anshin.slips"
    label = "slips"
    default_auto_field = "django.db.models.BigAutoField"
