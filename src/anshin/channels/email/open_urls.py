"""Addresses that mail providers know, included under /mail/; they are the same for every shop."""

from django.urls import path

from anshin.channels.email.screens import consents as consent_screens
from anshin.channels.email.screens import posts as post_screens
from anshin.channels.email.screens import reports as report_screens

app_name = "mail"
urlpatterns = [
    path("consent", consent_screens.consent, name="consent"),
    path("report/<str:token>", report_screens.report, name="report"),
    path("in/<str:key>/<slug:poster>", post_screens.post, name="post"),
]
