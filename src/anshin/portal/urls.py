"""Addresses of customers' pages, included under /p/<shop>/."""

from django.urls import path

from anshin.portal import surveys

app_name = "portal"
urlpatterns = [
    path("survey/<str:token>", surveys.survey, name="survey"),
]
