"""Django's registration of this room."""

from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "anshin.commerce"
    label = "commerce"
    default_auto_field = "django.db.models.BigAutoField"
