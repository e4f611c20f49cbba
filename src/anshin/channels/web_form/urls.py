"""Addresses of the contact form, included under /f/<shop>/."""

from django.urls import path

from anshin.channels.web_form import screens

app_name = "web_form"
urlpatterns = [
    path("", screens.choose, name="choose"),
    path("received/<str:code>", screens.received, name="received"),
    path("<slug:kind>", screens.fill_in, name="fill_in"),
]
