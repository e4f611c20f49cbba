"""Django's registration of this folder."""

from django.apps import AppConfig


class WidgetConfig(AppConfig):
    name = "anshin.widget"
    label = "widget"
