"""Django's registration of this room."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "anshin.routing"
    label = "routing"
    default_auto_field = "django.db.models.BigAutoField"
