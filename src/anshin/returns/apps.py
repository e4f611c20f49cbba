"""Django's registration of this room."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "anshin.returns"
    label = "returns"
