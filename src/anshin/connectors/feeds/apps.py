"""Django's registration of this folder, so that its translations are found."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "anshin.connectors.feeds"
    label = "feeds"
