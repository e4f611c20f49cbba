"""Django's registration of this room."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "anshin.visits"
    label = "visits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anshin.visits import reactions  # noqa: F401  registers them
