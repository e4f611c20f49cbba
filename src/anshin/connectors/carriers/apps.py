"""Django's registration of this folder, so that its translations are found."""

from django.apps import AppConfig


class CarriersConfig(AppConfig):
    name = "anshin.connectors.carriers"
    label = "carriers"
