"""Django's registration of this folder: it has sentences to translate."""

from django.apps import AppConfig


class JsonOrdersConfig(AppConfig):
    name = "anshin.connectors.json_orders"
    label = "json_orders"
