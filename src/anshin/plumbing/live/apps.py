"""Django's registration of this folder."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "anshin.plumbing.live"
    label = "live"
    default_auto_field = "django.db.models.BigAutoField"
