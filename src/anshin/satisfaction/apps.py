"""Django's registration of this room."""

from django.apps import AppConfig


class SatisfactionConfig(AppConfig):
    name = "anshin.satisfaction"
    label = "satisfaction"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anshin.satisfaction import reactions  # noqa: F401  registers them
