"""Django's registration of this room."""

from django.apps import AppConfig


class RepliesConfig(AppConfig):
    name = "anshin.replies"
    label = "replies"
    default_auto_field = "django.db.models.BigAutoField"
