"""Django's registration of this room."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "anshin.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"
