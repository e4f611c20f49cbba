"""Django's registration of this room."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "anshin.insights"
    label = "insights"
    default_auto_field = "django.db.models.BigAutoField"
