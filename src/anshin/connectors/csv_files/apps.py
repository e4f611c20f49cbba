"""Django's registration of this folder, so that its translations are found."""

from django.apps import AppConfig


class CsvFilesConfig(AppConfig):
    name = "anshin.connectors.csv_files"
    label = "csv_files"
