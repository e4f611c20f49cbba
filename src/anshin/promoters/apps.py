"""Django's registration of this room."""

from django.apps import AppConfig


class PromotersConfig(AppConfig):
    name = "anshin.promoters"
    label = "promoters"
    default_auto_field = "django.db.models.BigAutoField"
