"""Django's registration of this folder."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "anshin.api"
    label = "api"
