"""Addresses that payment providers know, included under /payments/."""

from django.urls import path

from anshin.connectors.payments import receiving

app_name = "payments"
urlpatterns = [path("stripe/<slug:shop>", receiving.stripe_notice, name="stripe")]
