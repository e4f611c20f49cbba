"""Django's registration of this folder, so that its translations are found."""

from django.apps import AppConfig


class BankFilesConfig(AppConfig):
    name = "anshin.connectors.bank_files"
    label = "bank_files"
