"""Django's registration of this folder, so that its translations are found."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "anshin.connectors.papers"
    label = "papers"
