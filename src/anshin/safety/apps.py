"""Django's registration of this room."""

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "anshin.safety"
    label = "safety"
    default_auto_field = "django.db.models.BigAutoField"
