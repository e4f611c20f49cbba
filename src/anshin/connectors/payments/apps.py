"""Django's registration of this folder, so that its translations are found."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "anshin.connectors.payments"
    label = "payments"
