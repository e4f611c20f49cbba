"""Django's registration of this room."""

from django.apps import AppConfig


class WebFormConfig(AppConfig):
    name = "anshin.channels.web_form"
    label = "web_form"
    default_auto_field = "django.db.models.BigAutoField"
