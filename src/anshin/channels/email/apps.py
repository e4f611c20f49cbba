"""Django's registration of this room."""

from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "anshin.channels.email"
    label = "email"
    default_auto_field = "django.db.models.BigAutoField"
