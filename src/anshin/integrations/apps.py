"""Django's registration of this room."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "anshin.integrations"
    label = "integrations"
    default_auto_field = "django.db.models.BigAutoField"
