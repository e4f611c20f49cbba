"""Django's registration of this room."""

from django.apps import AppConfig


class ShopsConfig(AppConfig):
    name = "anshin.shops"
    label = "shops"
    default_auto_field = "django.db.models.BigAutoField"
