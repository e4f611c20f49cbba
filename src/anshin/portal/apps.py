"""Django's registration of this folder."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "anshin.portal"
    label = "portal"
